// Tool calls: decisions, results, and what they count.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "json/json.h"
#include "json/raw.h"
#include "session/pull_request.h"
#include "telemetry/session_telemetry.h"

namespace awl::telemetry {

namespace {

constexpr size_t kMaxInputValue = 512;
constexpr size_t kMaxInput = 4'096;

bool is_mcp(const std::string& tool) { return tool.starts_with("mcp__"); }
bool changes_code(const std::string& tool) {
  return tool == "Edit" || tool == "Write" || tool == "NotebookEdit";
}

struct Language {
  std::string_view extension;
  std::string_view name;
};
constexpr std::array kLanguages{Language{"c", "C"},
                                Language{"cc", "C++"},
                                Language{"cpp", "C++"},
                                Language{"cs", "C#"},
                                Language{"css", "CSS"},
                                Language{"go", "Go"},
                                Language{"h", "C"},
                                Language{"hpp", "C++"},
                                Language{"html", "HTML"},
                                Language{"java", "Java"},
                                Language{"js", "JavaScript"},
                                Language{"json", "JSON"},
                                Language{"jsx", "JavaScript"},
                                Language{"kt", "Kotlin"},
                                Language{"lua", "Lua"},
                                Language{"md", "Markdown"},
                                Language{"php", "PHP"},
                                Language{"py", "Python"},
                                Language{"rb", "Ruby"},
                                Language{"rs", "Rust"},
                                Language{"scala", "Scala"},
                                Language{"sh", "Shell"},
                                Language{"sql", "SQL"},
                                Language{"swift", "Swift"},
                                Language{"tf", "HCL"},
                                Language{"toml", "TOML"},
                                Language{"ts", "TypeScript"},
                                Language{"tsx", "TypeScript"},
                                Language{"yaml", "YAML"},
                                Language{"yml", "YAML"}};

std::string language_of(const json::Value& input) {
  std::string path = json::string_or_empty(input, "file_path");
  if (path.empty()) path = json::string_or_empty(input, "notebook_path");
  const std::string extension = to_lower(path.substr(std::min(path.rfind('.') + 1, path.size())));
  for (const Language& known : kLanguages) {
    if (known.extension == extension) return std::string(known.name);
  }
  return path.ends_with(".ipynb") ? "Jupyter Notebook" : "unknown";
}

// mcp__server__tool
std::pair<std::string, std::string> mcp_names(const std::string& tool) {
  const size_t server = std::string_view("mcp__").size();
  const size_t end = tool.find("__", server);
  if (end == std::string::npos) return {tool.substr(server), ""};
  return {tool.substr(server, end - server), tool.substr(end + 2)};
}

// With long values cut.
std::string shorten_input(const json::Value& input) {
  json::Value cut = input;
  if (cut.is_object()) {
    for (auto& [key, value] : cut.items()) {
      if (value.is_string() && value.get_ref<const std::string&>().size() > kMaxInputValue)
        value = std::string(utf8_prefix(value.get_ref<const std::string&>(), kMaxInputValue)) + "…";
    }
  }
  std::string text = json::dump(cut);
  return text.size() <= kMaxInput ? text : std::string(utf8_prefix(text, kMaxInput)) + "…";
}

// Lines that a difference adds and removes.
std::pair<int64_t, int64_t> count_lines(const json::Value& structured) {
  std::pair<int64_t, int64_t> lines{0, 0};
  const json::Value* patch = json::find(structured, "structuredPatch");
  if (patch != nullptr && patch->is_array() && !patch->empty()) {
    for (const json::Value& hunk : *patch) {
      for (const std::string& line : json::strings_of(hunk, "lines")) {
        if (line.starts_with('+')) ++lines.first;
        if (line.starts_with('-')) ++lines.second;
      }
    }
    return lines;
  }
  if (json::string_or_empty(structured, "type") == "create") {
    const std::string content = json::string_or_empty(structured, "content");
    lines.first = std::ranges::count(content, '\n') + (content.empty() || content.ends_with('\n') ? 0 : 1);
  }
  return lines;
}

std::string error_text(const protocol::ToolFinished& finished) {
  const json::RawObject block(finished.result_block_json);
  if (!block.is_true("is_error")) return "";
  std::string text = block.text("content");
  return text.empty() ? "error" : text;
}

}  // namespace

// Names of the person's servers are theirs.
std::string SessionTelemetry::told_name(const std::string& tool) const {
  return is_mcp(tool) && !exporter_.settings().gates.details ? "mcp_tool" : tool;
}

void SessionTelemetry::add_parameters(const Call& call, Attributes& to) const {
  if (!exporter_.settings().gates.details) return;
  const auto parsed = json::parse(call.input_json);
  const json::Value input = parsed ? *parsed : json::Value::object();
  json::Value told = json::Value::object();
  const auto copy = [&](const char* from, const char* as) {
    if (const json::Value* value = json::find(input, from)) told[as] = *value;
  };
  if (call.name == "Bash") {
    const std::string command = json::string_or_empty(input, "command");
    told["bash_command"] = command.substr(0, command.find_first_of(" \t\n"));
    told["full_command"] = command;
    copy("timeout", "timeout");
    copy("description", "description");
    copy("dangerouslyDisableSandbox", "dangerouslyDisableSandbox");
  } else if (is_mcp(call.name)) {
    std::tie(told["mcp_server_name"], told["mcp_tool_name"]) = mcp_names(call.name);
  } else if (call.name == "Skill") {
    copy("skill", "skill_name");
  } else if (call.name == "Agent") {
    copy("subagent_type", "subagent_type");
  }
  to.emplace_back("tool_parameters", json::dump(told));
}

void SessionTelemetry::note(const protocol::ToolDecided& decided) {
  Call call{decided.tool_name, decided.input_json, decided.source, decided.waited, now_ns(), random_hex(8)};
  const char* decision = decided.accepted ? "accept" : "reject";
  Attributes told{{"tool_name", told_name(call.name)},
                  {"tool_use_id", decided.tool_use_id},
                  {"decision", decision},
                  {"source", decided.source},
                  {"tool_source", is_mcp(call.name) ? "mcp" : "builtin"}};
  add_parameters(call, told);
  emit("tool_decision", std::move(told));
  if (changes_code(call.name)) {
    const auto input = json::parse(call.input_json);
    count("code_edit_tool.decision", "",
          {{"tool_name", call.name},
           {"decision", decision},
           {"source", decided.source},
           {"language", language_of(input ? *input : json::Value::object())}},
          int64_t{1});
  }
  if (decided.accepted) calls_[decided.tool_use_id] = std::move(call);
}

void SessionTelemetry::note(const protocol::ToolFinished& finished) {
  const auto found = calls_.find(finished.tool_use_id);
  if (found == calls_.end()) return;  // it did not run
  const Call call = std::move(found->second);
  calls_.erase(found);
  const bool details = exporter_.settings().gates.details;
  const std::string error = error_text(finished);
  Attributes told{{"tool_name", told_name(call.name)},
                  {"tool_use_id", finished.tool_use_id},
                  {"success", error.empty() ? "true" : "false"},
                  {"duration_ms", finished.took.count()},
                  {"decision_type", "accept"},
                  {"decision_source", call.source},
                  {"tool_input_size_bytes", static_cast<int64_t>(call.input_json.size())},
                  {"tool_result_size_bytes", static_cast<int64_t>(finished.result_block_json.size())}};
  if (!error.empty()) told.emplace_back("error_type", call.name == "Bash" ? "ShellError" : "Error");
  if (!error.empty() && details) told.emplace_back("error", gated(true, error));
  add_parameters(call, told);
  const auto input = json::parse(call.input_json);
  if (details && input) told.emplace_back("tool_input", shorten_input(*input));
  emit("tool_result", std::move(told));
  add_tool_span(call, finished, error);
  if (!error.empty()) return;
  const auto structured = json::parse(finished.structured_json);
  count_work(call, structured ? *structured : json::Value());
}

void SessionTelemetry::count_work(const Call& call, const json::Value& structured) {
  const bool details = exporter_.settings().gates.details;
  const auto parsed = json::parse(call.input_json);
  const json::Value input = parsed ? *parsed : json::Value::object();
  if (changes_code(call.name)) {
    const auto [added, removed] = count_lines(structured);
    if (added > 0) count("lines_of_code.count", "", {{"type", "added"}, {"model", model_}}, added);
    if (removed > 0) count("lines_of_code.count", "", {{"type", "removed"}, {"model", model_}}, removed);
  } else if (call.name == "Bash") {
    const std::string command = json::string_or_empty(input, "command");
    if (command.contains("git commit")) count("commit.count", "", {}, int64_t{1});
    if (session::makes_pull_request(command)) count("pull_request.count", "", {}, int64_t{1});
  } else if (call.name == "Skill") {
    emit("skill_activated", {{"skill.name", details ? json::string_or_empty(input, "skill") : "custom_skill"},
                             {"invocation_trigger", "claude-proactive"}});
  } else if (call.name == "Agent") {
    const std::string type = json::string_or_empty(input, "subagent_type");
    const bool builtin = std::ranges::find(facts_.builtin_agents, type) != facts_.builtin_agents.end();
    Attributes told{{"agent_type", builtin || details ? type : "custom"},
                    {"is_built_in", builtin},
                    {"is_async", json::string_or_empty(structured, "status") == "async_launched"},
                    {"model", json::string_or_empty(structured, "resolvedModel")}};
    for (const auto& [from, as] :
         {std::pair{"totalTokens", "total_tokens"}, std::pair{"totalToolUseCount", "total_tool_uses"},
          std::pair{"totalDurationMs", "duration_ms"}}) {
      if (const auto number = json::get_integer(structured, from))
        told.emplace_back(as, static_cast<int64_t>(*number));
    }
    emit("subagent_completed", std::move(told));
  }
}

void SessionTelemetry::add_tool_span(const Call& call, const protocol::ToolFinished& finished,
                                     const std::string& error) {
  if (interaction_.empty()) return;
  const ContentGates& gates = exporter_.settings().gates;
  const int64_t end = now_ns();
  const int64_t began = call.began - call.waited.count() * 1'000'000;
  Attributes told{{"tool_name", told_name(call.name)},
                  {"duration_ms", (end - began) / 1'000'000},
                  {"tool_use_id", finished.tool_use_id},
                  {"gen_ai.tool.call.id", finished.tool_use_id},
                  {"result_tokens", static_cast<int64_t>(finished.result_block_json.size() / 4)}};
  const auto parsed = json::parse(call.input_json);
  const json::Value input = parsed ? *parsed : json::Value::object();
  if (gates.details) {
    for (const auto& [from, as] :
         {std::pair{"file_path", "file_path"}, std::pair{"command", "full_command"},
          std::pair{"skill", "skill_name"}, std::pair{"subagent_type", "subagent_type"}}) {
      if (std::string value = json::string_or_empty(input, from); !value.empty())
        told.emplace_back(as, std::move(value));
    }
  }
  if (gates.content) {
    told.emplace_back("tool.input", gated(true, call.input_json));
    told.emplace_back("tool.output", gated(true, finished.result_block_json));
  }
  if (call.waited.count() > 0) {
    add_span("tool.blocked_on_user", random_hex(8), call.span_id, began, call.began,
             {{"duration_ms", call.waited.count()}, {"decision", "accept"}, {"source", call.source}});
  }
  Attributes ran{{"duration_ms", finished.took.count()},
                 {"tool_use_id", finished.tool_use_id},
                 {"gen_ai.tool.call.id", finished.tool_use_id},
                 {"success", error.empty()}};
  if (!error.empty()) ran.emplace_back("error", gates.details ? gated(true, error) : "Error");
  add_span("tool.execution", random_hex(8), call.span_id, call.began, end, std::move(ran),
           error.empty() ? "" : "the tool failed");
  add_span("tool", call.span_id, interaction_, began, end, std::move(told));
}

}  // namespace awl::telemetry
