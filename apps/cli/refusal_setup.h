// Which model goes on when another refuses a message. Source: product documentation, "Automatic model
// fallback".
#pragma once

#include <string>
#include <vector>

#include "agent/engine.h"
#include "cli/arguments.h"
#include "cli/session_setup.h"

namespace awl::cli {

/// None when the settings say that nothing is to be switched (switchModelsOnFlag).
std::vector<agent::RefusalFallback> choose_refusal_fallbacks(const Setup& setup, const Arguments& arguments,
                                                             const std::string& session_id,
                                                             const std::string& device_id);

}  // namespace awl::cli
