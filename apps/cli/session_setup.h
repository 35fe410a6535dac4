// Puts a session together from the command line, the environment and the settings files.
#pragma once

#include <string>
#include <vector>

#include "agent/engine.h"
#include "anthropic/authenticator.h"
#include "anthropic/retry.h"
#include "aws/default_chain.h"
#include "base/environment.h"
#include "cli/arguments.h"
#include "config/settings.h"
#include "net/curl_client.h"

namespace awl::cli {

/// What everything else is derived from.
struct Setup {
  config::Locations locations;
  config::Settings settings;
  bool trusted = false;
  Environment shell;        ///< what the person started with
  Environment environment;  ///< with the settings' env over it
  anthropic::Provider provider;
  anthropic::ModelChoice model;
  std::vector<anthropic::ModelChoice> fallback_models;
  permission::Mode mode = permission::Mode::kDefault;
  permission::Rules rules;
  std::vector<std::string> problems;  ///< sentences for stderr: what was ignored or held back
};

/// Overwrites the values of the model's secrets in an `environ`-style array with blanks, so that no other
/// process reads them there. Take the snapshot first.
void wipe_model_secrets(char** entries);

/// Errors: kInvalidInput, for what the command line says; broken settings files are problems instead.
Result<Setup> make_setup(const Arguments& arguments, const Environment& shell, const os::Path& cwd);

/// The options of the engine. `session_id` is a UUID.
agent::EngineOptions make_engine_options(const Setup& setup, const Arguments& arguments,
                                         const std::string& session_id);

/// The way to authenticate that the provider asks for.
std::unique_ptr<anthropic::Authenticator> make_authenticator(const Setup& setup);

net::CurlClientOptions make_http_options(const Environment& environment);

}  // namespace awl::cli
