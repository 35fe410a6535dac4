// What the explorer does next.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "emulator/contains.h"
#include "emulator/exploration.h"

namespace awl::emulator {

namespace {

constexpr size_t kMaxAnswersWithTools = 5;
constexpr size_t kMaxReads = 4;
constexpr size_t kMaxDepth = 1;  // a README or manifest further down is about a part
constexpr std::string_view kListTop = "ls -p";
constexpr std::string_view kManifests[] = {
    "CMakeLists.txt", "Cargo.toml",  "package.json", "pyproject.toml", "go.mod",   "pom.xml",
    "build.gradle",   "meson.build", "Gemfile",      "composer.json",  "setup.py", "Makefile"};

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

size_t depth(std::string_view path) { return static_cast<size_t>(std::ranges::count(path, '/')); }

/// The least deep file whose name `matches`; of those, the shortest.
template <typename Matches>
std::string shallowest(const std::vector<std::string>& files, Matches matches) {
  const std::string* best = nullptr;
  for (const std::string& file : files) {
    if (!matches(base_name(file))) continue;
    if (best == nullptr || std::pair(depth(file), file.size()) < std::pair(depth(*best), best->size()))
      best = &file;
  }
  return best == nullptr ? "" : *best;
}

/// As a regular expression that matches `text` itself.
std::string regex_quote(std::string_view text) {
  std::string quoted;
  for (const char c : text) {
    if (std::string_view(R"(\^$.|?*+()[]{})").contains(c)) quoted += '\\';
    quoted += c;
  }
  return quoted;
}

std::string shell_quote(const std::string& text) { return "'" + replace_all(text, "'", "'\\''") + "'"; }

PlannedCall bash(Call::Purpose purpose, std::string command, std::string_view description) {
  const json::Value input = {{"command", command}, {"description", std::string(description)}};
  return {purpose, "Bash", std::move(command), json::dump(input)};
}

PlannedCall glob(std::string pattern) {
  const json::Value input = {{"pattern", pattern}};
  return {Call::Purpose::kList, "Glob", std::move(pattern), json::dump(input)};
}

/// Ways to list the files, best first; the calls of one way go out together. Tools cut long listings, so
/// what matters most is asked for by itself.
std::vector<std::vector<PlannedCall>> listings(const Exploration& state) {
  constexpr auto kList = Call::Purpose::kList;
  std::vector<std::vector<PlannedCall>> ways;
  if (state.offers("Glob")) {
    const std::string manifests = fmt::format("{{{}}}", fmt::join(kManifests, ","));
    ways.push_back({glob("README*"), glob(manifests), glob("*/*"), glob("*/*/*"), glob("**/*")});
  }
  if (state.offers("Bash")) {
    ways.push_back({bash(kList, "git ls-files", "List the files of the repository"),
                    bash(kList, std::string(kListTop), "List the top of this folder")});
    ways.push_back({bash(kList, "find . -type f -not -path '*/.git/*'", "List the files in this folder")});
  }
  return ways;
}

bool has_worked(const Exploration& state, const std::vector<PlannedCall>& way) {
  return std::ranges::any_of(way, [&](const PlannedCall& planned) {
    const Call* call = state.find_call(planned.tool, planned.target);
    return call != nullptr && !call->failed && call->target != kListTop && !paths_in(call->output).empty();
  });
}

/// Empty when a listing has worked, or none is left to try.
std::vector<PlannedCall> next_listing(const Exploration& state) {
  for (std::vector<PlannedCall>& way : listings(state)) {
    if (has_worked(state, way)) break;
    if (state.find_call(way.front().tool, way.front().target) == nullptr) return std::move(way);
  }
  return {};
}

std::optional<PlannedCall> search(const Exploration& state) {
  const std::string& term = state.search_term;
  if (term.empty()) return std::nullopt;
  std::optional<PlannedCall> call;
  if (state.offers("Grep")) {
    const std::string pattern = regex_quote(term);
    const json::Value input = {
        {"pattern", pattern}, {"output_mode", "content"}, {"-n", true}, {"head_limit", 20}};
    call = {Call::Purpose::kSearch, "Grep", pattern, json::dump(input)};
  } else if (state.offers("Bash")) {
    call = bash(Call::Purpose::kSearch, "grep -rnF --exclude-dir=.git -m 5 -e " + shell_quote(term) + " .",
                "Search for the term in the question");
  }
  if (!call || state.find_call(call->tool, call->target) != nullptr) return std::nullopt;
  return call;
}

std::optional<PlannedCall> read(const Exploration& state, const std::string& path) {
  if (state.reading_of(path) != nullptr) return std::nullopt;
  if (state.offers("Read")) {
    return PlannedCall{Call::Purpose::kRead, "Read", path, json::dump({{"file_path", path}})};
  }
  if (state.offers("Bash"))
    return bash(Call::Purpose::kRead, "head -n 200 " + shell_quote(path), "Read the start of the file");
  return std::nullopt;
}

}  // namespace

std::vector<std::string> files_to_read(const Exploration& state) {
  if (state.files.empty()) return {"README.md"};  // nothing could be listed: a guess that often holds
  std::vector<std::string> wanted;
  const auto add = [&](std::string path) {
    if (!path.empty() && !contains(wanted, path) && wanted.size() < kMaxReads)
      wanted.push_back(std::move(path));
  };
  for (const std::string& file : state.files) {
    const std::string_view name = base_name(file);
    if (name.size() > 3 && name.contains('.') && state.question.contains(name)) add(file);
    if (wanted.size() == 2) break;
  }
  std::string readme =
      shallowest(state.files, [](std::string_view name) { return to_lower(name).starts_with("readme"); });
  if (depth(readme) <= kMaxDepth) add(std::move(readme));
  for (const std::string_view manifest : kManifests) {
    const std::string found =
        shallowest(state.files, [&](std::string_view name) { return name == manifest; });
    if (found.empty() || depth(found) > kMaxDepth) continue;
    add(found);
    break;
  }
  return wanted;
}

std::vector<PlannedCall> plan(const Exploration& state) {
  std::vector<PlannedCall> calls;
  if (state.answers >= kMaxAnswersWithTools) return calls;
  if (calls = next_listing(state); !calls.empty()) {
    if (auto searching = search(state)) calls.push_back(std::move(*searching));
    return calls;
  }
  for (const std::string& path : files_to_read(state)) {
    if (auto reading = read(state, path)) calls.push_back(std::move(*reading));
  }
  if (auto searching = search(state)) calls.push_back(std::move(*searching));
  return calls;
}

}  // namespace awl::emulator
