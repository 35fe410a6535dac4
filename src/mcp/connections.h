// All MCP servers of a session: connected in the background, again when they are needed, ended with it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "async/event.h"
#include "async/task_group.h"
#include "base/environment.h"
#include "mcp/client.h"
#include "mcp/server_config.h"

namespace awl::mcp {

enum class Status { kPending, kConnected, kFailed, kNeedsAuth, kDisabled };
std::string_view to_string(Status status);  ///< pending, connected, failed, needs-auth, disabled

struct ConnectionsOptions {
  Executor executor;
  ClientOptions client;     ///< of every connection; on_changed and on_closed are set here
  Environment environment;  ///< of programs
  os::Path project_dir;
  net::HttpClient* http = nullptr;
  bool trusted = false;  ///< the project may name helper programs
  os::Path logins;       ///< the file of LoginStore; empty: nobody signs in
  /// Takes a message to a server in the program that drives awl.
  std::function<Task<Result<std::string>>(std::string server, std::string message)> pass_to_host;
  /// Asks the person for a server; gives {action, content?}.
  std::function<Task<std::string>(std::string server, std::string params_json)> elicit;
  std::function<void()> on_changed;  ///< a server's state or what it offers
};

class Connections {
 public:
  struct Server {
    ServerConfig config;
    Status status = Status::kPending;
    std::string error;
    std::unique_ptr<Client> client;
    bool connecting = false;
  };

  explicit Connections(ConnectionsOptions options);
  ~Connections();

  /// Begins to connect. A server of a name that is there already takes its place.
  void add(ServerConfig config);
  /// Ends a server and forgets it; false when there is none.
  Task<bool> remove(std::string name);
  /// Ends and begins it again, or switches it off. Errors: kNotFound.
  Task<Result<>> restart(std::string name);
  Task<Result<>> set_enabled(std::string name, bool enabled);

  const std::vector<std::unique_ptr<Server>>& servers() const { return servers_; }
  Server* find(std::string_view name) const;
  bool any_pending() const;
  /// Returns when none is pending, or after `limit`. Cancellable.
  Task<> wait(std::chrono::milliseconds limit);

  /// A connection that works, made anew when the server ended. Errors: why there is none.
  Task<Result<Client*>> ready(std::string name);
  Task<> stop();

 private:
  Task<> connect(Server& server);
  Task<Result<>> try_connect(Server& server);
  Task<Result<net::Headers>> make_headers(const ServerConfig& config) const;
  Task<Result<std::unique_ptr<Transport>>> make_transport(const ServerConfig& config) const;
  void changed();
  Server& retire(std::string_view name);

  ConnectionsOptions options_;
  std::vector<std::unique_ptr<Server>> servers_;
  std::vector<std::unique_ptr<Server>> ended_;  // whose tasks may still run
  async::Event settled_;
  async::TaskGroup tasks_;
};

}  // namespace awl::mcp
