#include "agent/skill_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/reminder.h"
#include "base/strings.h"
#include "base/utf8.h"
#include "os/path.h"
#include "tools/glob_pattern.h"

namespace awl::agent {

namespace {

// Product documentation, "context-window", "What survives compaction": 5,000 and 25,000 tokens.
constexpr size_t kMaxTextAgain = 20'000;
constexpr size_t kMaxTextsAgain = 100'000;

using extensions::Skill;

constexpr std::string_view kListHead =
    "Skills, which the tool Skill loads by name. When one fits what is to be done, load it before you begin:";
constexpr std::string_view kNoShell = "[shell command execution disabled by policy]";

std::string list_of(const std::vector<const Skill*>& skills, size_t description_bytes) {
  std::string text;
  for (const Skill* skill : skills) {
    const std::string_view shown = utf8_prefix(skill->description, description_bytes);
    text += shown.empty() ? fmt::format("- {}\n", skill->name)
                          : fmt::format("- {}: {}{}\n", skill->name, shown,
                                        shown.size() < skill->description.size() ? "…" : "");
  }
  return text;
}

}  // namespace

bool SkillSet::has_any_for_model() const {
  return std::ranges::any_of(all(), [](const Skill& skill) { return skill.for_model; });
}

const Skill* SkillSet::find(std::string_view name) const {
  if (name.starts_with('/')) name.remove_prefix(1);
  const auto found = std::ranges::find(all(), name, &Skill::name);
  return found == all().end() ? nullptr : &*found;
}

std::string SkillSet::list() const {
  std::vector<const Skill*> shown;
  size_t longest = 0;
  for (const Skill& skill : all()) {
    if (!skill.for_model || !skill.paths.empty()) continue;
    shown.push_back(&skill);
    longest = std::max(longest, skill.description.size());
  }
  if (shown.empty()) return "";
  std::string text = list_of(shown, longest);
  while (text.size() > options_.list_bytes && longest > 0) {
    longest = longest * 2 / 3;
    text = list_of(shown, longest);
  }
  return reminder(fmt::format("{}\n\n{}", kListHead, text));
}

std::string SkillSet::list_for(const std::map<os::Path, tools::SeenFile>& seen) {
  std::vector<const Skill*> shown;
  for (const Skill& skill : all()) {
    if (skill.paths.empty() || !skill.for_model || told_.contains(skill.name)) continue;
    const bool fits = std::ranges::any_of(skill.paths, [&](const std::string& pattern) {
      const auto glob = tools::GlobPattern::compile(pattern, /*any_depth=*/false);
      return glob && std::ranges::any_of(seen, [&](const auto& entry) {
               const os::Path relative = entry.first.lexically_relative(options_.facts.project_dir);
               return !relative.empty() && glob->matches(relative.string());
             });
    });
    if (!fits) continue;
    told_.insert(skill.name);
    shown.push_back(&skill);
  }
  if (shown.empty()) return "";
  return reminder(fmt::format("{}\n\n{}", kListHead, list_of(shown, options_.list_bytes)));
}

void SkillSet::grant_tools(const Skill& skill) {
  permission::Rules rules;
  const auto add = [&](const std::vector<std::string>& texts, std::vector<permission::Rule>& to) {
    for (const std::string& text : texts) {
      auto rule = permission::parse_rule(extensions::fill_in_folders(text, skill, options_.facts),
                                         skill.file.string(), options_.facts.project_dir);
      if (rule) to.push_back(std::move(*rule));
    }
  };
  add(skill.allowed_tools, rules.allow);
  add(skill.disallowed_tools, rules.deny);
  if (!rules.allow.empty() || !rules.deny.empty()) tools_().grant(rules);
}

bool SkillSet::note_told(const std::string& name, const std::string& text) {
  const auto known = std::ranges::find(texts_, name, &std::pair<std::string, std::string>::first);
  if (known != texts_.end()) {
    if (known->second == text) return false;
    texts_.erase(known);
  }
  texts_.emplace_back(name, text);
  return true;
}

std::string SkillSet::tell_again() {
  std::vector<std::pair<std::string, std::string>> kept;
  size_t bytes = 0;
  for (auto text = texts_.rbegin(); text != texts_.rend(); ++text) {
    text->second = std::string(utf8_prefix(text->second, kMaxTextAgain));
    bytes += text->second.size();
    if (bytes > kMaxTextsAgain) break;
    kept.insert(kept.begin(), std::move(*text));
  }
  texts_ = std::move(kept);
  if (texts_.empty()) return "";
  std::string told = "Skills that were invoked before; go on by them where they still apply:";
  for (const auto& [name, text] : texts_) told += fmt::format("\n\n## {}\n\n{}", name, text);
  return reminder(told);
}

Task<Result<std::string>> SkillSet::run_command(const std::string& command) {
  auto result = co_await tools_().run_if_allowed(
      "Bash", {{"command", command}, {"description", "A command in the text of a skill"}},
      /*heed_hooks=*/true);
  if (result) co_return std::move(result->text);
  const bool refused = result.error().kind == ErrorKind::kPermissionDenied;
  co_return fail(result.error().kind,
                 fmt::format("the command !`{}` {}: {}", command, refused ? "may not run" : "failed",
                             describe(result.error())),
                 refused ? "A rule in the skill's allowed-tools, or in your settings, would allow it" : "");
}

Task<Result<std::string>> SkillSet::invoke(const Skill& skill, std::string arguments) {
  grant_tools(skill);
  std::string text;
  if (!skill.folder.empty()) text = fmt::format("The folder of this skill is {}\n\n", skill.folder.string());
  for (const extensions::TextPiece& piece : extensions::expand_skill(skill, arguments, options_.facts)) {
    if (!piece.is_command) {
      text += piece.text;
      continue;
    }
    if (!options_.shell) {
      text += kNoShell;
      continue;
    }
    auto output = co_await run_command(piece.text);
    if (!output) co_return std::unexpected(std::move(output).error());
    text += *output;
  }
  if (!skill.hooks.is_null() && with_hooks_.insert(skill.name).second && on_hooks) on_hooks(skill);
  if (!skill.fork && on_model_wish && !(skill.model.empty() && skill.effort.empty()))
    on_model_wish(skill.model, skill.effort);
  co_return text;
}

}  // namespace awl::agent
