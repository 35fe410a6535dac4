#include "acp/acp_session.h"

#include <map>

#include "base/uuid.h"
#include "protocol/permission_update.h"

namespace awl::acp {

namespace {

constexpr const char* kOnce = "allow_once";
constexpr const char* kAlways = "allow_always";
constexpr const char* kNo = "reject_once";

json::Value options_for(const protocol::PermissionQuestion& question, bool may_last) {
  json::Value options = json::Value::array();
  const auto add = [&options](const char* kind, const std::string& name) {
    options.push_back({{"optionId", kind}, {"name", name}, {"kind", kind}});
  };
  add(kOnce, "Allow");
  std::string rules;
  for (const std::string& rule : question.exact_rules) rules += (rules.empty() ? "" : ", ") + rule;
  if (may_last) add(kAlways, rules.empty() ? "Allow all changes in this session" : "Always allow " + rules);
  add(kNo, "Reject");
  return options;
}

}  // namespace

AcpSession::AcpSession(const Executor& executor, rpc::JsonRpc& rpc)
    : rpc_(rpc),
      updates_([this](json::Value update) {
        rpc_.notify("session/update", {{"sessionId", id_}, {"update", std::move(update)}});
      }),
      turned_(executor),
      engine_task_(executor) {}

void AcpSession::begin(std::string id, agent::Engine& engine) {
  id_ = std::move(id);
  engine_ = &engine;
}

Task<> AcpSession::run() {
  engine_task_.spawn(engine_->run());
  for (;;) {
    auto event = co_await engine_->next_event();
    if (!event) break;
    updates_.on_event(*event);
    if (std::holds_alternative<protocol::SessionStarted>(*event)) tell_commands();
    if (auto* ended = std::get_if<protocol::TurnEnded>(&*event);
        ended != nullptr && busy_ && ended->origin.empty()) {
      ended_ = std::move(*ended);
      turned_.notify_all();
    }
  }
  gone_ = true;
  turned_.notify_all();
  co_await engine_task_.join();
}

void AcpSession::close() {
  engine_->post(protocol::EndInput{});
  engine_->post(protocol::Interrupt{.drop_waiting = true});
}

Task<Result<json::Value>> AcpSession::prompt(std::string content_json) {
  if (busy_) co_return fail(ErrorKind::kInvalidInput, "a prompt of this session is being answered");
  busy_ = true;
  const auto done = [this](void*) { busy_ = false; };
  const std::unique_ptr<void, decltype(done)> at_end(this, done);
  ended_.reset();
  cancelled_ = false;
  prompt_uuid_ = make_uuid();
  engine_->post(protocol::SendMessage{std::move(content_json), prompt_uuid_});
  while (!ended_ && !gone_) co_await turned_.wait();
  if (!ended_ || cancelled_) co_return json::Value{{"stopReason", "cancelled"}};
  const std::string reason = stop_reason(*ended_);
  if (reason.empty()) co_return fail(ErrorKind::kApi, ended_->text);
  co_return json::Value{{"stopReason", reason}};
}

void AcpSession::cancel() {
  // A prompt that no turn has taken up has no turn to interrupt.
  if (busy_ && engine_->controls().cancel_message(prompt_uuid_)) {
    ended_ = protocol::TurnEnded{.outcome = protocol::TurnOutcome::kInterrupted};
    turned_.notify_all();
  }
  engine_->post(protocol::Interrupt{});
}

Result<> AcpSession::set_mode(const std::string& mode) { return engine_->controls().set_mode(mode); }

// An editor shows options, and no more: each question of the model becomes one choice of these.
Task<protocol::PermissionAnswer> AcpSession::ask_questions(protocol::PermissionQuestion question,
                                                           json::Value input) {
  json::Value answers = json::Value::object();
  for (const json::Value& one : input["questions"]) {
    const std::string text = json::string_or_empty(one, "question");
    json::Value options = json::Value::array();
    std::map<std::string, std::string> labels;  // by the id of the option
    for (const json::Value& option : one["options"]) {
      const std::string label = json::string_or_empty(option, "label");
      const std::string id = "answer_" + std::to_string(labels.size() + 1);
      labels[id] = label;
      options.push_back({{"optionId", id}, {"name", label}, {"kind", kOnce}});
    }
    options.push_back({{"optionId", "leave_open"}, {"name", "Leave it open"}, {"kind", kNo}});
    json::Value call = describe_tool_call(question.tool_use_id, question.tool_name, input);
    call["title"] = text;
    auto asked = co_await rpc_.request("session/request_permission",
                                       {{"sessionId", id_}, {"toolCall", call}, {"options", options}});
    if (!asked) co_return protocol::PermissionAnswer{false, describe(asked.error())};
    const json::Value* outcome = json::find(*asked, "outcome");
    if (outcome == nullptr || json::string_or_empty(*outcome, "outcome") != "selected") {
      cancelled_ = true;
      co_return protocol::PermissionAnswer{.allowed = false, .message = "", .interrupt = true};
    }
    const auto chosen = labels.find(json::string_or_empty(*outcome, "optionId"));
    if (chosen != labels.end()) answers[text] = chosen->second;
  }
  input["answers"] = std::move(answers);
  co_return protocol::PermissionAnswer{
      .allowed = true, .message = "", .updated_input_json = json::dump(input)};
}

Task<protocol::PermissionAnswer> AcpSession::ask_permission(protocol::PermissionQuestion question) {
  const auto parsed = json::parse(question.input_json);
  const json::Value input = parsed ? *parsed : json::Value::object();
  if (question.tool_name == "AskUserQuestion") {
    auto answer = co_await ask_questions(std::move(question), input);
    co_return answer;
  }
  const std::string lasting = protocol::lasting_answer_json(question, input);
  auto asked = co_await rpc_.request(
      "session/request_permission",
      {{"sessionId", id_},
       {"toolCall", describe_tool_call(question.tool_use_id, question.tool_name, input)},
       {"options", options_for(question, !lasting.empty())}});
  protocol::PermissionAnswer answer;
  if (!asked) {
    answer.message = question.reason + ". " + describe(asked.error());
    co_return answer;
  }
  const json::Value* outcome = json::find(*asked, "outcome");
  const std::string option = outcome == nullptr ? "" : json::string_or_empty(*outcome, "optionId");
  answer.allowed = option == kOnce || option == kAlways;
  if (option == kAlways) answer.updated_permissions_json = lasting;
  if (!answer.allowed) answer.message = "the person said no";
  // Cancelled: so is the turn.
  if (option.empty()) answer.interrupt = cancelled_ = true;
  co_return answer;
}

// Once, when the session knows them all.
void AcpSession::tell_commands() {
  if (std::exchange(commands_told_, true)) return;
  const auto session = json::parse(engine_->controls().describe_session_json());
  const json::Value* commands = session ? json::find(*session, "commands") : nullptr;
  if (commands == nullptr || !commands->is_array()) return;
  json::Value list = json::Value::array();
  for (const json::Value& command : *commands) {
    json::Value entry{{"name", json::string_or_empty(command, "name")},
                      {"description", json::string_or_empty(command, "description")}};
    if (const std::string hint = json::string_or_empty(command, "argumentHint"); !hint.empty())
      entry["input"] = {{"hint", hint}};
    list.push_back(std::move(entry));
  }
  rpc_.notify("session/update",
              {{"sessionId", id_},
               {"update", {{"sessionUpdate", "available_commands_update"}, {"availableCommands", list}}}});
}

}  // namespace awl::acp
