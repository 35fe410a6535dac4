// A skill, or a command: a text that a person calls as /name, and a model through the tool Skill.
// Source: product documentation, "skills".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "os/file.h"

namespace awl::extensions {

struct Skill {
  enum class Origin { kManaged, kUser, kProject, kPlugin };
  std::string name;         ///< what is typed after the slash: "deploy", "front:comp", "plugin:deploy"
  std::string description;  ///< for the model, when to use it included; at most 1,536 characters
  std::string argument_hint;
  std::vector<std::string> argument_names;
  std::vector<std::string> allowed_tools;     ///< permission rules for the turn that invokes it
  std::vector<std::string> disallowed_tools;  ///< tools that this turn does without
  std::string model;                          ///< empty: the session's
  std::string effort;                         ///< empty: the session's
  std::string agent;                          ///< of a fork; empty: general-purpose
  bool fork = false;                          ///< `context: fork`: it runs in a subagent
  bool for_model = true;                      ///< not disable-model-invocation
  bool for_person = true;                     ///< user-invocable
  bool is_command = false;                    ///< a file under commands/: it has no folder of its own
  std::vector<std::string> paths;             ///< glob patterns: told of only with files that match
  json::Value hooks;                          ///< null: none
  os::Path file;
  os::Path folder;  ///< of SKILL.md
  std::string body;
  Origin origin = Origin::kUser;
  os::Path plugin_root;  ///< empty: it is no plugin's
};

/// Reads one file's text. `name` is what it is called by. `problem`, when not empty: the front matter could
/// not be read, and counts for nothing.
Skill parse_skill(std::string_view text, std::string name, std::string& problem);

}  // namespace awl::extensions
