// JSON-RPC 2.0 between two equals, one message a line. Source: jsonrpc.org, "Specification".
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "async/event.h"
#include "async/task.h"
#include "async/task_group.h"
#include "base/error.h"
#include "json/value.h"

namespace awl::rpc {

class JsonRpc {
 public:
  using Write = std::function<void(std::string_view line)>;
  /// Answers a request of the peer. Errors become error objects: kInvalidInput "invalid params", kUnsupported
  /// "method not found".
  using Handler = std::function<Task<Result<json::Value>>(std::string method, json::Value params)>;

  JsonRpc(const Executor& executor, Write write, Handler handler);

  /// Takes bytes of the peer, however they are cut.
  void feed(std::string_view bytes);
  /// Nobody waits for the answer to this request of the peer any more: it is cancelled, and gets none.
  /// Nothing happens when it is answered already.
  void cancel(const json::Value& id);
  void notify(std::string_view method, json::Value params);
  /// Errors: kApi with what the peer says, kNetwork when it is gone.
  Task<Result<json::Value>> request(std::string method, json::Value params);
  /// The peer is gone: who waits gets an error, and requests that are being answered are cancelled.
  Task<> close();

 private:
  void take(std::string_view line);
  Task<> serve(json::Value id, std::string method, json::Value params);
  void answer(const json::Value& message);
  void send(json::Value message);

  Executor executor_;
  Write write_;
  Handler handler_;
  std::string pending_;
  bool too_long_ = false;
  bool closed_ = false;
  int64_t next_id_ = 0;
  std::map<int64_t, std::optional<Result<json::Value>>> waiting_;
  // Requests of the peer by the JSON of their id, each in a group of its own so that it can be cancelled
  // alone.
  std::map<std::string, std::unique_ptr<async::TaskGroup>> serving_;
  async::Event answered_;
  async::TaskGroup tasks_;
};

}  // namespace awl::rpc
