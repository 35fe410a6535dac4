// The skills and commands of a session: what the model is told of them, and what they become when invoked.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "agent/session_hooks.h"
#include "agent/tool_runner.h"
#include "extensions/skill.h"
#include "extensions/skill_text.h"

namespace awl::agent {

struct SkillSetOptions {
  std::shared_ptr<const std::vector<extensions::Skill>> skills;
  extensions::SkillFacts facts;
  size_t list_bytes = 15'000;  ///< of the list that the model gets
  bool shell = true;           ///< their !`commands` run
};

class SkillSet {
 public:
  /// `tools` gives the runner of the conversation, once something is invoked.
  SkillSet(SkillSetOptions options, std::function<ToolRunner&()> tools)
      : options_(std::move(options)), tools_(std::move(tools)) {}

  const std::vector<extensions::Skill>& all() const { return *options_.skills; }
  bool has_any_for_model() const;
  const extensions::Skill* find(std::string_view name) const;

  /// What the first message says: the names and descriptions of those that the model may invoke, but for
  /// those that wait for a file. "" for none. Descriptions are cut where the list would be longer than it may
  /// be.
  std::string list() const;
  /// What comes with files that were read: skills whose `paths` name one of them, each once. "" for none.
  std::string list_for(const std::map<os::Path, tools::SeenFile>& seen);

  /// The text of a skill with arguments in it and its commands run. Its `allowed-tools` count from now on, as
  /// far as tools_.end_grants(). Errors: those of its commands, which are not run in part.
  Task<Result<std::string>> invoke(const extensions::Skill& skill, std::string arguments);

  /// The model gets this text of a skill now. False: it has it already, and needs it no second time.
  bool note_told(const std::string& name, const std::string& text);
  /// The conversation lost the texts of skills: those of the latest again, 20 KB of each, 100 KB in all; the
  /// others count as not told. "" for none.
  std::string tell_again();

  /// A model, or an effort, that a skill wants for the rest of the turn; called by invoke().
  std::function<void(const std::string& model, const std::string& effort)> on_model_wish;
  /// Hooks that a skill brings; called by invoke() the first time.
  std::function<void(const extensions::Skill& skill)> on_hooks;

 private:
  Task<Result<std::string>> run_command(const std::string& command);
  void grant_tools(const extensions::Skill& skill);

  SkillSetOptions options_;
  std::function<ToolRunner&()> tools_;
  std::set<std::string> with_hooks_;
  std::set<std::string> told_;
  std::vector<std::pair<std::string, std::string>> texts_;  // that the model was told, the latest last
};

/// The tool by which the model invokes skills. `deliver` takes the text that follows the tool's result;
/// `fork` runs a skill's text apart and gives what came of it.
std::unique_ptr<tools::Tool> make_skill_tool(
    SkillSet& skills, std::function<void(std::string text)> deliver,
    std::function<Task<tools::ToolResult>(const extensions::Skill& skill, std::string text,
                                          std::string tool_use_id)>
        fork);

}  // namespace awl::agent
