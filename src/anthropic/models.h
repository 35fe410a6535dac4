// Model ids, aliases, pins, and what is known of each model.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "anthropic/model_list.h"
#include "anthropic/usage.h"
#include "base/environment.h"

namespace awl::anthropic {

enum class Family { kFable, kOpus, kSonnet, kHaiku, kUnknown };
std::string_view to_string(Family family);

enum class Thinking { kNone, kBudget, kAdaptive };
/// Which levels of output_config.effort a model takes; low, medium and high come together.
struct EffortLevels {
  bool supported = false;
  bool xhigh = false;
  bool max = false;
  friend bool operator==(const EffortLevels&, const EffortLevels&) = default;
};

constexpr int64_t kNoLimit = 0;
constexpr int64_t kLongWindow = 1'000'000;

/// One row of the built-in table (model_table.cpp, the one data file).
struct ModelInfo {
  std::string_view id;  ///< also matches ids that go on with "-" (dated snapshots); empty: not in the table
  Family family = Family::kUnknown;
  Pricing pricing;
  int64_t context_window = 200'000;
  int64_t default_max_output = 32'000;
  int64_t max_output_limit = kNoLimit;
  Thinking thinking = Thinking::kNone;
  EffortLevels effort;
  std::string_view default_effort;
  bool must_read_before_edit =
      false;                         ///< too eager to change a file unseen: the edit tools are strict with it
  bool thinking_budget_too = false;  ///< adaptive, but takes a fixed budget as well
  bool always_thinks = false;        ///< thinking cannot be switched off
  bool thinks_by_default = false;    ///< unless the request says that it must not
  bool drops_old_thinking =
      false;                       ///< keeps the thinking of the last turn only, unless the request says more
  bool interleaved = true;         ///< may think between tool calls
  bool has_inference_geo = false;  ///< takes inference_geo, at 1.1 times the price for "us"

  bool is_known() const { return !id.empty(); }
};

/// The built-in table, newest of each family first.
std::span<const ModelInfo> model_table();

/// The row of `id`; for an id that is not in the table a row that assumes the usual and, where the id names a
/// family, that family's newest price.
ModelInfo find_model(std::string_view id);

enum class Platform { kAnthropicApi, kClaudePlatformOnAws, kBedrock, kFoundry };

/// A model that was chosen, by whom, and what goes on the wire.
struct ModelChoice {
  std::string requested;  ///< alias or id as written
  std::string
      source;  ///< "--model", "ANTHROPIC_MODEL", "settings", "ANTHROPIC_DEFAULT_MODEL", "built-in default"
  std::string id;   ///< for the request: a bare model id
  std::string pin;  ///< the variable that an alias was resolved through, or empty
  std::string
      resolved_by;  ///< what an alias was resolved by: `pin`, "model list", "built-in table"; or empty
  bool long_context = false;         ///< "[1m]" was asked for
  bool us_only = false;              ///< requests keep inference in the US
  int64_t context_window = 200'000;  ///< in tokens, with what the environment says about it
  bool window_is_sure = false;       ///< it is not just assumed: a longer request cannot be answered
  ModelInfo info;
};

/// What may choose a model, highest precedence first.
struct ModelWishes {
  std::optional<std::string> flag;      ///< --model
  std::optional<std::string> settings;  ///< `model` of the settings
};

/// --model, ANTHROPIC_MODEL, settings, ANTHROPIC_DEFAULT_MODEL, the built-in default; aliases through
/// ANTHROPIC_DEFAULT_{FABLE,OPUS,SONNET,HAIKU}_MODEL, else the newest of the family that `listed` (what the
/// platform offers; may be empty) holds, else the built-in table. Unknown strings pass unchecked.
/// On the platform, ..._SUPPORTED_CAPABILITIES say what a pinned model can. CLAUDE_CODE_DISABLE_1M_CONTEXT
/// and CLAUDE_CODE_MAX_CONTEXT_TOKENS change the window.
ModelChoice choose_model(const ModelWishes& wishes, const Environment& environment, Platform platform,
                         bool plan_mode, const ModelList& listed = {});

/// The small, fast model of calls beside the conversation: ANTHROPIC_DEFAULT_HAIKU_MODEL, else
/// ANTHROPIC_SMALL_FAST_MODEL (its old name), else the built-in Haiku; on Bedrock and Foundry, where Haiku
/// need not be there, else `main`, the conversation's model.
ModelChoice choose_small_model(const ModelChoice& main, const Environment& environment, Platform platform,
                               const ModelList& listed = {});

/// At most three ids, of the built-in table and of `listed`, that a mistyped `id` may have meant; nearest
/// first.
std::vector<std::string> nearest_models(std::string_view id, const ModelList& listed);

/// The pins that are set, as (variable, value), for status.
std::vector<std::pair<std::string, std::string>> model_pins(const Environment& environment);

}  // namespace awl::anthropic
