#include "extensions/plugin_install.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "base/utf8.h"
#include "json/json.h"
#include "os/path.h"
#include "os/process.h"

namespace awl::extensions {

namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxFiles = 20'000;
constexpr uint64_t kMaxBytes = 256ULL << 20U;
constexpr size_t kMaxDepth = 32;
constexpr size_t kShownCause = 600;
constexpr size_t kCommitLength = 40;
constexpr size_t kShortDigest = 12;
// Of an entry, and of no manifest.
constexpr std::array<std::string_view, 5> kEntryOnly{"source", "strict", "category", "tags", "relevance"};

bool is_commit(std::string_view text) {
  return text.size() == kCommitLength && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Task<Result<std::string>> run_git(std::vector<std::string> arguments, os::Path folder,
                                  const GitOptions& git) {
  os::ProcessOptions options;
  options.argv = {"git", "-c", "core.hooksPath=/dev/null", "-c", "protocol.ext.allow=never"};
  options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
  Environment environment = git.environment;
  environment.set("GIT_TERMINAL_PROMPT", "0");
  if (environment.get("GIT_SSH_COMMAND").empty()) environment.set("GIT_SSH_COMMAND", "ssh -o BatchMode=yes");
  options.environment = environment.to_entries();
  options.working_directory = std::move(folder);
  auto ran = co_await os::run_command(std::move(options), "", git.limit);
  if (!ran) co_return std::unexpected(ran.error());
  if (!ran->status.ok()) {
    const std::string cause = to_utf8(trim(utf8_suffix(to_utf8(ran->err), kShownCause)));
    co_return fail(ErrorKind::kIo, fmt::format("git {} failed: {}", arguments.front(), cause),
                   "It must work in your shell without a question.");
  }
  co_return std::string(trim(ran->out));
}

Task<Result<>> fetch_into(std::string url, std::string ref, std::string commit, os::Path folder,
                          const GitOptions& git) {
  if (commit.empty()) {
    std::vector<std::string> arguments{"clone", "--quiet", "--depth", "1"};
    if (!ref.empty()) arguments.insert(arguments.end(), {"--branch", ref});
    arguments.insert(arguments.end(), {"--", url, folder.string()});
    auto cloned = co_await run_git(std::move(arguments), "/", git);
    if (!cloned) co_return std::unexpected(cloned.error());
    co_return Result<>();
  }
  for (std::vector<std::string> step :
       {std::vector<std::string>{"init", "--quiet"},
        std::vector<std::string>{"fetch", "--quiet", "--depth", "1", "--", url, commit},
        std::vector<std::string>{"checkout", "--quiet", "--detach", commit}}) {
    auto done = co_await run_git(std::move(step), folder, git);
    if (!done) co_return std::unexpected(done.error());
  }
  co_return Result<>();
}

// Puts `made` in the place of `folder`.
Result<> put_in_place(const os::Path& made, const os::Path& folder) {
  std::error_code error;
  AWL_CHECK(os::make_directories(folder.parent_path(), 0700));
  fs::remove_all(folder, error);
  fs::rename(made, folder, error);
  if (error)
    return fail(ErrorKind::kIo, fmt::format("cannot write {}: {}", folder.string(), error.message()));
  return {};
}

// A folder that is gone when this is.
class Scratch {
 public:
  static Result<Scratch> make(const os::Path& parent) {
    AWL_CHECK(os::make_directories(parent, 0700));
    AWL_TRY(os::Path path, os::make_private_directory(parent, ".new-"));
    return Scratch(std::move(path));
  }
  Scratch(Scratch&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  Scratch& operator=(Scratch&&) = delete;
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const os::Path& path() const { return path_; }

 private:
  explicit Scratch(os::Path path) : path_(std::move(path)) {}
  os::Path path_;
};

bool is_inside(const os::Path& path, const os::Path& folder) {
  const os::Path relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

// Copies a tree; links are followed inside `boundary` alone.
class Copier {
 public:
  explicit Copier(os::Path boundary) : boundary_(os::resolve_links(boundary)) {}

  Result<> copy(const os::Path& from, const os::Path& to, size_t depth = 0) {
    if (depth > kMaxDepth) return fail(ErrorKind::kInvalidInput, "its folders are nested too deep");
    AWL_CHECK(os::make_directories(to, 0700));
    AWL_TRY(const std::vector<std::string> names, os::list_directory(from));
    for (const std::string& name : names) {
      if (name == ".git") continue;
      const os::Path source = os::resolve_links(from / name);
      if (!is_inside(source, boundary_)) continue;
      const auto info = os::stat(source);
      if (!info) continue;  // a link to nothing
      if (info->type == os::FileInfo::Type::kDirectory) {
        AWL_CHECK(copy(source, to / name, depth + 1));
      } else if (info->type == os::FileInfo::Type::kRegular) {
        bytes_ += info->size_bytes;
        if (++files_ > kMaxFiles || bytes_ > kMaxBytes) {
          return fail(ErrorKind::kInvalidInput,
                      fmt::format("it has more than {} files or {} MB", kMaxFiles, kMaxBytes >> 20U));
        }
        std::error_code error;
        fs::copy_file(source, to / name, fs::copy_options::overwrite_existing, error);
        if (error)
          return fail(ErrorKind::kIo, fmt::format("cannot copy {}: {}", source.string(), error.message()));
      }
    }
    return {};
  }

 private:
  os::Path boundary_;
  size_t files_ = 0;
  uint64_t bytes_ = 0;
};

json::Value manifest_of(const MarketplaceEntry& entry) {
  json::Value manifest = entry.written;
  for (const std::string_view key : kEntryOnly) manifest.erase(std::string(key));
  return manifest;
}

// The manifest that a copy has from now on. Gives the version that it names.
Result<std::string> complete_manifest(const MarketplaceEntry& entry, const os::Path& plugin) {
  const os::Path file = plugin / ".claude-plugin" / "plugin.json";
  const bool strict = json::get_bool(entry.written, "strict").value_or(true);
  json::Value manifest = manifest_of(entry);
  if (strict && os::path_exists(file)) {
    AWL_TRY(const std::string text, os::read_file(file));
    AWL_TRY(json::Value own, json::parse(text));
    if (!own.is_object()) return fail(ErrorKind::kParse, "its plugin.json is no JSON object");
    // The plugin's own word counts more.
    for (const auto& [key, value] : own.items()) manifest[key] = value;
  }
  AWL_CHECK(os::make_directories(file.parent_path(), 0700));
  AWL_CHECK(os::write_file_atomic(file, json::dump_pretty(manifest)));
  return json::string_or_empty(manifest, "version");
}

struct Fetched {
  os::Path folder;    // that holds the plugin
  os::Path boundary;  // that its links may lead to
  std::string commit;
  std::string digest = {};  // of an archive
};

// A source in a repository of its own, cloned into `scratch`.
Task<Result<Fetched>> fetch_repository(const json::Value& source, os::Path scratch, const GitOptions& git) {
  const std::string kind = json::string_or_empty(source, "source");
  const std::string commit = json::string_or_empty(source, "sha");
  const std::string ref = json::string_or_empty(source, "ref");
  if (kind != "github" && kind != "url" && kind != "git-subdir") {
    co_return fail(ErrorKind::kUnsupported,
                   fmt::format("plugins from a source of the kind \"{}\" are not there yet", kind),
                   "github, url, git-subdir and archive are, and folders of the marketplace.");
  }
  json::Value written{{"source", "github"}, {"repo", json::string_or_empty(source, "repo")}, {"ref", ref}};
  if (kind != "github") {
    const std::string url = json::string_or_empty(source, "url");
    written = is_clonable(url) ? json::Value{{"source", "git"}, {"url", url}, {"ref", ref}}
                               : json::Value{{"source", "github"}, {"repo", url}, {"ref", ref}};
  }
  AWL_CO_TRY(const MarketplaceSource where, read_marketplace_source(written, "/"));
  auto cloned = co_await clone_repository(where.clone_url(), ref, commit, scratch / "clone", git);
  AWL_CO_TRY(std::string at, std::move(cloned));
  const os::Path root = scratch / "clone";
  const std::string below = kind == "git-subdir" ? json::string_or_empty(source, "path") : "";
  co_return Fetched{below.empty() ? root : root / below, root, std::move(at)};
}

Result<Fetched> find_in_marketplace(const Marketplace& market, const std::string& source) {
  if (!source.starts_with("./")) {
    return fail(ErrorKind::kInvalidInput, fmt::format("the source \"{}\" must begin with ./", source));
  }
  return Fetched{market.root / source, market.root, ""};
}

}  // namespace

Task<Result<std::string>> clone_repository(std::string url, std::string ref, std::string commit,
                                           os::Path folder, GitOptions options) {
  if (!is_clonable(url))
    co_return fail(ErrorKind::kInvalidInput, fmt::format("git cannot clone \"{}\"", url));
  if (!commit.empty() && !is_commit(commit))
    co_return fail(ErrorKind::kInvalidInput,
                   fmt::format("\"{}\" is no commit: 40 hexadecimal digits", commit));
  AWL_CO_TRY(const Scratch scratch, Scratch::make(folder.parent_path()));
  const os::Path made = scratch.path() / "clone";
  AWL_CO_CHECK(os::make_directories(made, 0700));
  auto fetched = co_await fetch_into(std::move(url), std::move(ref), std::move(commit), made, options);
  AWL_CO_CHECK(std::move(fetched));
  auto head = co_await run_git({"rev-parse", "HEAD"}, made, options);
  AWL_CO_TRY(std::string at, std::move(head));
  AWL_CO_CHECK(put_in_place(made, folder));
  co_return at;
}

Task<Result<PluginFiles>> fetch_plugin(const Marketplace& market, const MarketplaceEntry& entry,
                                       os::Path cache, GitOptions options, DownloadArchive download) {
  const os::Path shelf = cache / market.name / entry.name;
  AWL_CO_TRY(const Scratch scratch, Scratch::make(shelf));
  const json::Value source = *json::find(entry.written, "source");
  Fetched fetched;
  if (source.is_string()) {
    AWL_CO_TRY(fetched, find_in_marketplace(market, source.get<std::string>()));
    // That of the marketplace, where it is a clone.
    if (os::path_exists(market.root / ".git")) {
      auto head = co_await run_git({"rev-parse", "HEAD"}, market.root, options);
      if (head) fetched.commit = std::move(*head);
    }
  } else if (json::string_or_empty(source, "source") == "archive") {
    auto got = co_await fetch_archive(source, scratch.path() / "archive", download);
    AWL_CO_TRY(FetchedArchive archive, std::move(got));
    fetched = {archive.folder, archive.folder, "", std::move(archive.digest)};
  } else {
    auto cloned = co_await fetch_repository(source, scratch.path(), options);
    AWL_CO_TRY(fetched, std::move(cloned));
  }
  const os::Path folder = os::resolve_links(fetched.folder);
  const os::Path boundary = os::resolve_links(fetched.boundary);
  if (folder != boundary && !is_inside(folder, boundary))
    co_return fail(ErrorKind::kInvalidInput,
                   fmt::format("the source of {} leads out of the marketplace", entry.name));
  if (!os::is_folder(folder))
    co_return fail(ErrorKind::kNotFound,
                   fmt::format("{} has no files: {} is no folder", entry.name, folder.string()));
  const os::Path made = scratch.path() / "plugin";
  AWL_CO_CHECK(Copier(boundary).copy(folder, made));
  AWL_CO_TRY(std::string version, complete_manifest(entry, made));
  if (version.empty()) version = fetched.commit.substr(0, kShortDigest);
  if (version.empty()) version = fetched.digest.substr(0, kShortDigest);
  if (!is_plugin_name(version)) version = "unknown";
  AWL_CO_CHECK(put_in_place(made, shelf / version));
  co_return PluginFiles{shelf / version, version, fetched.commit};
}

}  // namespace awl::extensions
