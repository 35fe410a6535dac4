// Model ids, aliases, pins, and what is known of each model.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "anthropic/usage.h"
#include "base/environment.h"

namespace awl::anthropic {

enum class Family { kFable, kOpus, kSonnet, kHaiku, kUnknown };
std::string_view to_string(Family family);

enum class Thinking { kNone, kBudget, kAdaptive };
/// Which levels of output_config.effort a model takes.
enum class EffortLevels { kNone, kWithoutXhigh, kAll };

/// One row of the built-in table (model_table.cpp, the one data file).
struct ModelInfo {
  std::string_view id;  ///< also matches ids that go on with "-" (dated snapshots); empty: not in the table
  Family family = Family::kUnknown;
  Pricing pricing;
  int64_t context_window = 200'000;
  int64_t default_max_output = 32'000;
  int64_t max_output_limit = 64'000;
  Thinking thinking = Thinking::kNone;
  EffortLevels effort = EffortLevels::kNone;
  std::string_view default_effort;
  bool must_read_before_edit =
      false;                         ///< too eager to change a file unseen: the edit tools are strict with it
  bool thinking_budget_too = false;  ///< adaptive, but takes a fixed budget as well
  bool always_thinks = false;        ///< thinking cannot be switched off
  bool thinks_by_default = false;    ///< unless the request says that it must not
};

/// The built-in table, newest of each family first.
std::span<const ModelInfo> model_table();

/// The row of `id`; for an id that is not in the table a row that assumes the usual and, where the id names a
/// family, that family's newest price.
ModelInfo find_model(std::string_view id);

enum class Platform { kAnthropicApi, kClaudePlatformOnAws };

/// A model that was chosen, by whom, and what goes on the wire.
struct ModelChoice {
  std::string requested;  ///< alias or id as written
  std::string
      source;  ///< "--model", "ANTHROPIC_MODEL", "settings", "ANTHROPIC_DEFAULT_MODEL", "built-in default"
  std::string id;             ///< for the request: a bare model id
  std::string pin;            ///< the variable that an alias was resolved through, or empty
  bool long_context = false;  ///< "[1m]" was asked for
  ModelInfo info;
};

/// What may choose a model, highest precedence first.
struct ModelWishes {
  std::optional<std::string> flag;      ///< --model
  std::optional<std::string> settings;  ///< `model` of the settings
};

/// --model, ANTHROPIC_MODEL, settings, ANTHROPIC_DEFAULT_MODEL, the built-in default; aliases through
/// ANTHROPIC_DEFAULT_{FABLE,OPUS,SONNET,HAIKU}_MODEL, else the built-in table. Unknown strings pass
/// unchecked.
ModelChoice choose_model(const ModelWishes& wishes, const Environment& environment, Platform platform,
                         bool plan_mode);

/// The small, fast model of calls beside the conversation: ANTHROPIC_DEFAULT_HAIKU_MODEL, else
/// ANTHROPIC_SMALL_FAST_MODEL (its old name), else the built-in Haiku.
ModelChoice choose_small_model(const Environment& environment, Platform platform);

/// The pins that are set, as (variable, value), for status.
std::vector<std::pair<std::string, std::string>> model_pins(const Environment& environment);

}  // namespace awl::anthropic
