#include "rpc/json_rpc.h"

#include "base/strings.h"

namespace awl::rpc {

namespace {

constexpr size_t kMaxMessageBytes = 64 << 20;
constexpr int kParseError = -32700;
constexpr int kInvalidRequest = -32600;
constexpr int kMethodNotFound = -32601;
constexpr int kInvalidParams = -32602;
constexpr int kInternalError = -32603;

json::Value error_object(int code, const std::string& message) {
  return {{"code", code}, {"message", message}};
}

int code_of(ErrorKind kind) {
  if (kind == ErrorKind::kUnsupported) return kMethodNotFound;
  return kind == ErrorKind::kInvalidInput || kind == ErrorKind::kNotFound ? kInvalidParams : kInternalError;
}

}  // namespace

JsonRpc::JsonRpc(const Executor& executor, Write write, Handler handler)
    : executor_(executor),
      write_(std::move(write)),
      handler_(std::move(handler)),
      answered_(executor),
      tasks_(executor) {}

void JsonRpc::send(json::Value message) {
  message["jsonrpc"] = "2.0";
  write_(json::dump(message) + "\n");
}

void JsonRpc::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const size_t end = bytes.find('\n');
    const std::string_view part = bytes.substr(0, end);
    // The rest of a line that is too long is passed over.
    if (pending_.size() + part.size() > kMaxMessageBytes) {
      too_long_ = true;
      pending_.clear();
    }
    if (!too_long_) pending_ += part;
    if (end == std::string_view::npos) return;
    bytes.remove_prefix(end + 1);
    const std::string line = std::exchange(pending_, "");
    if (std::exchange(too_long_, false)) {
      send({{"id", nullptr}, {"error", error_object(kInvalidRequest, "the message has more than 64 MB")}});
    } else if (!trim(line).empty()) {
      take(line);
    }
  }
}

void JsonRpc::take(std::string_view line) {
  auto message = json::parse(line);
  if (!message) {
    send({{"id", nullptr}, {"error", error_object(kParseError, "the line is not JSON")}});
    return;
  }
  if (!message->is_object()) {
    send({{"id", nullptr}, {"error", error_object(kInvalidRequest, "a message is a JSON object")}});
    return;
  }
  const json::Value* id = json::find(*message, "id");
  const auto method = json::get_string(*message, "method");
  if (!method) {
    if (id == nullptr || json::find(*message, "method") != nullptr) {
      send({{"id", id == nullptr ? json::Value() : *id},
            {"error", error_object(kInvalidRequest, "the message names no method")}});
    } else {
      answer(*message);
    }
    return;
  }
  const json::Value* found = json::find(*message, "params");
  const json::Value params = found == nullptr ? json::Value::object() : *found;
  if (id == nullptr || id->is_null()) {
    tasks_.spawn(serve(json::Value(), *method, params));
    return;
  }
  std::erase_if(serving_, [](const auto& entry) { return entry.second->size() == 0; });
  auto& group = serving_[json::dump(*id)];
  if (group) {
    send({{"id", *id}, {"error", error_object(kInvalidRequest, "a request of this id is not answered yet")}});
    return;
  }
  group = std::make_unique<async::TaskGroup>(executor_);
  group->spawn(serve(*id, *method, params));
}

Task<> JsonRpc::serve(json::Value id, std::string method, json::Value params) {
  auto result = co_await handler_(std::move(method), std::move(params));
  if (id.is_null()) co_return;
  if (result) {
    send({{"id", id}, {"result", std::move(*result)}});
  } else {
    send({{"id", id}, {"error", error_object(code_of(result.error().kind), describe(result.error()))}});
  }
}

void JsonRpc::cancel(const json::Value& id) {
  if (const auto found = serving_.find(json::dump(id)); found != serving_.end()) found->second->cancel();
}

void JsonRpc::answer(const json::Value& message) {
  const auto id = json::get_integer(message, "id");
  const auto found = id ? waiting_.find(*id) : waiting_.end();
  if (found == waiting_.end() || found->second) return;
  if (const json::Value* error = json::find(message, "error"); error != nullptr) {
    found->second = fail(ErrorKind::kApi, json::string_or_empty(*error, "message"));
  } else {
    const json::Value* result = json::find(message, "result");
    found->second = result == nullptr ? json::Value() : *result;
  }
  answered_.notify_all();
}

void JsonRpc::notify(std::string_view method, json::Value params) {
  send({{"method", method}, {"params", std::move(params)}});
}

Task<Result<json::Value>> JsonRpc::request(std::string method, json::Value params) {
  if (closed_) co_return fail(ErrorKind::kNetwork, "the program at the other end is gone");
  const int64_t id = ++next_id_;
  waiting_[id] = std::nullopt;
  const auto leave = [this, id](void*) { waiting_.erase(id); };
  const std::unique_ptr<void, decltype(leave)> at_end(this, leave);
  send({{"id", id}, {"method", std::move(method)}, {"params", std::move(params)}});
  while (!waiting_[id]) co_await answered_.wait();
  co_return *waiting_[id];
}

Task<> JsonRpc::close() {
  closed_ = true;
  for (auto& [id, answer] : waiting_) {
    if (!answer) answer = fail(ErrorKind::kNetwork, "the program at the other end is gone");
  }
  answered_.notify_all();
  tasks_.cancel();
  for (const auto& [id, group] : serving_) group->cancel();
  co_await tasks_.join();
  for (const auto& [id, group] : serving_) co_await group->join();
}

}  // namespace awl::rpc
