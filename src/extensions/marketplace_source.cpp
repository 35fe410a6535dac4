#include "extensions/marketplace_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>

#include "base/strings.h"
#include "os/path.h"

namespace awl::extensions {

namespace {

using Kind = MarketplaceSource::Kind;

bool is_plain_name(std::string_view text) {
  return !text.empty() && text.front() != '-' && text.front() != '.' && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

// "owner/repository"
bool is_github_name(std::string_view text) {
  const auto parts = split(text, '/');
  return parts.size() == 2 && is_plain_name(parts[0]) && is_plain_name(parts[1]);
}

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::kGithub:
      return "github";
    case Kind::kGit:
      return "git";
    case Kind::kFile:
      return "file";
    case Kind::kDirectory:
      break;
  }
  return "directory";
}

bool is_ref(std::string_view text) {
  return text.empty() ||
         (text.front() != '-' && text.find_first_of(" \t\n:~^?*[\\") == std::string_view::npos);
}

MarketplaceSource of_path(const os::Path& path) {
  return {path.extension() == ".json" ? Kind::kFile : Kind::kDirectory, path.string(), ""};
}

// The host that a source is fetched from; empty: none.
std::string host_of(const MarketplaceSource& source) {
  if (source.kind == Kind::kGithub) return "github.com";
  if (source.kind != Kind::kGit) return "";
  std::string_view url = source.location;
  if (const size_t scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find('/'));
  if (const size_t user = url.rfind('@'); user != std::string_view::npos) url.remove_prefix(user + 1);
  return std::string(url.substr(0, url.find(':')));
}

// nullopt: it is no regular expression.
std::optional<bool> matches(const std::string& pattern, const std::string& text) {
  try {
    return std::regex_search(text, std::regex(pattern, std::regex::ECMAScript));
  } catch (const std::regex_error&) {
    return std::nullopt;
  }
}

std::string_view without_suffix(std::string_view url) {
  if (url.ends_with('/')) url.remove_suffix(1);
  if (url.ends_with(".git")) url.remove_suffix(4);
  return url;
}

// Whether an entry of a list is about a source; nullopt: the entry is written wrongly. A blocklist is lenient
// about spelling and about refs that an entry does not name, an allowlist is exact.
std::optional<bool> is_about(const json::Value& entry, const MarketplaceSource& source, bool blocks) {
  const std::string kind = json::string_or_empty(entry, "source");
  const std::string ref = json::string_or_empty(entry, "ref");
  const auto has_ref = [&] { return ref == source.ref || (blocks && ref.empty()); };
  if (kind == "hostPattern") return matches(json::string_or_empty(entry, "hostPattern"), host_of(source));
  if (kind == "pathPattern") {
    const auto found = matches(json::string_or_empty(entry, "pathPattern"), source.location);
    return found && (source.kind == Kind::kFile || source.kind == Kind::kDirectory) ? found
                                                                                    : std::optional(false);
  }
  if (kind == "github") {
    const std::string repo = json::string_or_empty(entry, "repo");
    if (repo.empty()) return std::nullopt;
    const std::string given =
        source.kind == Kind::kGithub ? source.location
        : blocks && host_of(source) == "github.com"
            ? std::string(without_suffix(source.location.substr(source.location.find("github.com") + 11)))
            : "";
    if (given.empty()) return false;
    if (repo.ends_with("/*"))
      return equals_ignore_case(given.substr(0, given.find('/')), repo.substr(0, repo.size() - 2));
    return (blocks ? equals_ignore_case(given, repo) : given == repo) && has_ref();
  }
  if (kind == "git" || kind == "url") {
    const std::string url = json::string_or_empty(entry, "url");
    if (url.empty()) return std::nullopt;
    if (blocks) return without_suffix(url) == without_suffix(source.clone_url()) && has_ref();
    return source.kind == Kind::kGit && url == source.location && has_ref();
  }
  if (kind == "file" || kind == "directory")
    return name_of(source.kind) == kind && source.location == json::string_or_empty(entry, "path");
  if (kind == "npm" || kind == "settings" || kind == "skills-dir") return false;
  return std::nullopt;
}

}  // namespace

std::string MarketplaceSource::clone_url() const {
  if (kind == Kind::kGithub) return fmt::format("https://github.com/{}.git", location);
  return kind == Kind::kGit ? location : "";
}

bool is_clonable(std::string_view url) {
  const bool has_scheme = url.starts_with("https://") || url.starts_with("ssh://") ||
                          url.starts_with("file://") || url.starts_with("http://");
  // git@host:path, and nothing that a remote helper would be started for (ext::…).
  const size_t at = url.find('@');
  const bool is_ssh = at != std::string_view::npos && is_plain_name(url.substr(0, at)) &&
                      !url.contains("::") && url.find(':', at) != std::string_view::npos;
  return (has_scheme || is_ssh) && url.find_first_of(" \t\n\r") == std::string_view::npos;
}

Result<MarketplaceSource> parse_marketplace(std::string_view words, const os::Path& folder,
                                            const os::Path& home) {
  words = trim(words);
  if (is_clonable(words)) {
    const size_t hash = words.find('#');
    MarketplaceSource source{Kind::kGit, std::string(words.substr(0, hash)),
                             hash == std::string_view::npos ? "" : std::string(words.substr(hash + 1))};
    if (!is_ref(source.ref))
      return fail(ErrorKind::kInvalidInput, fmt::format("{} is no branch or tag", source.ref));
    return source;
  }
  const bool is_path = words.starts_with('.') || words.starts_with('/') || words.starts_with('~');
  const size_t at = words.find('@');
  if (!is_path && is_github_name(words.substr(0, at))) {
    MarketplaceSource source{Kind::kGithub, std::string(words.substr(0, at)),
                             at == std::string_view::npos ? "" : std::string(words.substr(at + 1))};
    if (!is_ref(source.ref))
      return fail(ErrorKind::kInvalidInput, fmt::format("{} is no branch or tag", source.ref));
    return source;
  }
  if (!is_path) {
    return fail(
        ErrorKind::kInvalidInput, fmt::format("\"{}\" names no marketplace", words),
        "It is owner/repository on GitHub, a URL that git clones, or a path that begins with ./, / or ~.");
  }
  return of_path(os::resolve_links(os::absolute_path(std::string(words), folder, home)));
}

Result<MarketplaceSource> read_marketplace_source(const json::Value& written, const os::Path& folder) {
  const std::string kind = json::string_or_empty(written, "source");
  const std::string ref = json::string_or_empty(written, "ref");
  if (!is_ref(ref)) return fail(ErrorKind::kInvalidInput, fmt::format("{} is no branch or tag", ref));
  if (kind == "github") {
    const std::string repo = json::string_or_empty(written, "repo");
    if (!is_github_name(repo))
      return fail(ErrorKind::kInvalidInput, fmt::format("\"{}\" is no owner/repository", repo));
    return MarketplaceSource{Kind::kGithub, repo, ref};
  }
  if (kind == "git") {
    const std::string url = json::string_or_empty(written, "url");
    if (!is_clonable(url)) return fail(ErrorKind::kInvalidInput, fmt::format("git cannot clone \"{}\"", url));
    return MarketplaceSource{Kind::kGit, url, ref};
  }
  if (kind == "file" || kind == "directory") {
    const std::string path = json::string_or_empty(written, "path");
    if (path.empty()) return fail(ErrorKind::kInvalidInput, "its source has no path");
    return MarketplaceSource{kind == "file" ? Kind::kFile : Kind::kDirectory,
                             os::resolve_links(os::absolute_path(path, folder, folder)).string(), ""};
  }
  return fail(ErrorKind::kUnsupported, fmt::format("sources of the kind \"{}\" are not there yet", kind),
              "github, git, file and directory are.");
}

json::Value to_json(const MarketplaceSource& source) {
  json::Value written{{"source", name_of(source.kind)}};
  written[source.kind == Kind::kGithub ? "repo"
          : source.kind == Kind::kGit  ? "url"
                                       : "path"] = source.location;
  if (!source.ref.empty()) written["ref"] = source.ref;
  return written;
}

std::string to_string(const MarketplaceSource& source) {
  return fmt::format("{} ({}{})", source.location, name_of(source.kind),
                     source.ref.empty() ? "" : ", " + source.ref);
}

Result<> check_marketplace(const MarketplaceSource& source, const MarketplacePolicy& policy) {
  const auto denied = [&source](std::string_view setting) {
    return fail(ErrorKind::kPermissionDenied,
                fmt::format("the managed settings do not let {} be used ({})", to_string(source), setting),
                "Ask who looks after this machine's settings.");
  };
  for (const json::Value& entry : policy.blocked) {
    if (is_about(entry, source, true).value_or(true)) return denied("blockedMarketplaces");
  }
  if (policy.allowed.is_null()) return {};
  for (const json::Value& entry : policy.allowed) {
    if (is_about(entry, source, false).value_or(false)) return {};
  }
  return denied("strictKnownMarketplaces");
}

}  // namespace awl::extensions
