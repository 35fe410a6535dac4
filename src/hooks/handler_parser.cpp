#include "hooks/handler_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/strings.h"

namespace awl::hooks {

namespace {

using Type = HookHandler::Type;

constexpr double kMaxTimeoutSeconds = 86'400;

bool runs(std::string_view event, Type type) {
  if (type == Type::kPrompt || type == Type::kAgent) return can_be_judged(event);
  if (type == Type::kHttp) return event != "SessionStart" && event != "Setup";
  return true;
}

std::optional<Type> parse_type(std::string_view name) {
  if (name == "command") return Type::kCommand;
  if (name == "http") return Type::kHttp;
  if (name == "mcp_tool") return Type::kMcpTool;
  if (name == "prompt") return Type::kPrompt;
  if (name == "agent") return Type::kAgent;
  return std::nullopt;
}

Result<std::string> required(const json::Value& written, std::string_view key) {
  auto text = json::get_string(written, key);
  if (text && !trim(*text).empty()) return *text;
  return fail(ErrorKind::kInvalidInput, fmt::format("a hook of this type needs `{}`, a string", key));
}

Result<std::vector<std::string>> text_list(const json::Value& list, std::string_view key) {
  std::vector<std::string> texts;
  if (list.is_array()) {
    for (const json::Value& item : list) {
      if (item.is_string()) texts.push_back(item.get<std::string>());
    }
  }
  if (!list.is_array() || texts.size() != list.size())
    return fail(ErrorKind::kInvalidInput, fmt::format("`{}` must be a list of strings", key));
  return texts;
}

Result<> read_command(const json::Value& written, HookHandler& handler) {
  AWL_TRY(handler.command, required(written, "command"));
  handler.label = handler.command;
  if (const json::Value* args = json::find(written, "args")) {
    AWL_TRY(handler.args, text_list(*args, "args"));
    for (const std::string& argument : *handler.args) handler.label += " " + argument;
  }
  const std::string shell = json::string_or_empty(written, "shell");
  if (shell == "powershell")
    return fail(ErrorKind::kInvalidInput, "`shell` is powershell, which hooks do not run in on this system");
  if (!shell.empty() && shell != "bash")
    return fail(ErrorKind::kInvalidInput, fmt::format("`shell` must be bash, not {}", shell));
  handler.shell = shell;
  handler.wakes = json::get_bool(written, "asyncRewake").value_or(false);
  handler.in_background = handler.wakes || json::get_bool(written, "async").value_or(false);
  return {};
}

Result<> read_http(const json::Value& written, HookHandler& handler) {
  AWL_TRY(handler.url, required(written, "url"));
  handler.label = handler.url;
  if (!handler.url.starts_with("http://") && !handler.url.starts_with("https://"))
    return fail(ErrorKind::kInvalidInput, "`url` must begin with http:// or https://");
  if (const json::Value* headers = json::find(written, "headers");
      headers != nullptr && headers->is_object()) {
    for (const auto& [name, value] : headers->items()) {
      if (value.is_string()) handler.headers.emplace_back(name, value.get<std::string>());
    }
  }
  if (const json::Value* names = json::find(written, "allowedEnvVars")) {
    AWL_TRY(handler.allowed_variables, text_list(*names, "allowedEnvVars"));
  }
  return {};
}

Result<> read_mcp_tool(const json::Value& written, HookHandler& handler) {
  AWL_TRY(handler.server, required(written, "server"));
  AWL_TRY(handler.tool, required(written, "tool"));
  handler.label = handler.server + " " + handler.tool;
  const json::Value* input = json::find(written, "input");
  handler.input_json = input != nullptr && input->is_object() ? json::dump(*input) : "{}";
  return {};
}

Result<> read_type(const json::Value& written, HookHandler& handler) {
  switch (handler.type) {
    case Type::kCommand:
      return read_command(written, handler);
    case Type::kHttp:
      return read_http(written, handler);
    case Type::kMcpTool:
      return read_mcp_tool(written, handler);
    case Type::kPrompt:
    case Type::kAgent: {
      AWL_TRY(handler.prompt, required(written, "prompt"));
      handler.label = handler.prompt.substr(0, handler.prompt.find('\n'));
      handler.model = json::string_or_empty(written, "model");
      handler.continue_on_block =
          handler.type == Type::kAgent || json::get_bool(written, "continueOnBlock").value_or(false);
      return {};
    }
    case Type::kCallback:
      break;
  }
  return {};
}

}  // namespace

Result<HookHandler> parse_handler(const std::string& event, const json::Value& written,
                                  const HookSource& source) {
  const std::string name = json::string_or_empty(written, "type");
  const auto type = parse_type(name);
  if (!type) {
    return fail(ErrorKind::kInvalidInput,
                fmt::format("the type {} of a hook is not one of command, http, mcp_tool, prompt, agent",
                            name.empty() ? "(none)" : name));
  }
  if (!runs(event, *type))
    return fail(ErrorKind::kInvalidInput, fmt::format("this event runs no hooks of the type {}", name));
  HookHandler handler;
  handler.type = *type;
  AWL_CHECK(read_type(written, handler));
  handler.condition = json::string_or_empty(written, "if");
  if (const json::Value* timeout = json::find(written, "timeout")) {
    const double seconds = timeout->is_number() ? timeout->get<double>() : 0;
    if (!(seconds > 0))
      return fail(ErrorKind::kInvalidInput, "`timeout` must be a number of seconds above 0");
    handler.timeout = std::chrono::milliseconds(
        static_cast<long long>(std::ceil(std::min(seconds, kMaxTimeoutSeconds) * 1000)));
  }
  handler.once = json::get_bool(written, "once").value_or(false);
  handler.fail_closed = json::get_bool(written, "failClosed").value_or(false);
  handler.source = source.name;
  handler.variables = source.variables;
  handler.identity = source.scope + "\n" + json::dump(written);
  return handler;
}

}  // namespace awl::hooks
