// The explorer's answer.
#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"
#include "base/utf8.h"
#include "emulator/contains.h"
#include "emulator/exploration.h"
#include "emulator/repository_facts.h"

namespace awl::emulator {

namespace {

constexpr size_t kMaxListed = 8;
constexpr size_t kMaxMatches = 12;
constexpr size_t kMaxLineBytes = 200;
constexpr size_t kMaxReasonBytes = 160;

std::string_view last_component(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string counted(const std::vector<std::pair<std::string, size_t>>& counts, std::string_view after_name) {
  std::vector<std::string> parts;
  for (const auto& [name, count] : counts) {
    if (parts.size() == kMaxListed) {
      parts.push_back(fmt::format("{} more", counts.size() - kMaxListed));
      break;
    }
    parts.push_back(fmt::format("{}{} ({})", name, after_name, count));
  }
  return join(parts, ", ");
}

/// What was read of `path`; "" when it was not.
std::string text_read(const Exploration& state, const std::string& path) {
  const Call* call = state.reading_of(path);
  return call == nullptr || call->failed ? "" : without_line_numbers(call->output);
}

std::string readme_section(const Exploration& state) {
  for (const std::string& path : files_to_read(state)) {
    if (!to_lower(last_component(path)).starts_with("readme")) continue;
    const std::string text = text_read(state, path);
    if (trim(text).empty()) continue;
    const std::string paragraph = first_paragraph(text);
    return fmt::format("## What it is\n\n{} is headed \"{}\".{}\n", path, first_heading(text),
                       paragraph.empty() ? "" : " It says: " + paragraph);
  }
  return "";
}

std::string files_section(const Exploration& state) {
  if (state.files.empty()) return "";
  std::string text = fmt::format("## Files\n\nThe listing names {}{} files.", state.is_cut ? "at least " : "",
                                 state.files.size());
  const auto folders = count_folders(state.files);
  if (!folders.empty()) text += fmt::format(" Folders: {}.", counted(folders, "/"));
  std::vector<std::string> top;
  for (const std::string& file : state.files) {
    if (!file.contains('/') && top.size() < kMaxListed) top.push_back(file);
  }
  if (!top.empty()) text += fmt::format(" At the top: {}.", join(top, ", "));
  return text + "\n";
}

std::string languages_section(const Exploration& state) {
  const auto languages = count_languages(state.files);
  return languages.empty() ? ""
                           : fmt::format("## Languages\n\nBy file extension: {}.\n", counted(languages, ""));
}

std::string build_section(const Exploration& state) {
  std::string text;
  for (const std::string& path : files_to_read(state)) {
    const std::string content = text_read(state, path);
    if (to_lower(last_component(path)).starts_with("readme")) {
      const std::string block = build_block(content);
      if (!block.empty()) text += fmt::format("From {}:\n\n```\n{}\n```\n", path, block);
      continue;
    }
    const std::string hint = state.files.empty() ? "" : build_hint(last_component(path), content);
    if (!hint.empty()) text += fmt::format("There is a {}, so probably: {}.\n", path, hint);
  }
  return text.empty() ? "" : "## Building it\n\n" + text;
}

std::string named_files_section(const Exploration& state) {
  std::string text;
  for (const std::string& path : files_to_read(state)) {
    if (state.files.empty() || !state.question.contains(last_component(path))) continue;
    const std::string content = text_read(state, path);
    if (trim(content).empty()) continue;
    std::string start;
    size_t lines = 0;
    for (const std::string_view line : split(content, '\n')) {
      if (trim(line).empty() || ++lines > 5) continue;
      start += fmt::format("{}\n", utf8_prefix(line, kMaxLineBytes));
    }
    text += fmt::format("{} has about {} lines that are not empty and begins:\n\n```\n{}```\n", path, lines,
                        start);
  }
  return text.empty() ? "" : "## The files you named\n\n" + text;
}

std::string search_section(const Exploration& state) {
  if (state.search_term.empty()) return "";
  for (const Call& call : state.calls) {
    if (call.purpose != Call::Purpose::kSearch || call.failed) continue;
    std::string matches;
    size_t count = 0;
    for (std::string_view line : split(call.output, '\n')) {
      if (trim(line).empty() || line.starts_with("No matches") || line.starts_with("No files")) continue;
      if (++count <= kMaxMatches) matches += fmt::format("- {}\n", utf8_prefix(trim(line), kMaxLineBytes));
    }
    const std::string heading = fmt::format("## Where `{}` appears\n\n", state.search_term);
    if (count == 0) return heading + "The search found nothing.\n";
    return heading + matches +
           (count > kMaxMatches ? fmt::format("- and {} more lines\n", count - kMaxMatches) : "");
  }
  return "";
}

std::string failures_section(const Exploration& state) {
  std::string text;
  for (const Call& call : state.calls) {
    if (!call.failed) continue;
    std::string_view reason = trim(call.output);
    reason = trim(reason.substr(0, reason.find('\n')));
    text += fmt::format("- {} ({}): {}\n", call.tool, call.target, utf8_prefix(reason, kMaxReasonBytes));
  }
  return text.empty() ? "" : "## What did not work\n\nThese tool calls were denied or failed:\n\n" + text;
}

bool asks_for(const std::string& question, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return question.contains(word); });
}

}  // namespace

std::string compose_report(const Exploration& state) {
  const std::string question = to_lower(state.question);
  std::vector<std::string> sections;
  if (asks_for(question, {"build", "compile", "install", "run ", "test"}))
    sections.push_back(build_section(state));
  if (asks_for(question, {"language", "written in"})) sections.push_back(languages_section(state));
  for (std::string& section :
       std::vector{named_files_section(state), search_section(state), readme_section(state),
                   files_section(state), languages_section(state), build_section(state)}) {
    if (!contains(sections, section)) sections.push_back(std::move(section));
  }
  std::erase(sections, "");
  if (sections.empty()) {
    sections.emplace_back(state.calls.empty()
                              ? "The offered tools neither list nor read files: there is nothing to report.\n"
                              : "There is nothing to report: no tool call gave anything.\n");
  }
  sections.push_back(failures_section(state));
  std::erase(sections, "");
  return join(sections, "\n");
}

}  // namespace awl::emulator
