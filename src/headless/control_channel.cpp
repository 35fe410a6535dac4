#include "headless/control_channel.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "base/uuid.h"
#include "protocol/permission_update.h"

namespace awl::headless {

namespace {

constexpr std::string_view kGone = "the program that drives this session is gone";

}  // namespace

ControlChannel::ControlChannel(Executor executor, ByteSink& out, bool asks_permission)
    : out_(out), asks_permission_(asks_permission), answered_(std::move(executor)) {}

void ControlChannel::write(const json::Value& message) { out_.write(json::dump(message) + "\n"); }

Task<Result<json::Value>> ControlChannel::ask(json::Value request) {
  if (closed_) co_return fail(ErrorKind::kNetwork, std::string(kGone));
  const std::string id = make_uuid();
  waiting_[id] = std::nullopt;
  const auto leave = [this, id](void*) {
    const bool answered = waiting_[id].has_value();
    waiting_.erase(id);
    if (!answered && !closed_) write({{"type", "control_cancel_request"}, {"request_id", id}});
  };
  const std::unique_ptr<void, decltype(leave)> at_end(this, leave);
  write({{"type", "control_request"}, {"request_id", id}, {"request", std::move(request)}});
  while (!waiting_[id]) co_await answered_.wait();
  co_return *waiting_[id];
}

void ControlChannel::take_response(const json::Value& message) {
  const json::Value* response = json::find(message, "response");
  if (response == nullptr) return;
  const auto found = waiting_.find(json::string_or_empty(*response, "request_id"));
  if (found == waiting_.end() || found->second) return;
  if (json::string_or_empty(*response, "subtype") == "success") {
    const json::Value* value = json::find(*response, "response");
    found->second = value == nullptr ? json::Value::object() : *value;
  } else {
    found->second = fail(ErrorKind::kApi, json::string_or_empty(*response, "error"));
  }
  answered_.notify_all();
}

void ControlChannel::close() {
  closed_ = true;
  for (auto& [id, answer] : waiting_) {
    if (!answer) answer = fail(ErrorKind::kNetwork, std::string(kGone));
  }
  answered_.notify_all();
}

void ControlChannel::answer(const std::string& request_id, json::Value response) {
  json::Value inner{{"subtype", "success"}, {"request_id", request_id}};
  if (!response.is_null()) inner["response"] = std::move(response);
  write({{"type", "control_response"}, {"response", std::move(inner)}});
}

void ControlChannel::refuse(const std::string& request_id, const std::string& error) {
  write({{"type", "control_response"},
         {"response", {{"subtype", "error"}, {"request_id", request_id}, {"error", error}}}});
}

Task<protocol::PermissionAnswer> ControlChannel::ask_permission(protocol::PermissionQuestion question) {
  std::string reason = question.reason;
  if (!reason.ends_with('.')) reason += '.';
  if (!asks_permission_) {
    co_return protocol::PermissionAnswer{
        false,
        reason + " Nobody can be asked in this run; a permission rule or --allowedTools would allow it."};
  }
  const auto parsed = json::parse(question.input_json);
  const json::Value input = parsed ? *parsed : json::Value::object();
  // What a person would be offered beside yes and no.
  const std::string lasting = protocol::lasting_answer_json(question, input);
  json::Value request{
      {"subtype", "can_use_tool"},
      {"tool_name", question.tool_name},
      {"display_name", question.tool_name},
      {"input", input},
      {"description", json::string_or_empty(input, "description")},
      {"decision_reason", question.reason},
      {"permission_suggestions", lasting.empty() ? json::Value::array() : *json::parse(lasting)},
      {"tool_use_id", question.tool_use_id}};
  if (!question.agent_id.empty()) request["agent_id"] = question.agent_id;
  const auto answered = co_await ask(std::move(request));
  if (!answered) co_return protocol::PermissionAnswer{false, reason + " " + describe(answered.error())};
  protocol::PermissionAnswer answer;
  answer.allowed = json::string_or_empty(*answered, "behavior") == "allow";
  answer.message = json::string_or_empty(*answered, "message");
  if (!answer.allowed && answer.message.empty())
    answer.message = "the program that drives this session said no";
  answer.interrupt = json::get_bool(*answered, "interrupt").value_or(false);
  if (const json::Value* updated = json::find(*answered, "updatedInput");
      updated != nullptr && updated->is_object())
    answer.updated_input_json = json::dump(*updated);
  if (const json::Value* updates = json::find(*answered, "updatedPermissions");
      updates != nullptr && updates->is_array())
    answer.updated_permissions_json = json::dump(*updates);
  co_return answer;
}

Task<std::string> ControlChannel::elicit(protocol::ElicitationQuestion question) {
  json::Value request{{"subtype", "elicitation"}};
  if (const auto fields = json::parse(question.fields_json)) request.update(*fields);
  const auto answered = co_await ask(std::move(request));
  co_return answered ? json::dump(*answered) : R"({"action":"cancel"})";
}

Task<Result<std::string>> ControlChannel::call_hook(std::string callback_id, std::string input_json,
                                                    std::string tool_use_id) {
  const auto input = json::parse(input_json);
  json::Value request{{"subtype", "hook_callback"},
                      {"callback_id", callback_id},
                      {"input", input ? *input : json::Value::object()}};
  if (!tool_use_id.empty()) request["tool_use_id"] = tool_use_id;
  auto answered = co_await ask(std::move(request));
  AWL_CO_TRY(const json::Value output, std::move(answered));
  co_return json::dump(output);
}

Task<Result<std::string>> ControlChannel::pass_mcp_message(std::string server, std::string message_json) {
  const auto message = json::parse(message_json);
  json::Value request{{"subtype", "mcp_message"},
                      {"server_name", server},
                      {"message", message ? *message : json::Value::object()}};
  auto answered = co_await ask(std::move(request));
  AWL_CO_TRY(const json::Value output, std::move(answered));
  const json::Value* response = json::find(output, "mcp_response");
  co_return response == nullptr ? "{}" : json::dump(*response);
}

}  // namespace awl::headless
