// Awl's own files, which are no settings: below $XDG_STATE_HOME/awl (else ~/.local/state/awl), private.
#pragma once

#include <optional>
#include <string>

#include "anthropic/model_list.h"
#include "anthropic/provider.h"
#include "anthropic/rejected_feature.h"
#include "base/clock.h"
#include "base/environment.h"
#include "os/file.h"

namespace awl::cli {

os::Path state_dir(const Environment& environment, const os::Path& home);

/// Tokens of MCP servers that the person signed in to: see mcp/login_store.h.
os::Path mcp_logins_file(const Environment& environment, const os::Path& home);

/// What trusted folders were when they were trusted: see config/trust.h.
os::Path trust_file(const Environment& environment, const os::Path& home);

/// A made-up number, in hexadecimal, by which the platform can tell this installation's requests apart; made
/// on first use and kept. It names nobody. Where it cannot be kept, each call gives another one.
std::string load_device_id(const os::Path& state_dir);

/// The models that a provider offered, as `awl models` last saw them.
struct KnownModels {
  anthropic::ModelList list;
  TimePoint fetched_at{};
};

constexpr std::chrono::hours kModelListLife{24};

/// What is kept for this base URL, workspace and region; nullopt when there is nothing or it cannot be read.
/// `now` decides nothing here: see is_fresh().
std::optional<KnownModels> load_models(const os::Path& state_dir, const anthropic::Provider& provider);
/// Errors: kIo and the like.
Result<> store_models(const os::Path& state_dir, const anthropic::Provider& provider,
                      const KnownModels& models);
/// Younger than kModelListLife, and not from the future.
bool is_fresh(const KnownModels& models, TimePoint now);

/// Parts of requests that what serves `base_url` turned out not to know, of the last 30 days.
anthropic::Features load_left_out(const os::Path& state_dir, const std::string& base_url, TimePoint now);
/// Adds to them. Errors: kIo and the like.
Result<> store_left_out(const os::Path& state_dir, const std::string& base_url,
                        const std::vector<std::string>& features, TimePoint now);

}  // namespace awl::cli
