#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <random>

#include "anthropic/error_advice.h"
#include "anthropic/list_models.h"
#include "base/uuid.h"
#include "cli/called_actions.h"
#include "cli/commands.h"
#include "cli/network_setup.h"
#include "cli/request_setup.h"
#include "cli/state_files.h"

namespace awl::cli {

namespace {

constexpr std::string_view kAliases[] = {"fable", "opus", "sonnet", "haiku"};

struct Listing {
  std::optional<std::expected<anthropic::ModelList, anthropic::CallError>> models;
};

Task<> fetch(anthropic::JsonClient& client, const std::string& base_url, const net::Headers& headers,
             Listing& listing) {
  listing.models.emplace(co_await anthropic::list_models(client, base_url, headers));
}

Result<anthropic::ModelList> ask_platform(const Setup& setup, const Arguments& arguments) {
  AWL_TRY(auto network, make_network_setup(setup.environment));
  for (const std::string& problem : network.problems) fmt::print(stderr, "Warning: {}\n", problem);
  boost::asio::io_context io(1);
  const auto http = net::make_curl_client(io.get_executor(), std::move(network.http));
  const auto authenticator = make_authenticator(setup, *http);
  std::minstd_rand engine{std::random_device{}()};
  CalledActions actions;
  const auto noting = make_noting_client(*http, setup.provider, actions);
  anthropic::JsonClient client(*noting, *authenticator,
                               anthropic::choose_retry_policy(setup.environment, setup.provider),
                               [&engine] { return std::uniform_real_distribution<double>(0, 1)(engine); });

  anthropic::RequestSettings settings =
      make_request_settings(setup, arguments, setup.model, make_uuid(), /*device_id=*/"");
  settings.reasoning = {.interleaved = false};  // a list needs none of what a conversation does
  settings.cache.ttl = anthropic::CacheTtl::kFiveMinutes;
  settings.model.long_context = false;
  net::Headers headers = anthropic::common_headers(setup.provider, settings);
  std::erase_if(headers, [](const net::Header& header) { return header.name == "content-type"; });

  Listing listing;
  std::exception_ptr failure;
  boost::asio::co_spawn(io, fetch(client, setup.provider.base_url, headers, listing),
                        [&failure](const std::exception_ptr& e) { failure = e; });
  io.run();
  if (failure) std::rethrow_exception(failure);
  static_cast<void>(store_actions(state_dir(setup.environment, setup.locations.home),
                                  setup.provider.workspace_id, actions));
  if (*listing.models) return std::move(**listing.models);
  anthropic::CallError error = std::move(*listing.models).error();
  anthropic::advise(
      error, {.provider = setup.provider, .refresh_command = setup.settings.aws_auth_refresh.value_or("")});
  if (error.status == 403)
    error.error.hint += " Listing models needs the IAM action aws-external-anthropic:ListModels.";
  if (error.status == 404 && error.error.hint.empty())
    error.error.hint = "What the base URL names does not serve /v1/models; a gateway need not.";
  return std::unexpected(std::move(error.error));
}

// The aliases that stand for a model, as they are resolved with this list.
std::vector<std::string> aliases_of(const std::string& id, const Setup& setup,
                                    const anthropic::ModelList& list) {
  std::vector<std::string> aliases;
  for (const std::string_view alias : kAliases) {
    const anthropic::ModelChoice choice = anthropic::choose_model(
        {.flag = std::string(alias), .settings = {}}, setup.environment, setup.platform, false, list);
    if (choice.id == id) aliases.emplace_back(alias);
  }
  return aliases;
}

// One model for people and programs: what the platform says, and the price where the table knows it.
struct Row {
  anthropic::ListedModel model;
  anthropic::ModelInfo info;
  std::vector<std::string> aliases;

  int64_t window() const {
    if (model.max_input_tokens > 0) return model.max_input_tokens;
    return info.is_known() ? info.context_window : 0;
  }
  int64_t output() const {
    if (model.max_output_tokens > 0) return model.max_output_tokens;
    return info.is_known() ? info.max_output_limit : 0;
  }
};

json::Value number_or_null(int64_t value) { return value > 0 ? json::Value(value) : json::Value(); }

json::Value to_json(const Row& row) {
  json::Value out{{"id", row.model.id},
                  {"display_name", row.model.name},
                  {"created_at", row.model.created_at},
                  {"context_window", number_or_null(row.window())},
                  {"max_output_tokens", number_or_null(row.output())},
                  {"usd_per_million_tokens", nullptr},
                  {"aliases", row.aliases}};
  if (row.info.is_known()) {
    out["usd_per_million_tokens"] = {{"input", row.info.pricing.input}, {"output", row.info.pricing.output}};
  }
  return out;
}

std::string tokens(int64_t count) {
  if (count <= 0) return "-";
  if (count % 1'000'000 == 0) return fmt::format("{}M", count / 1'000'000);
  return count % 1'000 == 0 ? fmt::format("{}K", count / 1'000) : fmt::format("{}", count);
}

void print_table(const std::vector<Row>& rows) {
  size_t id_width = 2;
  size_t name_width = 4;
  for (const Row& row : rows) {
    id_width = std::max(id_width, row.model.id.size());
    name_width = std::max(name_width, row.model.name.size());
  }
  fmt::print("{:<{}}  {:<{}}  {:<10}  {:>6}  {:>6}  {:>13}  {}\n", "ID", id_width, "NAME", name_width,
             "CREATED", "WINDOW", "OUTPUT", "$ IN/OUT PER M", "ALIAS");
  for (const Row& row : rows) {
    const std::string price =
        row.info.is_known() ? fmt::format("{:g}/{:g}", row.info.pricing.input, row.info.pricing.output) : "-";
    std::string line =
        fmt::format("{:<{}}  {:<{}}  {:<10}  {:>6}  {:>6}  {:>14}  {}", row.model.id, id_width,
                    row.model.name, name_width, row.model.created_at.substr(0, 10), tokens(row.window()),
                    tokens(row.output()), price, fmt::join(row.aliases, ", "));
    while (line.ends_with(' ')) line.pop_back();
    fmt::print("{}\n", line);
  }
}

}  // namespace

int run_models(const Arguments& arguments, const Environment& shell, const os::Path& cwd) {
  const auto complain = [](const Error& error) {
    fmt::print(stderr, "Error: {}\n", describe(error));
    return 1;
  };
  const auto setup = make_setup(arguments, shell, cwd);
  if (!setup) return complain(setup.error());
  if (setup->provider.kind == anthropic::ProviderKind::kBedrock ||
      setup->provider.kind == anthropic::ProviderKind::kFoundry) {
    return complain({ErrorKind::kUnsupported,
                     fmt::format("{} ({}) has no list of models in the form of the Claude API",
                                 to_string(setup->provider.kind), setup->provider.reason),
                     setup->provider.kind == anthropic::ProviderKind::kBedrock
                         ? "`aws bedrock list-inference-profiles` shows what the account may use."
                         : "The Azure portal shows the deployments of the resource.",
                     ""});
  }
  for (const std::string& problem : setup->problems) fmt::print(stderr, "Warning: {}\n", problem);
  auto list = ask_platform(*setup, arguments);
  if (!list) return complain(list.error());

  const os::Path state = state_dir(setup->environment, setup->locations.home);
  if (!list->empty()) {
    if (const auto stored = store_models(state, setup->provider, {*list, system_clock_now()}); !stored)
      fmt::print(stderr, "Warning: the list cannot be kept: {}\n", describe(stored.error()));
  }
  std::vector<Row> rows;
  for (anthropic::ListedModel& model : *list) {
    const std::string id = model.id;
    rows.push_back({model, anthropic::find_model(id), aliases_of(id, *setup, *list)});
  }
  if (arguments.as_json) {
    json::Value all = json::Value::array();
    for (const Row& row : rows) all.push_back(to_json(row));
    fmt::print("{}", json::dump_pretty({{"models", all}}));
  } else if (rows.empty()) {
    fmt::print("The platform offers this workspace no models.\n");
  } else {
    print_table(rows);
  }
  return 0;
}

}  // namespace awl::cli
