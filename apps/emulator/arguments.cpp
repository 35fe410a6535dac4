#include "arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>

#include "emulator/config_file.h"

namespace awl::emulator_app {

namespace {

using emulator::Config;

/// The command line as it was given.
struct Arguments {
  Config config;
  int port = 8787;
  std::string config_file;
  std::optional<std::string> region;
  std::vector<std::string> access_keys;
  std::vector<std::string> api_keys;
  std::vector<std::string> bearer_tokens;
  std::optional<long long> token_lifetime_s;
  bool no_auth = false;
  bool no_federation = false;
  std::optional<long long> clock_offset_s;
  std::vector<std::string> faults;
  std::optional<uint64_t> seed;
  emulator::Limits limits;
  std::string upstream_key;
  std::string upstream_key_variable;
  std::string upstream_bearer_variable;
};

void declare_listening(CLI::App& app, Arguments& out) {
  constexpr const char* kGroup = "Listening";
  app.add_option("--port", out.port, "Port to listen on; 0: any free one")
      ->check(CLI::Range(0, 65'535))
      ->type_name("N")
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--address", out.config.address, "Address to listen on")
      ->capture_default_str()
      ->group(kGroup);
  app.add_flag("--allow-remote", out.config.allow_remote, "Permit an --address that other machines can reach")
      ->group(kGroup);
  app.add_option("--port-file", out.config.port_file, "File to write the port into once it is listening")
      ->group(kGroup);
}

void declare_account(CLI::App& app, Arguments& out) {
  constexpr const char* kGroup = "The account";
  Config& config = out.config;
  app.add_option("--config", out.config_file, "Configuration file: users and roles with policies, and more")
      ->group(kGroup);
  app.add_option("--region", out.region, "Region that is served [us-east-1]")->group(kGroup);
  app.add_option("--workspace", config.workspaces, "Workspace id that is known (repeatable)")->group(kGroup);
  app.add_option("--access-key", out.access_keys, "ID:SECRET[:TOKEN] that may sign requests (repeatable)")
      ->group(kGroup);
  app.add_option("--token-lifetime", out.token_lifetime_s, "Seconds after which session tokens have expired")
      ->check(CLI::Range(0LL, 31'536'000LL))
      ->group(kGroup);
  app.add_option("--api-key", out.api_keys, "Key that is accepted in x-api-key (repeatable)")->group(kGroup);
  app.add_option("--bearer", out.bearer_tokens, "Token that is accepted as a bearer token (repeatable)")
      ->group(kGroup);
  app.add_option("--policy", config.policies,
                 "IAM policy of the credentials given here: a managed one's name, or a file (repeatable)")
      ->group(kGroup);
  app.add_flag("--no-auth", out.no_auth, "Do not look at credentials; the workspace is still checked")
      ->group(kGroup);
  app.add_flag("--no-federation", out.no_federation,
               "As an account whose outbound web identity federation is switched off")
      ->group(kGroup);
  app.add_option("--clock-offset", out.clock_offset_s, "Seconds that the platform's clock is ahead")
      ->check(CLI::Range(-31'536'000LL, 31'536'000LL))
      ->group(kGroup);
}

void declare_answers(CLI::App& app, Arguments& out) {
  constexpr const char* kGroup = "Who answers (without any: the built-in explorer)";
  Config& config = out.config;
  app.add_option("--scenario", config.scenario, "Scenario file that the model follows")->group(kGroup);
  app.add_option("--replay", config.replay_file,
                 "File of --record-exchanges: equal requests get the same answers")
      ->group(kGroup);
  app.add_flag("--replay-timing", config.replay_timing, "Replay with the pauses of the record")
      ->group(kGroup);
  app.add_option("--upstream", config.upstream.url,
                 "Server with the Messages API that every request is passed on to")
      ->group(kGroup);
  app.add_option("--upstream-key", out.upstream_key, "API key for the upstream")->group(kGroup);
  app.add_option("--upstream-key-env", out.upstream_key_variable, "Environment variable with that key")
      ->group(kGroup);
  app.add_option("--upstream-bearer-env", out.upstream_bearer_variable,
                 "Environment variable with a bearer token for the upstream")
      ->group(kGroup);
}

void declare_behaviour(CLI::App& app, Arguments& out) {
  constexpr const char* kFaults = "Faults and limits";
  app.add_option("--fault", out.faults, "What goes wrong and when, such as status=529,every=3 (repeatable)")
      ->group(kFaults);
  app.add_option("--seed", out.seed, "Seed of faults with a probability [1]")->group(kFaults);
  const auto limit = [&](const char* name, std::optional<long long>& field, const char* text) {
    app.add_option(name, field, text)->check(CLI::Range(1LL, 1'000'000'000'000LL))->group(kFaults);
  };
  limit("--rpm", out.limits.requests_per_minute, "Requests a minute, for each class of models");
  limit("--itpm", out.limits.input_tokens_per_minute, "Uncached input tokens a minute");
  limit("--otpm", out.limits.output_tokens_per_minute, "Output tokens a minute");
  const auto spend = [&](const char* name, std::optional<double>& field, const char* text) {
    app.add_option(name, field, text)->check(CLI::Range(0.0, 1e9))->group(kFaults);
  };
  spend("--spend-limit", out.limits.spend_limit_usd,
        "Dollars a month that the organization allows itself (400)");
  spend("--workspace-spend-limit", out.limits.workspace_spend_limit_usd, "The same for each workspace");
  spend("--spend-cap", out.limits.spend_cap_usd, "Dollars a month of the usage tier (429)");
  constexpr const char* kRecords = "Records";
  app.add_option("--record", out.config.record_file,
                 "File to append every request to, one JSON object a line")
      ->group(kRecords);
  app.add_option("--record-exchanges", out.config.exchange_record_file,
                 "File to append every request and its response to, for --replay")
      ->group(kRecords);
}

void warn(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) fmt::print(stderr, "awl-emulator: {}\n", warning);
}

/// The file comes first, so that options change or add to what it says.
Result<> read_file(Arguments& arguments) {
  if (arguments.config_file.empty()) return {};
  const std::string scenario = arguments.config.scenario;
  if (arguments.region) arguments.config.region = *arguments.region;
  std::vector<std::string> warnings;
  AWL_TRY(arguments.config, emulator::load_config(arguments.config_file, std::move(arguments.config),
                                                  system_clock_now(), warnings));
  warn(warnings);
  if (!scenario.empty()) arguments.config.scenario = scenario;
  return {};
}

Result<Secret> secret_of(const std::string& variable) {
  const char* value = std::getenv(variable.c_str());
  if (value == nullptr || *value == '\0') {
    return fail(ErrorKind::kInvalidInput, fmt::format("the environment variable {} is not set", variable),
                "It should hold the upstream's credentials.");
  }
  return Secret(value);
}

Result<> take_upstream(const Arguments& arguments, Config& config) {
  config.upstream.api_key = Secret(arguments.upstream_key);
  if (!arguments.upstream_key_variable.empty()) {
    AWL_TRY(config.upstream.api_key, secret_of(arguments.upstream_key_variable));
  }
  if (!arguments.upstream_bearer_variable.empty()) {
    AWL_TRY(config.upstream.bearer, secret_of(arguments.upstream_bearer_variable));
  }
  const bool has_secret = !config.upstream.api_key.empty() || !config.upstream.bearer.empty();
  if (has_secret && config.upstream.url.empty())
    return fail(ErrorKind::kInvalidInput, "credentials for an upstream are given, and no --upstream");
  return {};
}

void take_limits(const emulator::Limits& given, emulator::Limits& out) {
  if (given.requests_per_minute) out.requests_per_minute = given.requests_per_minute;
  if (given.input_tokens_per_minute) out.input_tokens_per_minute = given.input_tokens_per_minute;
  if (given.output_tokens_per_minute) out.output_tokens_per_minute = given.output_tokens_per_minute;
  if (given.spend_limit_usd) out.spend_limit_usd = given.spend_limit_usd;
  if (given.workspace_spend_limit_usd) out.workspace_spend_limit_usd = given.workspace_spend_limit_usd;
  if (given.spend_cap_usd) out.spend_cap_usd = given.spend_cap_usd;
}

Result<Config> to_config(Arguments& arguments) {
  Config config = std::move(arguments.config);
  if (arguments.region) config.region = *arguments.region;
  for (const std::string& text : arguments.access_keys) {
    AWL_TRY(auto key, emulator::parse_access_key(text));
    config.access_keys.push_back(std::move(key));
  }
  for (std::string& key : arguments.api_keys) config.api_keys.emplace_back(std::move(key));
  for (std::string& token : arguments.bearer_tokens) config.bearer_tokens.emplace_back(std::move(token));
  for (const std::string& text : arguments.faults) {
    AWL_TRY(auto rule, emulator::parse_fault_rule(text));
    config.faults.push_back(std::move(rule));
  }
  if (arguments.seed) config.seed = *arguments.seed;
  take_limits(arguments.limits, config.limits);
  AWL_CHECK(take_upstream(arguments, config));
  config.port = static_cast<uint16_t>(arguments.port);
  if (arguments.no_auth) config.require_auth = false;
  if (arguments.no_federation) config.web_identity_federation = false;
  if (arguments.clock_offset_s) config.clock_offset = std::chrono::seconds(*arguments.clock_offset_s);
  std::optional<std::chrono::seconds> lifetime;
  if (arguments.token_lifetime_s) lifetime = std::chrono::seconds(*arguments.token_lifetime_s);
  return emulator::complete(std::move(config), lifetime, system_clock_now());
}

Parsed refuse(const Error& error, int code) {
  fmt::print(stderr, "awl-emulator: {}\n", describe(error));
  return {{}, code};
}

}  // namespace

Parsed parse_arguments(int argc, char** argv) {
  CLI::App app(
      "Claude Platform on AWS on this machine, for trying and testing without an account. Credentials and "
      "policies are really verified; the model is scripted and is not Claude.",
      "awl emulator");
  Arguments arguments;
  app.set_version_flag("--version", "awl-emulator " AWL_VERSION);
  app.footer(
      "Without credentials one access key is made up and printed. While it serves, GET /emulator/state shows "
      "what it "
      "is doing, POST /emulator/faults changes faults. Everything else: docs/emulator.md.");
  declare_listening(app, arguments);
  declare_account(app, arguments);
  declare_answers(app, arguments);
  declare_behaviour(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return {{}, app.exit(error)};
    fmt::print(stderr, "awl-emulator: {}\nSee awl emulator --help.\n", error.what());
    return {{}, 2};
  }
  const Result<> read = read_file(arguments);
  if (!read) return refuse(read.error(), 1);
  const bool reads_policies = !arguments.config.policies.empty();
  auto config = to_config(arguments);
  if (!config) return refuse(config.error(), reads_policies ? 1 : 2);
  for (const emulator::IamPolicy& policy : config->command_line.policies) warn(policy.warnings);
  return {std::move(*config), std::nullopt};
}

}  // namespace awl::emulator_app
