#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "anthropic/error_advice.h"
#include "anthropic/json_client.h"
#include "anthropic/list_models.h"
#include "aws/endpoints.h"
#include "aws/sts.h"
#include "base/clock.h"
#include "base/uuid.h"
#include "cli/called_actions.h"
#include "cli/credentials_setup.h"
#include "cli/doctor.h"
#include "cli/request_setup.h"
#include "cli/state_files.h"
#include "net/curl_client.h"

namespace awl::cli {

namespace {

using anthropic::CallError;

// Keeps the headers of the last response, for what its date says about this machine's clock.
class DatedClient final : public net::HttpClient {
 public:
  explicit DatedClient(net::HttpClient& inner) : inner_(inner) {}

  Task<Result<std::unique_ptr<net::HttpResponse>>> send(net::HttpRequest request) override {
    auto sent = co_await inner_.send(std::move(request));
    if (sent) headers_ = (*sent)->head().headers;
    co_return sent;
  }
  const net::Headers& headers() const { return headers_; }

 private:
  net::HttpClient& inner_;
  net::Headers headers_;
};

void check_clock(Examination& examination, const net::Headers& headers) {
  if (net::find_header(headers, "date") == nullptr) return;
  const auto behind = anthropic::clock_skew(headers, system_clock_now());
  if (!behind) {
    examination.add("live", Health::kGood, "this machine's clock agrees with the platform's");
    return;
  }
  examination.add("live", Health::kWarning,
                  fmt::format("this machine's clock is {} minutes {} the platform's",
                              std::abs(behind->count()) / 60, behind->count() > 0 ? "behind" : "ahead of"),
                  "Set it (`timedatectl set-ntp true`): signatures are valid for five minutes. Sessions make "
                  "up for it at the "
                  "price of a refused request.");
}

// What the three questions are asked with.
struct Line {
  Examination& examination;
  const Arguments& arguments;
  net::HttpClient& http;
  anthropic::JsonClient& client;
};

anthropic::RequestSettings plain_settings(const Line& line) {
  anthropic::RequestSettings settings = make_request_settings(
      line.examination.setup, line.arguments, line.examination.setup.model, make_uuid(), /*device_id=*/"");
  settings.reasoning = {.interleaved = false};
  settings.cache.enabled = false;
  return settings;
}

void add_failure(Line& line, std::string_view what, CallError error) {
  const Setup& setup = line.examination.setup;
  anthropic::advise(
      error, {.provider = setup.provider, .refresh_command = setup.settings.aws_auth_refresh.value_or("")});
  line.examination.add("live", Health::kFailure, fmt::format("{}: {}", what, error.error.message),
                       error.error.hint);
}

Task<> ask_who(Line& line) {
  const Setup& setup = line.examination.setup;
  if (!line.examination.identity.asked || !line.examination.identity.problem.empty()) co_return;
  const auto chain = make_credentials_chain(setup, line.http);
  auto credentials = co_await chain->fetch();
  if (!credentials) co_return;
  const std::string& region = setup.provider.region;
  aws::StsClient sts(line.http,
                     {aws::service_endpoint(setup.model_environment, aws::Service::kSts, region), region},
                     system_clock_now);
  const auto caller = co_await sts.get_caller_identity(std::move(*credentials));
  if (caller) {
    line.examination.add("live", Health::kGood, fmt::format("AWS knows the credentials as {}", caller->arn));
  } else {
    // The model may be reachable where STS is not.
    line.examination.add("live", Health::kWarning, fmt::format("STS: {}", caller.error().message),
                         caller.error().hint);
  }
}

Task<> ask_for_models(Line& line) {
  const Setup& setup = line.examination.setup;
  if (setup.provider.kind == anthropic::ProviderKind::kBedrock ||
      setup.provider.kind == anthropic::ProviderKind::kFoundry)
    co_return;
  net::Headers headers = anthropic::common_headers(setup.provider, plain_settings(line));
  std::erase_if(headers, [](const net::Header& header) { return header.name == "content-type"; });
  auto models = co_await anthropic::list_models(line.client, setup.provider.base_url, headers);
  if (models) {
    line.examination.add("live", Health::kGood,
                         fmt::format("the workspace may use {} models", models->size()));
    co_return;
  }
  // Not needed for a prompt: a gateway need not serve it, and the identity need not be allowed it.
  CallError error = std::move(models).error();
  line.examination.add(
      "live", Health::kWarning, fmt::format("the list of models cannot be had: {}", error.error.message),
      "Nothing but `awl models` and the newest models behind aliases depends on it (IAM action ListModels).");
}

Task<> ask_the_model(Line& line) {
  const Setup& setup = line.examination.setup;
  anthropic::Conversation conversation;
  conversation.add_user({anthropic::text_block("Say hi.")});
  const anthropic::RequestBuilder builder(setup.provider, plain_settings(line));
  auto answer = co_await line.client.call(builder.build_probe(conversation));
  if (!answer) {
    CallError error = std::move(answer).error();
    co_return add_failure(line, fmt::format("a request to {} fails", setup.model.id), std::move(error));
  }
  line.examination.add("live", Health::kGood, fmt::format("{} answers", setup.model.id));
}

Task<> ask_all(Line& line) {
  co_await ask_who(line);
  co_await ask_for_models(line);
  co_await ask_the_model(line);
}

}  // namespace

void check_live(Examination& examination, const Arguments& arguments) {
  const Setup& setup = examination.setup;
  boost::asio::io_context io(1);
  const auto curl = net::make_curl_client(io.get_executor(), examination.network.http);
  DatedClient dated(*curl);
  const auto authenticator = make_authenticator(setup, *curl);
  anthropic::RetryPolicy policy = anthropic::choose_retry_policy(setup.environment, setup.provider);
  policy.max_retries = std::min(policy.max_retries, 1);
  anthropic::JsonClient client(dated, *authenticator, policy, [] { return 0.5; });
  Line line{examination, arguments, *curl, client};
  std::exception_ptr failure;
  boost::asio::co_spawn(io, ask_all(line), [&failure](const std::exception_ptr& e) { failure = e; });
  io.run();
  if (failure) std::rethrow_exception(failure);
  check_clock(examination, dated.headers());
}

std::string least_policy(const Setup& setup, const std::string& account) {
  const anthropic::Provider& provider = setup.provider;
  const std::string workspace = provider.workspace_id.empty() ? "*" : provider.workspace_id;
  // What cannot be left out, and what sessions called besides.
  CalledActions actions = load_actions(state_dir(setup.environment, setup.locations.home), workspace);
  actions.insert("CreateInference");
  json::Value on_workspace = json::Value::array();
  for (const std::string& action : actions) {
    if (action != kBearerAction) on_workspace.push_back("aws-external-anthropic:" + action);
  }
  json::Value policy{{"Version", "2012-10-17"}, {"Statement", json::Value::array()}};
  policy["Statement"].push_back(
      {{"Effect", "Allow"},
       {"Action", on_workspace},
       {"Resource", fmt::format("arn:aws:aws-external-anthropic:{}:{}:workspace/{}", provider.region,
                                account.empty() ? "*" : account, workspace)}});
  // It is bound to no workspace.
  if (actions.contains(std::string(kBearerAction)) || provider.auth == anthropic::AuthMethod::kApiKey) {
    policy["Statement"].push_back({{"Effect", "Allow"},
                                   {"Action", fmt::format("aws-external-anthropic:{}", kBearerAction)},
                                   {"Resource", "*"}});
  }
  return json::dump_pretty(policy);
}

}  // namespace awl::cli
