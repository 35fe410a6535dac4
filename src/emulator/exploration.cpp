#include "emulator/exploration.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "emulator/contains.h"
#include "emulator/conversation.h"

namespace awl::emulator {

namespace {

constexpr size_t kMaxFiles = 20'000;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// What a call was for can be seen from its tool and its input: the explorer made it.
std::optional<Call> parse_call(const json::Value& block) {
  Call call;
  call.tool = json::string_or_empty(block, "name");
  const json::Value* input = json::find(block, "input");
  if (input == nullptr) return std::nullopt;
  if (call.tool == "Glob") {
    call.target = json::string_or_empty(*input, "pattern");
  } else if (call.tool == "Grep") {
    call.purpose = Call::Purpose::kSearch;
    call.target = json::string_or_empty(*input, "pattern");
  } else if (call.tool == "Read") {
    call.purpose = Call::Purpose::kRead;
    call.target = json::string_or_empty(*input, "file_path");
  } else if (call.tool == "Bash") {
    call.target = json::string_or_empty(*input, "command");
    if (call.target.starts_with("grep ")) call.purpose = Call::Purpose::kSearch;
    if (call.target.starts_with("head ")) call.purpose = Call::Purpose::kRead;
  } else {
    return std::nullopt;
  }
  return call;
}

void take_results(const json::Value& content, std::map<std::string, Call>& open, std::vector<Call>& calls) {
  for (const json::Value& block : content) {
    if (json::string_or_empty(block, "type") != "tool_result") continue;
    const auto found = open.find(json::string_or_empty(block, "tool_use_id"));
    if (found == open.end()) continue;
    Call call = std::move(found->second);
    open.erase(found);
    call.failed = json::get_bool(block, "is_error").value_or(false);
    if (const json::Value* output = json::find(block, "content")) call.output = text_of(*output);
    calls.push_back(std::move(call));
  }
}

std::vector<Call> calls_of_turn(const json::Value& messages) {
  std::vector<Call> calls;
  std::map<std::string, Call> open;
  for (size_t i = turn_start(messages); i < messages.size(); ++i) {
    const json::Value* content = json::find(messages[i], "content");
    if (content == nullptr || !content->is_array()) continue;
    for (const json::Value& block : *content) {
      if (json::string_or_empty(block, "type") != "tool_use") continue;
      if (auto call = parse_call(block))
        open.insert_or_assign(json::string_or_empty(block, "id"), std::move(*call));
    }
    take_results(*content, open, calls);
  }
  return calls;
}

bool looks_like_path(std::string_view line) {
  if (line.empty() || line.size() > 512 || line.starts_with('<') || line.starts_with('(') ||
      line.ends_with('/'))
    return false;
  return !line.contains(": ") && !line.contains("  ") && !line.starts_with("No files") &&
         !line.starts_with("Results are");
}

/// As far as the words of usual clients tell.
bool says_it_is_cut(std::string_view output) {
  constexpr std::string_view kWords[] = {"truncated", "<persisted-output>", "too many", "narrow the pattern"};
  return std::ranges::any_of(kWords, [&](std::string_view words) { return output.contains(words); });
}

/// Under a folder that builds and package managers fill.
bool is_left_behind(std::string_view path) {
  static constexpr std::string_view kFolders[] = {".git",   "build", "dist",       "node_modules",
                                                  "target", ".venv", "__pycache__"};
  const std::vector<std::string_view> parts = split(path, '/');
  return std::any_of(parts.begin(), parts.end() - 1,
                     [](std::string_view part) { return contains(kFolders, part); });
}

/// The folder that all absolute paths share, with its slash.
std::string common_folder(const std::vector<std::string>& paths) {
  std::string common = paths.front().substr(0, paths.front().rfind('/') + 1);
  for (const std::string& path : paths) {
    while (!path.starts_with(common)) common.erase(common.rfind('/', common.size() - 2) + 1);
  }
  return common;
}

bool is_name_like(std::string_view word) {
  if (word.size() < 3 || std::ranges::any_of(word, [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && c != ':' && c != '.' &&
               c != '/' && c != '-';
      })) {
    return false;
  }
  const bool has_capital_inside =
      std::any_of(word.begin() + 1, word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  const bool has_small = std::ranges::any_of(word, [](char c) { return c >= 'a' && c <= 'z'; });
  const size_t dot = word.find('.');
  const bool has_extension = dot != std::string_view::npos && dot > 0 && dot + 1 < word.size();
  return word.contains('_') || word.contains("::") || (has_capital_inside && has_small) || has_extension;
}

}  // namespace

const Call* Exploration::find_call(const std::string& tool, const std::string& target) const {
  const auto found = std::ranges::find_if(
      calls, [&](const Call& call) { return call.tool == tool && call.target == target; });
  return found == calls.end() ? nullptr : &*found;
}

const Call* Exploration::reading_of(const std::string& path) const {
  const auto found = std::ranges::find_if(calls, [&](const Call& call) {
    return call.purpose == Call::Purpose::kRead &&
           (call.target == path || call.target.ends_with("'" + path + "'"));
  });
  return found == calls.end() ? nullptr : &*found;
}

Exploration read_exploration(const json::Value& request) {
  const json::Value& messages = *json::find(request, "messages");
  Exploration state;
  state.question = question_of(messages);
  for (std::string& name : offered_tools(request)) state.tools.insert(std::move(name));
  state.answers = answers_in_turn(messages);
  const json::Value* thinking = json::find(request, "thinking");
  const std::string type = thinking == nullptr ? "" : json::string_or_empty(*thinking, "type");
  state.thinks = type == "enabled" || type == "adaptive";
  state.calls = calls_of_turn(messages);
  state.search_term = search_term_of(state.question);
  std::string listed;
  for (const Call& call : state.calls) {
    if (call.purpose != Call::Purpose::kList || call.failed) continue;
    listed += call.output + "\n";
    state.is_cut = state.is_cut || says_it_is_cut(call.output);
  }
  state.files = paths_in(listed);
  return state;
}

std::string search_term_of(std::string_view question) {
  for (const char quote : {'`', '"'}) {
    const size_t begin = question.find(quote);
    if (begin == std::string_view::npos) continue;
    const size_t end = question.find(quote, begin + 1);
    if (end == std::string_view::npos || end - begin > 80 || end == begin + 1) continue;
    const std::string_view term = question.substr(begin + 1, end - begin - 1);
    if (!term.contains('\n')) return std::string(term);
  }
  size_t at = 0;
  while (at < question.size()) {
    while (at < question.size() && is_blank(question[at])) ++at;
    size_t end = at;
    while (end < question.size() && !is_blank(question[end])) ++end;
    std::string_view word = question.substr(at, end - at);
    while (!word.empty() && std::string_view(".,;:!?()'\"").contains(word.back())) word.remove_suffix(1);
    while (!word.empty() && std::string_view("('\"").contains(word.front())) word.remove_prefix(1);
    if (is_name_like(word)) return std::string(word);
    at = end;
  }
  return "";
}

std::vector<std::string> paths_in(std::string_view output) {
  std::vector<std::string> paths;
  for (std::string_view line : split(output, '\n')) {
    line = trim(line);
    if (line.starts_with("./")) line.remove_prefix(2);
    if (looks_like_path(line)) paths.emplace_back(line);
    if (paths.size() >= kMaxFiles) break;
  }
  const auto is_absolute = [](const std::string& path) { return path.starts_with('/'); };
  if (!paths.empty() && std::ranges::all_of(paths, is_absolute)) {
    const std::string common = common_folder(paths);
    for (std::string& path : paths) path.erase(0, common.size());
  }
  // Among relative paths an absolute one is something that the tool said.
  std::erase_if(paths, [&](const std::string& path) { return is_absolute(path) || is_left_behind(path); });
  std::ranges::sort(paths);
  const auto repeated = std::ranges::unique(paths);
  paths.erase(repeated.begin(), repeated.end());
  return paths;
}

std::string without_line_numbers(std::string_view output) {
  std::string out;
  for (std::string_view line : split(output, '\n')) {
    std::string_view rest = line;
    while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
    size_t digits = 0;
    while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9') ++digits;
    const std::string_view after = rest.substr(digits);
    if (digits > 0 && after.starts_with('\t')) {
      line = after.substr(1);
    } else if (digits > 0 && after.starts_with("→")) {
      line = after.substr(std::string_view("→").size());
    }
    out += line;
    out += '\n';
  }
  return out;
}

}  // namespace awl::emulator
