#include "cli/flag_values.h"

#include <fmt/format.h>

#include <charconv>
#include <climits>
#include <cmath>
#include <nlohmann/json.hpp>

#include "anthropic/reasoning.h"
#include "base/strings.h"
#include "base/uuid.h"
#include "json/schema.h"

namespace awl::cli {

namespace {

std::unexpected<Error> invalid(std::string message, std::string hint = {}) {
  return fail(ErrorKind::kInvalidInput, std::move(message), std::move(hint));
}

// "Read,Edit Bash" and several values are the same list; parentheses of rules are not split here.
std::vector<std::string> split_names(const std::vector<std::string>& values) {
  std::vector<std::string> names;
  for (const std::string& value : values) {
    std::string word;
    for (const char c : value + ",") {
      if (c != ',' && c != ' ') {
        word += c;
      } else if (!word.empty()) {
        names.push_back(std::exchange(word, ""));
      }
    }
  }
  return names;
}

}  // namespace

std::optional<int64_t> parse_window(const std::string& text) {
  constexpr int64_t kThousand = 1'000;
  constexpr int64_t kLeast = 100 * kThousand;
  constexpr int64_t kMost = kThousand * kThousand;
  const std::string number = to_lower(trim(text));
  const bool thousands = number.ends_with('k');
  const bool millions = number.ends_with('m');
  const auto digits =
      parse_integer(std::string_view(number).substr(0, number.size() - (thousands || millions ? 1 : 0)));
  if (!digits || *digits > kMost) return std::nullopt;
  int64_t tokens = *digits;
  if (thousands || (!millions && tokens >= 100 && tokens <= kThousand)) tokens *= kThousand;
  if (millions) tokens *= kMost;
  if (tokens < kLeast || tokens > kMost) return std::nullopt;
  return tokens;
}

Result<> ignore(Arguments& /*arguments*/, Flag::Values /*values*/) { return {}; }

Result<> set_max_turns(Arguments& arguments, Flag::Values values) {
  const auto number = parse_integer(trim(values.front()));
  if (!number || *number < 1 || *number > INT_MAX)
    return invalid(fmt::format("\"{}\" is not a whole number above 0", values.front()));
  arguments.max_turns = static_cast<int>(*number);
  return {};
}

Result<> set_budget(Arguments& arguments, Flag::Values values) {
  const std::string_view text = trim(values.front());
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number) || number <= 0)
    return invalid(fmt::format("\"{}\" is not an amount above 0", values.front()), "It is written as 2.50.");
  arguments.max_budget_usd = number;
  return {};
}

Result<> set_output_format(Arguments& arguments, Flag::Values values) {
  const std::string& format = values.front();
  if (format == "text") {
    arguments.output_format = OutputFormat::kText;
  } else if (format == "json") {
    arguments.output_format = OutputFormat::kJson;
  } else if (format == "stream-json") {
    arguments.output_format = OutputFormat::kStreamJson;
  } else {
    return invalid(fmt::format("\"{}\" is not a format", format), "Use text, json or stream-json.");
  }
  return {};
}

Result<> set_input_format(Arguments& arguments, Flag::Values values) {
  const std::string& format = values.front();
  if (format != "text" && format != "stream-json")
    return invalid(fmt::format("\"{}\" is not a format", format), "Use text or stream-json.");
  arguments.stream_input = format == "stream-json";
  return {};
}

Result<> set_schema(Arguments& arguments, Flag::Values values) {
  const auto parsed = json::parse(values.front());
  if (!parsed) return invalid(parsed.error().message);
  if (!parsed->is_object()) return invalid("the value must be a JSON object");
  if (const auto schema = json::Schema::compile(*parsed); !schema)
    return invalid(fmt::format("the value is not a valid JSON Schema: {}", schema.error().message));
  arguments.json_schema = values.front();
  return {};
}

Result<> set_effort(Arguments& arguments, Flag::Values values) {
  if (auto known = anthropic::check_effort(values.front()); !known) {
    return invalid(fmt::format("\"{}\" is not a level", values.front()), known.error().hint);
  }
  arguments.effort = values.front();
  return {};
}

Result<> set_thinking(Arguments& arguments, Flag::Values values) {
  const std::string& kind = values.front();
  if (kind != "adaptive" && kind != "enabled" && kind != "disabled")
    return invalid(fmt::format("\"{}\" is not a kind of thinking", kind),
                   "Use adaptive, enabled or disabled.");
  arguments.thinking = kind;
  return {};
}

Result<> set_thinking_tokens(Arguments& arguments, Flag::Values values) {
  const auto number = parse_integer(trim(values.front()));
  if (!number) return invalid(fmt::format("\"{}\" is not a whole number", values.front()));
  arguments.max_thinking_tokens = *number;
  return {};
}

Result<> set_thinking_display(Arguments& arguments, Flag::Values values) {
  if (values.front() != "summarized" && values.front() != "omitted")
    return invalid(fmt::format("\"{}\" is neither summarized nor omitted", values.front()));
  arguments.thinking_display = values.front();
  return {};
}

Result<> set_tools(Arguments& arguments, Flag::Values values) {
  std::vector<std::string> names = split_names(values);
  if (!arguments.tools) arguments.tools.emplace();
  arguments.tools->insert(arguments.tools->end(), names.begin(), names.end());
  return {};
}

Result<> set_session_id(Arguments& arguments, Flag::Values values) {
  if (!is_uuid(values.front())) return invalid(fmt::format("\"{}\" is not a UUID", values.front()));
  arguments.session_id = values.front();
  return {};
}

Result<> set_worktree(Arguments& arguments, Flag::Values values) {
  arguments.worktree = values.empty() ? "" : values.front();
  return {};
}

Result<> set_resume(Arguments& arguments, Flag::Values values) {
  arguments.resume = values.empty() ? "" : values.front();
  return {};
}

Result<> set_from_pr(Arguments& arguments, Flag::Values values) {
  arguments.from_pr = values.empty() ? "" : values.front();
  arguments.resume = "";
  return {};
}

Result<> set_autocompact(Arguments& arguments, Flag::Values values) {
  const std::string& text = values.front();
  if (text != "auto" && !parse_window(text)) {
    return fail(ErrorKind::kInvalidInput, fmt::format("\"{}\" is no window from 100k to 1M tokens", text),
                "Write 200000, 500k, 1M, a number of thousands such as 200, or auto.");
  }
  arguments.autocompact = text;
  return {};
}

Result<> set_debug(Arguments& arguments, Flag::Values values) {
  arguments.debug = true;
  if (!values.empty()) arguments.debug_filter = values.front();
  return {};
}

Result<> set_debug_file(Arguments& arguments, Flag::Values values) {
  if (values.front().empty()) return invalid("the path is empty");
  arguments.debug = true;
  arguments.debug_file = values.front();
  return {};
}

}  // namespace awl::cli
