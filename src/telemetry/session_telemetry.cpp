#include "telemetry/session_telemetry.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "json/json.h"

namespace awl::telemetry {

namespace {

constexpr std::string_view kRedacted = "<REDACTED>";
constexpr std::string_view kCut = "[TRUNCATED]";

int64_t milliseconds_of(std::chrono::milliseconds time) { return time.count(); }

// The text of a message, a JSON string or a list of content blocks.
std::string text_of(const std::string& content_json) {
  const auto content = json::parse(content_json);
  if (!content) return "";
  if (content->is_string()) return content->get<std::string>();
  std::string text;
  for (const json::Value& block : *content) {
    if (json::string_or_empty(block, "type") == "text")
      text += (text.empty() ? "" : "\n") + json::string_or_empty(block, "text");
  }
  return text;
}

std::string_view outcome_of(const protocol::HookEnded& hook) {
  return hook.outcome == "cancelled" ? "num_cancelled"
         : hook.exit_code == 2       ? "num_blocking"
         : hook.outcome == "success" ? "num_success"
                                     : "num_non_blocking_error";
}

}  // namespace

SessionTelemetry::SessionTelemetry(Exporter& exporter, SessionFacts facts)
    : exporter_(exporter), facts_(std::move(facts)) {}

// Custom keys never stand in the place of these.
Attributes SessionTelemetry::standard(bool of_metric) const {
  const Settings& settings = exporter_.settings();
  Attributes all{{"user.id", facts_.user_id}};
  if (!of_metric || settings.include_session) all.emplace_back("session.id", facts_.session_id);
  if (settings.include_version) all.emplace_back("app.version", facts_.version);
  if (settings.include_entry_point) all.emplace_back("app.entrypoint", facts_.entry_point);
  if (!facts_.terminal.empty()) all.emplace_back("terminal.type", facts_.terminal);
  if (!facts_.workspace.empty()) all.emplace_back("workspace.id", facts_.workspace);
  if (of_metric && !settings.include_resource) return all;
  for (const auto& [key, value] : settings.custom) {
    if (std::ranges::none_of(all, [&key](const auto& own) { return own.first == key; }))
      all.emplace_back(key, value);
  }
  return all;
}

void SessionTelemetry::emit(const std::string& name, Attributes attributes) {
  if (!exporter_.settings().logs.is_on()) return;
  Attributes all = standard(false);
  all.emplace_back("event.name", name);
  all.emplace_back("event.timestamp", format_iso8601(system_clock_now()));
  all.emplace_back("event.sequence", sequence_++);
  if (!prompt_id_.empty()) all.emplace_back("prompt.id", prompt_id_);
  std::ranges::move(attributes, std::back_inserter(all));
  LogRecord record{now_ns(), "claude_code." + name, std::move(all)};
  const Settings& settings = exporter_.settings();
  if (!interaction_.empty()) {
    record.trace_id = trace_id_;
    record.span_id = interaction_;
  } else if (!settings.trace_id.empty()) {
    record.trace_id = settings.trace_id;
    record.span_id = settings.parent_id;
  }
  exporter_.add(std::move(record));
}

void SessionTelemetry::count(const std::string& name, const std::string& unit, Attributes attributes,
                             Value amount) {
  Attributes all = standard(true);
  std::ranges::move(attributes, std::back_inserter(all));
  exporter_.count("claude_code." + name, unit, std::move(all), std::move(amount));
}

std::string SessionTelemetry::gated(bool open, std::string text) const {
  if (!open) return std::string(kRedacted);
  const size_t limit = exporter_.settings().gates.max_bytes;
  if (text.size() <= limit) return text;
  const size_t kept = limit > kCut.size() ? limit - kCut.size() : 0;
  return std::string(utf8_prefix(text, kept)) + std::string(kCut);
}

void SessionTelemetry::add_span(const std::string& name, std::string id, const std::string& parent,
                                int64_t start, int64_t end, Attributes attributes, const std::string& error) {
  if (!exporter_.settings().traces.is_on()) return;
  Attributes all = standard(false);
  all.emplace_back("span.type", name);
  std::ranges::move(attributes, std::back_inserter(all));
  exporter_.add(
      Span{trace_id_, std::move(id), parent, "claude_code." + name, start, end, std::move(all), error});
}

void SessionTelemetry::begin() {
  count("session.count", "", {{"start_type", facts_.start_type}}, int64_t{1});
  const bool details = exporter_.settings().gates.details;
  for (const std::string& plugin : facts_.plugins)
    emit("plugin_loaded", {{"plugin.name", details ? plugin : "third-party"}});
}

void SessionTelemetry::on_event(const protocol::Event& event, const std::string& agent) {
  std::visit(
      [&](const auto& one) {
        using One = std::decay_t<decltype(one)>;
        if constexpr (std::is_same_v<One, protocol::CallEnded>) {
          note(one, agent);
        } else if constexpr (std::is_same_v<One, protocol::SessionStarted>) {
          model_ = one.model;
          mode_ = one.permission_mode;
        } else if constexpr (std::is_same_v<One, protocol::CompactionStarted>) {
          compaction_began_ = now_ns();
        } else if constexpr (requires { note(one); }) {
          // What a subagent says to itself begins and ends nothing here.
          constexpr bool is_of_session =
              std::is_same_v<One, protocol::MessageAccepted> || std::is_same_v<One, protocol::TurnEnded> ||
              std::is_same_v<One, protocol::AssistantBlock> || std::is_same_v<One, protocol::ModeChanged>;
          if (!is_of_session || agent.empty()) note(one);
        }
      },
      event);
}

void SessionTelemetry::note(const protocol::MessageAccepted& message) {
  prompt_id_ = make_uuid();
  prompt_ = text_of(message.content_json);
  prompt_length_ =
      static_cast<size_t>(std::ranges::count_if(prompt_, [](char c) { return (c & 0xC0) != 0x80; }));
  retries_ = 0;
  const Settings& settings = exporter_.settings();
  if (settings.traces.is_on()) {
    trace_id_ = settings.trace_id.empty() ? random_hex(16) : settings.trace_id;
    interaction_ = random_hex(8);
    interaction_began_ = now_ns();
    ++interactions_;
  }
  Attributes told{{"prompt_length", static_cast<int64_t>(prompt_length_)},
                  {"prompt", gated(settings.gates.prompts, prompt_)},
                  {"message.uuid", message.uuid}};
  if (prompt_.starts_with('/')) {
    const std::string command = prompt_.substr(1, prompt_.find_first_of(" \n") - 1);
    told.emplace_back("command_name", settings.gates.details ? command : "custom");
  }
  emit("user_prompt", std::move(told));
}

void SessionTelemetry::note(const protocol::AssistantBlock& block) {
  if (!block.error.empty() || !block.parent_tool_use_id.empty()) return;
  response_uuid_ = block.uuid;
  const auto parsed = json::parse(block.block_json);
  if (parsed && json::string_or_empty(*parsed, "type") == "text")
    response_ += json::string_or_empty(*parsed, "text");
}

void SessionTelemetry::note_response(const protocol::CallEnded& call, const std::string& source) {
  const std::string text = std::exchange(response_, "");
  if (text.empty()) return;
  const auto length = std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; });
  emit("assistant_response", {{"response_length", static_cast<int64_t>(length)},
                              {"response", gated(exporter_.settings().gates.responses, text)},
                              {"model", call.model},
                              {"request_id", call.ids.anthropic},
                              {"aws_request_id", call.ids.amzn},
                              {"message.uuid", response_uuid_},
                              {"query_source", source}});
}

void SessionTelemetry::note(const protocol::CallEnded& call, const std::string& agent) {
  const bool own_agent = std::ranges::find(facts_.builtin_agents, agent) == facts_.builtin_agents.end();
  const std::string agent_name = own_agent && !exporter_.settings().gates.details ? "custom" : agent;
  const std::string source = agent.empty() ? "repl_main_thread" : agent_name;
  const anthropic::TokenUsage& usage = call.usage;
  Attributes labels{{"model", call.model}, {"query_source", agent.empty() ? "main" : "subagent"}};
  if (!facts_.effort.empty()) labels.emplace_back("effort", facts_.effort);
  if (!agent.empty()) labels.emplace_back("agent.name", agent_name);
  count("cost.usage", "USD", labels, call.cost_usd);
  for (const auto& [type, tokens] :
       {std::pair{"input", usage.input_tokens}, std::pair{"output", usage.output_tokens},
        std::pair{"cacheRead", usage.cache_read_input_tokens},
        std::pair{"cacheCreation", usage.cache_creation_input_tokens}}) {
    Attributes own = labels;
    own.emplace_back("type", type);
    if (tokens > 0) count("token.usage", "tokens", std::move(own), static_cast<int64_t>(tokens));
  }
  Attributes told{{"model", call.model},
                  {"cost_usd", call.cost_usd},
                  {"cost_usd_micros", static_cast<int64_t>(call.cost_usd * 1e6 + 0.5)},
                  {"duration_ms", milliseconds_of(call.took)},
                  {"input_tokens", static_cast<int64_t>(usage.input_tokens)},
                  {"output_tokens", static_cast<int64_t>(usage.output_tokens)},
                  {"cache_read_tokens", static_cast<int64_t>(usage.cache_read_input_tokens)},
                  {"cache_creation_tokens", static_cast<int64_t>(usage.cache_creation_input_tokens)},
                  {"request_id", call.ids.anthropic},
                  {"aws_request_id", call.ids.amzn},
                  {"speed", "normal"},
                  {"query_source", source}};
  if (!facts_.effort.empty()) told.emplace_back("effort", facts_.effort);
  if (!agent.empty()) told.emplace_back("agent.name", agent_name);
  emit("api_request", told);
  const int64_t end = now_ns();
  told.emplace_back("gen_ai.system", "anthropic");
  told.emplace_back("gen_ai.request.model", call.model);
  told.emplace_back("success", true);
  told.emplace_back("attempt", int64_t{retries_} + 1);
  add_span("llm_request", random_hex(8), interaction_, end - milliseconds_of(call.took) * 1'000'000, end,
           std::move(told));
  if (agent.empty()) note_response(call, source);
  retries_ = 0;
}

void SessionTelemetry::note(const protocol::RetryScheduled& retry) { retries_ = retry.attempt; }

void SessionTelemetry::end_interaction() {
  const int64_t end = now_ns();
  add_span("interaction", interaction_, exporter_.settings().parent_id, interaction_began_, end,
           {{"user_prompt", gated(exporter_.settings().gates.prompts, prompt_)},
            {"user_prompt_length", static_cast<int64_t>(prompt_length_)},
            {"interaction.sequence", interactions_},
            {"interaction.duration_ms", (end - interaction_began_) / 1'000'000}});
  interaction_.clear();
}

void SessionTelemetry::note(const protocol::TurnEnded& ended) {
  if (ended.outcome == protocol::TurnOutcome::kApiError) {
    Attributes told{{"model", model_},
                    {"error", ended.text},
                    {"attempt", int64_t{retries_} + 1},
                    {"duration_ms", milliseconds_of(ended.api_duration)},
                    {"speed", "normal"},
                    {"query_source", "repl_main_thread"}};
    if (ended.api_error_status) told.emplace_back("status_code", int64_t{*ended.api_error_status});
    emit("api_error", told);
    if (retries_ > 0) {
      told[2] = {"total_attempts", int64_t{retries_} + 1};
      told[3].first = "total_retry_duration_ms";
      emit("api_retries_exhausted", std::move(told));
    }
  } else if (ended.stop_reason == "refusal") {
    emit("api_refusal", {{"model", model_},
                         {"query_source", "repl_main_thread"},
                         {"attempt", int64_t{1}},
                         {"speed", "normal"}});
  }
  if (ended.duration.count() > 0)
    count("active_time.total", "s", {{"type", "cli"}}, static_cast<double>(ended.duration.count()) / 1000);
  response_.clear();
  if (!interaction_.empty()) end_interaction();
}

void SessionTelemetry::note(const protocol::ModeChanged& mode) {
  emit("permission_mode_changed", {{"from_mode", mode_}, {"to_mode", mode.permission_mode}});
  mode_ = mode.permission_mode;
}

void SessionTelemetry::note(const protocol::CompactionEnded& ended) {
  Attributes told{{"trigger", ended.trigger},
                  {"success", ended.error.empty() ? "true" : "false"},
                  {"duration_ms", (now_ns() - compaction_began_) / 1'000'000},
                  {"pre_tokens", ended.pre_tokens}};
  if (!ended.error.empty()) told.emplace_back("error", ended.error);
  emit("compaction", std::move(told));
}

void SessionTelemetry::note(const protocol::HookStarted& hook) {
  emit("hook_execution_start",
       {{"hook_event", hook.event}, {"hook_name", hook.name}, {"num_hooks", int64_t{1}}});
}

void SessionTelemetry::note(const protocol::HookEnded& hook) {
  Attributes told{{"hook_event", hook.event}, {"hook_name", hook.name}, {"num_hooks", int64_t{1}}};
  for (const std::string_view name :
       {"num_success", "num_blocking", "num_non_blocking_error", "num_cancelled"})
    told.emplace_back(name, int64_t{outcome_of(hook) == name ? 1 : 0});
  emit("hook_execution_complete", std::move(told));
}

void SessionTelemetry::note(const protocol::McpServerChanged& server) {
  const bool details = exporter_.settings().gates.details;
  Attributes told{
      {"status", server.status}, {"transport_type", server.transport}, {"server_scope", server.scope}};
  if (details) told.emplace_back("server_name", server.name);
  if (details && !server.error.empty()) told.emplace_back("error", server.error);
  emit("mcp_server_connection", std::move(told));
}

}  // namespace awl::telemetry
