#include "mcp/connections.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "async/timeout.h"
#include "base/strings.h"
#include "os/process.h"

namespace awl::mcp {

namespace {

constexpr std::chrono::seconds kHelperLimit{10};
constexpr int kMaxHttpAttempts = 3;
constexpr std::chrono::milliseconds kFirstPause{500};

}  // namespace

std::string_view to_string(Status status) {
  switch (status) {
    case Status::kPending:
      return "pending";
    case Status::kConnected:
      return "connected";
    case Status::kFailed:
      return "failed";
    case Status::kNeedsAuth:
      return "needs-auth";
    case Status::kDisabled:
      return "disabled";
  }
  return "failed";
}

Connections::Connections(ConnectionsOptions options)
    : options_(std::move(options)), settled_(options_.executor), tasks_(options_.executor) {}

Connections::~Connections() = default;

void Connections::changed() {
  settled_.notify_all();
  if (options_.on_changed) options_.on_changed();
}

Connections::Server* Connections::find(std::string_view name) const {
  const auto found =
      std::ranges::find_if(servers_, [name](const auto& server) { return server->config.name == name; });
  return found == servers_.end() ? nullptr : found->get();
}

// One of this name must be there.
Connections::Server& Connections::retire(std::string_view name) {
  const auto place = std::ranges::find_if(servers_, [name](const auto& s) { return s->config.name == name; });
  ended_.push_back(std::move(*place));
  servers_.erase(place);
  return *ended_.back();
}

void Connections::add(ServerConfig config) {
  if (find(config.name) != nullptr) retire(config.name);
  servers_.push_back(std::make_unique<Server>());
  Server& server = *servers_.back();
  server.config = std::move(config);
  server.connecting = true;
  tasks_.spawn(connect(server));
}

Task<bool> Connections::remove(std::string name) {
  if (find(name) == nullptr) co_return false;
  const Server& server = retire(name);
  if (server.client) co_await server.client->close();
  changed();
  co_return true;
}

Task<Result<>> Connections::restart(std::string name) {
  Server* server = find(name);
  if (server == nullptr)
    co_return fail(ErrorKind::kNotFound, fmt::format("there is no MCP server named {}", name));
  ServerConfig config = server->config;
  co_await remove(name);
  add(std::move(config));
  changed();
  co_await wait(options_.client.start_limit);
  co_return Result<>();
}

Task<Result<>> Connections::set_enabled(std::string name, bool enabled) {
  Server* server = find(name);
  if (server == nullptr)
    co_return fail(ErrorKind::kNotFound, fmt::format("there is no MCP server named {}", name));
  if (enabled) {
    if (server->status != Status::kDisabled) co_return Result<>();
    auto restarted = co_await restart(name);
    co_return restarted;
  }
  if (server->client) co_await server->client->close();
  server->client.reset();
  server->status = Status::kDisabled;
  changed();
  co_return Result<>();
}

bool Connections::any_pending() const {
  return std::ranges::any_of(servers_, [](const auto& server) { return server->status == Status::kPending; });
}

Task<> Connections::wait(std::chrono::milliseconds limit) {
  const auto settle = [](Connections& all) -> Task<> {
    while (all.any_pending()) co_await all.settled_.wait();
  };
  auto settling = settle(*this);
  co_await async::finish_within(std::move(settling), limit);
}

Task<Result<net::Headers>> Connections::make_headers(const ServerConfig& config) const {
  net::Headers headers = config.headers;
  const bool of_project = config.scope == "project" || config.scope == "local";
  if (config.headers_helper.empty() || (of_project && !options_.trusted)) co_return headers;
  Environment environment = options_.environment;
  environment.set("CLAUDE_CODE_MCP_SERVER_NAME", config.name);
  environment.set("CLAUDE_CODE_MCP_SERVER_URL", config.url);
  os::ProcessOptions process{.argv = {"/bin/sh", "-c", config.headers_helper},
                             .environment = environment.to_entries(),
                             .working_directory = options_.project_dir};
  auto ran = co_await os::run_command(std::move(process), "", kHelperLimit);
  AWL_CO_TRY(const os::CommandResult result, std::move(ran));
  const auto printed = json::parse(result.out);
  if (!result.status.ok() || !printed || !printed->is_object()) {
    co_return fail(ErrorKind::kInvalidInput,
                   fmt::format("its headersHelper ended with exit code {} and printed no JSON object",
                               result.status.code));
  }
  for (const auto& [name, value] : printed->items()) {
    if (value.is_string()) net::set_header(headers, name, value.get<std::string>());
  }
  co_return headers;
}

Task<Result<std::unique_ptr<Transport>>> Connections::make_transport(const ServerConfig& config) const {
  using enum ServerConfig::Kind;
  if (config.kind == kStdio) {
    Environment environment = options_.environment;
    environment.set("CLAUDE_PROJECT_DIR", options_.project_dir.string());
    for (const auto& [name, value] : config.env) environment.set(name, value);
    co_return make_stdio_transport(options_.executor, config, environment.to_entries(), options_.project_dir);
  }
  if (config.kind == kHosted) {
    if (!options_.pass_to_host) co_return fail(ErrorKind::kInvalidInput, "no program drives this session");
    co_return make_hosted_transport(options_.executor, [this, name = config.name](std::string message) {
      return options_.pass_to_host(name, std::move(message));
    });
  }
  if (options_.http == nullptr)
    co_return fail(ErrorKind::kInvalidInput, "nothing can be requested in this run");
  auto made = co_await make_headers(config);
  AWL_CO_TRY(net::Headers headers, std::move(made));
  AWL_CO_CHECK(net::check_headers(headers));
  // Who brings a header of their own wants no login.
  std::unique_ptr<TokenSource> tokens;
  if (!options_.logins.empty() && net::find_header(headers, "authorization") == nullptr) {
    tokens = std::make_unique<TokenSource>(options_.executor, *options_.http, LoginStore(options_.logins),
                                           config.url, system_clock_now);
  }
  co_return make_http_transport(options_.executor, *options_.http, config.url, std::move(headers),
                                config.kind == kSse, std::move(tokens));
}

Task<Result<>> Connections::try_connect(Server& server) {
  if (server.client) co_await server.client->close();
  server.client.reset();
  auto made = co_await make_transport(server.config);
  AWL_CO_TRY(std::unique_ptr<Transport> transport, std::move(made));
  ClientOptions client = options_.client;
  client.on_changed = [this] { changed(); };
  client.on_closed = [this, &server](const Error& error) {
    server.status = Status::kFailed;
    server.error = describe(error);
    changed();
  };
  if (options_.elicit) {
    client.elicit = [this, name = server.config.name](std::string params) {
      return options_.elicit(name, std::move(params));
    };
  }
  server.client = std::make_unique<Client>(options_.executor, std::move(transport), std::move(client));
  auto connecting = server.client->connect();
  const auto connected = co_await async::with_timeout(std::move(connecting), options_.client.start_limit);
  if (!connected) {
    co_return fail(ErrorKind::kTimeout,
                   fmt::format("it was not ready within {:g} s",
                               static_cast<double>(options_.client.start_limit.count()) / 1000));
  }
  co_return *connected;
}

Task<> Connections::connect(Server& server) {
  server.connecting = true;
  server.status = Status::kPending;
  const bool remote =
      server.config.kind == ServerConfig::Kind::kHttp || server.config.kind == ServerConfig::Kind::kSse;
  Result<> connected;
  for (int attempt = 1;; ++attempt) {
    connected = co_await try_connect(server);
    const bool may_pass = !connected && connected.error().kind == ErrorKind::kNetwork;
    if (connected || !remote || !may_pass || attempt == kMaxHttpAttempts) break;
    co_await async::sleep_for(kFirstPause * (1 << (attempt - 1)));
  }
  server.connecting = false;
  server.status = connected                                                          ? Status::kConnected
                  : connected.error().kind == ErrorKind::kPermissionDenied && remote ? Status::kNeedsAuth
                                                                                     : Status::kFailed;
  server.error = connected ? "" : describe(connected.error());
  if (server.status == Status::kNeedsAuth)
    server.error += fmt::format(" `awl mcp login {}` signs in.", server.config.name);
  changed();
}

Task<Result<Client*>> Connections::ready(std::string name) {
  Server* server = find(name);
  if (server == nullptr)
    co_return fail(ErrorKind::kNotFound, fmt::format("there is no MCP server named {}", name));
  if (server->status == Status::kDisabled)
    co_return fail(ErrorKind::kPermissionDenied, fmt::format("the MCP server {} is switched off", name));
  if (!server->connecting && (server->client == nullptr || !server->client->is_open())) {
    co_await connect(*server);
  } else {
    while (server->connecting) co_await settled_.wait();
  }
  if (server->status == Status::kConnected) co_return server->client.get();
  co_return fail(ErrorKind::kNetwork,
                 fmt::format("the MCP server {} is not connected: {}", name, server->error));
}

Task<> Connections::stop() {
  tasks_.cancel();
  co_await tasks_.join();
  for (auto* list : {&servers_, &ended_}) {
    for (const auto& server : *list) {
      if (server->client) co_await server->client->close();
      server->client.reset();
    }
  }
}

}  // namespace awl::mcp
