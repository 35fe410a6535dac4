// Reads scenario files: every mistake gets the place and what is expected there.
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>

#include "emulator/node.h"
#include "emulator/script.h"

namespace awl::emulator {

namespace {

constexpr uint64_t kMaxScenarioBytes = 64 << 20;
constexpr long long kMaxStepDelayMs = 600'000;

auto read_into(std::string& out) {
  return [&out](const Node& node) -> Result<> {
    AWL_TRY(out, node.text());
    return {};
  };
}

auto read_into(std::optional<std::string>& out) {
  return [&out](const Node& node) -> Result<> {
    AWL_TRY(out, node.text());
    return {};
  };
}

Result<Block> read_tool_use(const Node& node) {
  AWL_CHECK(node.object({"type", "id", "name", "input", "raw_input"}));
  Block block;
  block.kind = Block::Kind::kToolUse;
  AWL_TRY(block.name, node.required_text("name"));
  AWL_CHECK(optional_field(node, "id", read_into(block.id)));
  AWL_CHECK(optional_field(node, "raw_input", read_into(block.json)));
  const json::Value* input = json::find(node.value(), "input");
  const bool is_raw = json::find(node.value(), "raw_input") != nullptr;
  if (is_raw == (input != nullptr)) return node.expected("either \"input\" or \"raw_input\"");
  if (input == nullptr) return block;
  if (!input->is_object()) return node.child("input").expected("an object");
  block.json = json::dump(*input);
  return block;
}

Result<Block> read_block(const Node& node) {
  if (!node.value().is_object()) return node.expected("a content block, an object");
  AWL_TRY(const std::string type, node.required_text("type"));
  Block block;
  if (type == "text") {
    AWL_CHECK(node.object({"type", "text"}));
    AWL_TRY(block.text, node.required_text("text"));
    return block;
  }
  if (type == "thinking") {
    AWL_CHECK(node.object({"type", "thinking", "signature"}));
    block.kind = Block::Kind::kThinking;
    AWL_TRY(block.text, node.required_text("thinking"));
    AWL_CHECK(optional_field(node, "signature", read_into(block.signature)));
    return block;
  }
  if (type == "tool_use") return read_tool_use(node);
  block.kind = Block::Kind::kOther;  // redacted_thinking, server tools …: passed on as they are
  block.json = json::dump(node.value());
  return block;
}

Result<> read_content(const Node& node, Step& step) {
  if (node.value().is_string()) {
    step.content.push_back(text_block(node.value().get<std::string>()));
    return {};
  }
  if (!node.value().is_array()) return node.expected("a string or a list of content blocks");
  for (size_t i = 0; i < node.value().size(); ++i) {
    AWL_TRY(Block block, read_block(node.child(i)));
    step.content.push_back(std::move(block));
  }
  return {};
}

Result<> read_error(const Node& node, Step& step) {
  AWL_CHECK(node.object({"type", "message"}));
  AWL_CHECK(optional_field(node, "type", read_into(step.error_type)));
  return optional_field(node, "message", read_into(step.error_message));
}

Result<> read_headers(const Node& node, Step& step) {
  if (!node.value().is_object()) return node.expected("an object of strings");
  for (const auto& item : node.value().items()) {
    const Node header = node.child(item.key());
    AWL_TRY(std::string value, header.text());
    const bool is_sound = !item.key().empty() && item.key().find_first_of(" \t\r\n:") == std::string::npos &&
                          value.find_first_of("\r\n") == std::string::npos;
    if (!is_sound) return header.expected("a header name and a value on one line");
    step.headers.push_back({item.key(), std::move(value)});
  }
  return {};
}

Result<> read_usage(const Node& node, Step& step) {
  AWL_CHECK(node.object(
      {"input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"}));
  for (const auto& item : node.value().items()) {
    AWL_TRY(step.usage[item.key()], node.child(item.key()).integer(0, 1'000'000'000));
  }
  return {};
}

auto into_milliseconds(std::chrono::milliseconds& out) {
  return [&out](const Node& node) -> Result<> {
    AWL_TRY(const long long value, node.integer(0, kMaxStepDelayMs));
    out = std::chrono::milliseconds(value);
    return {};
  };
}

Result<> read_delivery(const Node& node, Step& step) {
  AWL_CHECK(optional_field(node, "delay_ms", into_milliseconds(step.delay)));
  AWL_CHECK(optional_field(node, "event_delay_ms", into_milliseconds(step.event_delay)));
  AWL_CHECK(optional_field(node, "chunk_bytes", [&](const Node& field) -> Result<> {
    AWL_TRY(const long long value, field.integer(1, 1 << 20));
    step.chunk_bytes = static_cast<size_t>(value);
    return {};
  }));
  AWL_CHECK(optional_field(node, "cut_after_events", [&](const Node& field) -> Result<> {
    AWL_TRY(const long long value, field.integer(0, 1'000'000));
    step.cut_after_events = static_cast<size_t>(value);
    return {};
  }));
  AWL_CHECK(optional_field(node, "fault", [&](const Node& field) -> Result<> {
    AWL_TRY(const std::string text, field.text());
    auto fault = parse_fault(text);
    if (!fault) return field.wrong(fault.error().message);
    step.fault = std::move(*fault);
    return {};
  }));
  return optional_field(node, "raw_sse", [&](const Node& field) -> Result<> {
    AWL_TRY(step.raw_event_stream, field.text());
    return {};
  });
}

Result<Step> read_step(const Node& node) {
  AWL_CHECK(node.object({"content", "stop_reason", "usage", "status", "error", "headers", "delay_ms",
                         "event_delay_ms", "chunk_bytes", "cut_after_events", "raw_sse", "fault"}));
  Step step;
  AWL_CHECK(optional_field(node, "content", [&](const Node& field) { return read_content(field, step); }));
  AWL_CHECK(optional_field(node, "stop_reason", read_into(step.stop_reason)));
  AWL_CHECK(optional_field(node, "usage", [&](const Node& field) { return read_usage(field, step); }));
  AWL_CHECK(optional_field(node, "status", [&](const Node& field) -> Result<> {
    AWL_TRY(const long long value, field.integer(200, 599));
    step.status = static_cast<int>(value);
    return {};
  }));
  AWL_CHECK(optional_field(node, "error", [&](const Node& field) { return read_error(field, step); }));
  AWL_CHECK(optional_field(node, "headers", [&](const Node& field) { return read_headers(field, step); }));
  AWL_CHECK(read_delivery(node, step));
  const bool is_error = step.status != 200;
  if (is_error && step.status < 400) return node.child("status").expected("200, or an error from 400 to 599");
  if (json::find(node.value(), "error") != nullptr && !is_error)
    return node.expected("a \"status\" from 400 to 599 beside \"error\"");
  const bool has_answer = !step.content.empty() || step.raw_event_stream.has_value();
  if (!is_error && !has_answer)
    return node.expected("\"content\" with at least one block, \"raw_sse\", or a \"status\" from 400 to 599");
  return step;
}

Result<std::vector<Step>> read_steps(const Node& node) {
  if (!node.value().is_array() || node.value().empty())
    return node.expected("a list of steps, with at least one");
  std::vector<Step> steps;
  for (size_t i = 0; i < node.value().size(); ++i) {
    AWL_TRY(Step step, read_step(node.child(i)));
    steps.push_back(std::move(step));
  }
  return steps;
}

Result<Condition> read_condition(const Node& node) {
  AWL_CHECK(node.object(
      {"system_contains", "last_user_contains", "messages_contain", "model_contains", "tool", "has_tools"}));
  if (node.value().empty()) return node.expected("at least one condition");
  Condition when;
  AWL_CHECK(optional_field(node, "system_contains", read_into(when.system_contains)));
  AWL_CHECK(optional_field(node, "last_user_contains", read_into(when.last_user_contains)));
  AWL_CHECK(optional_field(node, "messages_contain", read_into(when.messages_contain)));
  AWL_CHECK(optional_field(node, "model_contains", read_into(when.model_contains)));
  AWL_CHECK(optional_field(node, "tool", read_into(when.tool)));
  AWL_CHECK(optional_field(node, "has_tools", [&](const Node& field) -> Result<> {
    AWL_TRY(when.has_tools, field.flag());
    return {};
  }));
  return when;
}

Result<Rule> read_rule(const Node& node) {
  AWL_CHECK(node.object({"when", "step", "steps", "times"}));
  const json::Value* when = json::find(node.value(), "when");
  const json::Value* step = json::find(node.value(), "step");
  const json::Value* steps = json::find(node.value(), "steps");
  if (when == nullptr) return node.expected("a field \"when\"");
  if ((step == nullptr) == (steps == nullptr)) return node.expected("either \"step\" or \"steps\"");
  Rule rule;
  AWL_TRY(rule.when, read_condition(node.child("when")));
  if (step != nullptr) {
    AWL_TRY(Step only, read_step(node.child("step")));
    rule.steps.push_back(std::move(only));
  } else {
    AWL_TRY(rule.steps, read_steps(node.child("steps")));
  }
  AWL_CHECK(optional_field(node, "times", [&](const Node& field) -> Result<> {
    AWL_TRY(const long long value, field.integer(1, 1'000'000));
    rule.times = static_cast<size_t>(value);
    return {};
  }));
  return rule;
}

}  // namespace

Result<Scenario> parse_scenario(std::string_view text, const std::string& file) {
  const JsonSource source{file, std::string(text), "docs/emulator.md describes the format."};
  auto root = json::parse(source.text);
  if (!root)
    return fail(ErrorKind::kParse, fmt::format("{}: {}", file, root.error().message), "",
                root.error().detail);
  const Node top(*root, source);
  AWL_CHECK(top.object({"steps", "rules"}));
  Scenario scenario;
  AWL_CHECK(optional_field(top, "steps", [&](const Node& node) -> Result<> {
    AWL_TRY(scenario.steps, read_steps(node));
    return {};
  }));
  AWL_CHECK(optional_field(top, "rules", [&](const Node& node) -> Result<> {
    if (!node.value().is_array()) return node.expected("a list of rules");
    for (size_t i = 0; i < node.value().size(); ++i) {
      AWL_TRY(Rule rule, read_rule(node.child(i)));
      scenario.rules.push_back(std::move(rule));
    }
    return {};
  }));
  if (scenario.steps.empty() && scenario.rules.empty()) return top.expected("\"steps\", \"rules\" or both");
  return scenario;
}

Result<Scenario> load_scenario(const os::Path& file) {
  AWL_TRY(const std::string text, os::read_file(file, kMaxScenarioBytes));
  return parse_scenario(text, file.string());
}

}  // namespace awl::emulator
