// What a skill's text becomes when it is invoked. Source: product documentation, "skills", "Available string
// substitutions" and "Inject dynamic context".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "extensions/skill.h"

namespace awl::extensions {

/// Splits arguments as a shell does: quotes and backslashes, nothing else. A quote that does not end reaches
/// to the end.
std::vector<std::string> split_arguments(std::string_view text);

struct SkillFacts {
  std::string session_id;
  std::string effort;
  os::Path project_dir;
};

/// A piece of a text: words, or a shell command whose output stands in its place.
struct TextPiece {
  std::string text;
  bool is_command = false;
};

/// ${CLAUDE_SKILL_DIR} and the like in `text`, which may be a rule of `allowed-tools` too.
std::string fill_in_folders(std::string text, const Skill& skill, const SkillFacts& facts);

/// The skill's body with `arguments` and facts in it, taken apart at its !`commands` and ```! blocks. What
/// arguments hold is never a command. Arguments that no placeholder takes stand at the end.
std::vector<TextPiece> expand_skill(const Skill& skill, std::string_view arguments, const SkillFacts& facts);

}  // namespace awl::extensions
