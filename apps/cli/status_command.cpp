#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "async/task.h"
#include "base/clock.h"
#include "base/uuid.h"
#include "cli/commands.h"
#include "cli/identity.h"
#include "cli/messages.h"
#include "cli/network_setup.h"
#include "cli/session_setup.h"
#include "cli/version.h"

namespace awl::cli {

namespace {

// What the network needs, or the sentence that says what is wrong with it.
struct Network {
  NetworkSetup setup;
  std::string problem;
};

Network look_at_network(const Setup& setup) {
  auto network = make_network_setup(setup.environment);
  if (!network) return {{}, describe(network.error())};
  return {std::move(*network), ""};
}

json::Value network_json(const NetworkSetup& network) {
  const auto or_null = [](std::string_view text) { return text.empty() ? json::Value() : json::Value(text); };
  return {{"proxy", or_null(network.http.proxy.url)},
          {"proxy_source", or_null(network.proxy_source)},
          {"additional_ca_certs", network.ca_files},
          {"client_cert", or_null(network.http.identity.certificate_file)}};
}

json::Value to_json(const Setup& setup, const Identity& identity, const Network& network,
                    const Result<>& usable) {
  const anthropic::Provider& provider = setup.provider;
  json::Value root{{"version", version_line()},
                   {"usable", usable.has_value() && identity.problem.empty() && network.problem.empty()}};
  root["provider"] = {{"name", to_string(provider.kind)}, {"reason", provider.reason}};
  if (provider.kind == anthropic::ProviderKind::kClaudePlatformOnAws)
    root["workspace_id"] = provider.workspace_id.empty() ? json::Value() : json::Value(provider.workspace_id);
  if (!provider.region.empty()) {
    root["region"] = {
        {"name", provider.region}, {"source", provider.region_source}, {"notes", provider.region_notes}};
    root["sign_host"] = provider.sign_host.empty() ? json::Value() : json::Value(provider.sign_host);
  }
  root["base_url"] = {
      {"url", provider.base_url},
      {"overridden_by",
       provider.base_url_source.empty() ? json::Value() : json::Value(provider.base_url_source)}};
  root["auth"] = {{"method", to_string(provider.auth)}, {"source", provider.auth_source}};
  if (!provider.secret.empty()) root["auth"]["secret"] = provider.secret.masked();
  if (identity.asked) {
    json::Value& aws = root["auth"]["aws"];
    aws["access_key_id"] =
        identity.access_key_id.empty() ? json::Value() : json::Value(Secret(identity.access_key_id).masked());
    aws["source"] = identity.source;
    aws["expiration"] = identity.expiration.empty() ? json::Value() : json::Value(identity.expiration);
    aws["trace"] = json::Value::array();
    for (const aws::ChainStep& step : identity.trace)
      aws["trace"].push_back(
          {{"provider", step.provider}, {"outcome", step.outcome}, {"took_ms", step.took.count()}});
  }
  const auto profile = [](bool set, const std::string& name) {
    return set ? json::Value(name) : json::Value();
  };
  root["model_aws_profile"] =
      profile(!setup.model_profile_source.empty(), setup.model_environment.get("AWS_PROFILE"));
  root["tools_aws_profile"] =
      profile(setup.settings.tools_aws_profile.has_value(), setup.settings.tools_aws_profile.value_or(""));
  root["model"] = {
      {"id", setup.model.id},
      {"requested", setup.model.requested},
      {"source", setup.model.source},
      {"pin", setup.model.pin.empty() ? json::Value() : json::Value(setup.model.pin)},
      {"resolved_by", setup.model.resolved_by.empty() ? json::Value() : json::Value(setup.model.resolved_by)},
      {"context_window", setup.model.context_window},
      {"small", setup.small_model.id}};
  root["model_pins"] = json::Value::object();
  for (const auto& [name, value] : anthropic::model_pins(setup.environment)) root["model_pins"][name] = value;
  root["settings_files"] = setup.settings.sources;
  root["folder"] = {{"path", setup.locations.project_dir.string()}, {"trusted", setup.trusted}};
  root["permission_mode"] = permission::to_string(setup.mode);
  root["left_out"] = setup.left_out;
  root["network"] = network_json(network.setup);
  root["problems"] = setup.problems;
  for (const std::string& problem : network.setup.problems) root["problems"].push_back(problem);
  if (!network.problem.empty()) root["problems"].push_back(network.problem);
  if (!usable) root["problems"].push_back(describe(usable.error()));
  if (!identity.problem.empty()) root["problems"].push_back(identity.problem);
  return root;
}

void print_line(std::string_view name, std::string_view value, std::string_view note = {}) {
  fmt::print("{:<18}{}{}\n", name, value, note.empty() ? "" : fmt::format("  ({})", note));
}

void print_authentication(const Setup& setup, const Identity& identity) {
  const anthropic::Provider& provider = setup.provider;
  print_line("Authentication", to_string(provider.auth),
             provider.secret.empty() ? provider.auth_source
                                     : fmt::format("{}={}", provider.auth_source, provider.secret.masked()));
  if (!identity.asked) return;
  if (!setup.model_profile_source.empty())
    print_line("Model's profile", setup.model_environment.get("AWS_PROFILE"), setup.model_profile_source);
  if (setup.settings.tools_aws_profile)
    print_line("Tools' profile", *setup.settings.tools_aws_profile,
               setup.settings.tools_aws_session_policy ? "toolsAwsProfile, narrowed by toolsAwsSessionPolicy"
                                                       : "toolsAwsProfile");
  if (!identity.access_key_id.empty()) {
    print_line("AWS credentials", Secret(identity.access_key_id).masked(), identity.source);
    if (!identity.expiration.empty()) print_line("", "expire at " + identity.expiration);
  }
  for (const aws::ChainStep& step : identity.trace)
    print_line("", fmt::format("- {}: {} ({} ms)", step.provider, step.outcome, step.took.count()));
}

void print_network(const Network& network) {
  const NetworkSetup& setup = network.setup;
  if (!setup.http.proxy.empty()) print_line("Proxy", setup.http.proxy.url, setup.proxy_source);
  for (const std::string& file : setup.ca_files) print_line("Additional CA", file);
  if (!setup.http.identity.certificate_file.empty())
    print_line("mTLS client cert", setup.http.identity.certificate_file);
}

std::string how_resolved(const anthropic::ModelChoice& model) {
  if (!model.pin.empty()) return ", pinned by " + model.pin;
  return model.resolved_by.empty() ? "" : fmt::format(", resolved by the {}", model.resolved_by);
}

void print_text(const Setup& setup, const Identity& identity, const Network& network,
                const Result<>& usable) {
  const anthropic::Provider& provider = setup.provider;
  print_line("Awl", version_line());
  print_line("API provider", to_string(provider.kind), provider.reason);
  if (provider.kind == anthropic::ProviderKind::kClaudePlatformOnAws)
    print_line("Workspace ID", provider.workspace_id.empty() ? "not set" : provider.workspace_id);
  if (!provider.region.empty()) {
    print_line("AWS region", provider.region, provider.region_source);
    for (const std::string& note : provider.region_notes) print_line("", note);
  }
  if (!provider.base_url.empty()) {
    print_line("Base URL", provider.base_url,
               provider.base_url_source.empty() ? "" : "override by " + provider.base_url_source);
  }
  if (!provider.sign_host.empty()) print_line("Signed host", provider.sign_host);
  print_authentication(setup, identity);
  print_line(
      "Model", setup.model.id,
      fmt::format("{} from {}{}", setup.model.requested, setup.model.source, how_resolved(setup.model)));
  print_line("Small model", setup.small_model.id);
  for (const auto& [name, value] : anthropic::model_pins(setup.environment))
    print_line("Model pin", fmt::format("{}={}", name, value));
  for (const std::string& feature : setup.left_out)
    print_line("Left out", anthropic::describe_feature(feature), "the base URL's server refused it");
  print_network(network);
  print_line("Folder", setup.locations.project_dir.string(), setup.trusted ? "trusted" : "not trusted");
  print_line("Permission mode", permission::to_string(setup.mode));
  if (setup.settings.sources.empty()) print_line("Settings files", "none");
  for (const std::string& source : setup.settings.sources) print_line("Settings file", source);
  for (const auto* problems : {&setup.problems, &network.setup.problems}) {
    for (const std::string& problem : *problems) print_line("Problem", problem);
  }
  if (!network.problem.empty()) print_line("Problem", network.problem);
  if (!usable) print_line("Problem", describe(usable.error()));
  if (!identity.problem.empty()) print_line("Problem", identity.problem);
}

}  // namespace

int run_status(const Arguments& arguments, const Environment& shell, const os::Path& cwd) {
  const auto setup = make_setup(arguments, shell, cwd);
  if (!setup) {
    tell("Error: " + describe(setup.error()));
    return 1;
  }
  const Result<> usable = setup->request_error ? Result<>(std::unexpected(*setup->request_error))
                                               : anthropic::check(setup->provider);
  const Network network = look_at_network(*setup);
  const Identity identity = find_identity(*setup, network.setup);
  if (arguments.as_json) {
    if (print_text(json::dump_pretty(to_json(*setup, identity, network, usable))) != 0) return 1;
  } else {
    print_text(*setup, identity, network, usable);
  }
  return usable && identity.problem.empty() && network.problem.empty() ? 0 : 1;
}

}  // namespace awl::cli
