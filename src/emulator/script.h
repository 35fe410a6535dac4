// A model that answers from a scenario file. The format is described in docs/emulator.md.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "emulator/message.h"
#include "os/file.h"

namespace awl::emulator {

/// When a rule applies: every part that is given must hold.
struct Condition {
  std::optional<std::string> system_contains;
  std::optional<std::string> last_user_contains;  ///< the last user message, tool results included
  std::optional<std::string> messages_contain;
  std::optional<std::string> model_contains;
  std::optional<std::string> tool;  ///< a tool of this name is offered
  std::optional<bool> has_tools;
};

struct Rule {
  Condition when;
  std::vector<Step> steps;
  std::optional<size_t> times;  ///< applies to the first so many requests that match, in turn through `steps`
};

struct Scenario {
  std::vector<Step> steps;
  std::vector<Rule> rules;
};

/// Errors: kParse with line and column; kInvalidInput naming `file`, the path inside it and what is expected
/// there.
Result<Scenario> parse_scenario(std::string_view text, const std::string& file);
Result<Scenario> load_scenario(const os::Path& file);

/// The first rule that applies chooses, else `steps`. Without state but for `times`: the number of answers
/// that the model gave in this turn is the number of the step; a rule with one step always gives that one.
/// Past the last step it says so and ends the turn.
std::unique_ptr<Model> make_script(Scenario scenario);

}  // namespace awl::emulator
