#include "cli/arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "anthropic/reasoning.h"
#include "base/strings.h"
#include "base/uuid.h"
#include "json/schema.h"

namespace awl::cli {

namespace {

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

// Options whose values are read once the whole line is.
struct RawOptions {
  std::vector<std::string> tools;
  std::string output_format = "text";
  std::string input_format = "text";
};

void add_output_options(CLI::App& app, Arguments& arguments, RawOptions& raw) {
  app.add_option("--output-format", raw.output_format, "With -p: text, json or stream-json")
      ->check(CLI::IsMember({"text", "json", "stream-json"}))
      ->type_name("FORMAT");
  app.add_option("--input-format", raw.input_format,
                 "With -p: text, or stream-json: a message a line on standard input")
      ->check(CLI::IsMember({"text", "stream-json"}))
      ->type_name("FORMAT");
  app.add_flag("--verbose", arguments.verbose, "With json: every event; stream-json requires it");
  app.add_flag("--include-partial-messages", arguments.include_partial_messages,
               "With stream-json: the model's stream events too");
  app.add_flag("--replay-user-messages", arguments.replay_user_messages,
               "With stream-json in and out: each message of the input too, when it is taken up");
  app.add_option("--json-schema", arguments.json_schema,
                 "A JSON Schema that the answer must fit; it comes as structured_output")
      ->type_name("JSON");
  app.add_option("--max-turns", arguments.max_turns, "With -p: end after so many rounds of tool calls")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  app.add_option("--max-budget-usd", arguments.max_budget_usd,
                 "With -p: end when the estimated cost reaches this")
      ->check(CLI::PositiveNumber)
      ->type_name("USD");
}

void add_run_options(CLI::App& app, Arguments& arguments, RawOptions& raw) {
  app.add_option("prompt", arguments.prompt,
                 "What to do. With -p it may also come, or go on, on standard input");
  app.add_flag("-p,--print", arguments.print, "Answer without a terminal interface and exit");
  app.add_option("--model", arguments.model, "Model alias (opus, sonnet, haiku, …) or id")
      ->type_name("MODEL");
  app.add_option("--fallback-model", arguments.fallback_model,
                 "Models that stand in, in this order, while the model is overloaded")
      ->type_name("MODEL,...");
  app.add_option("--effort", arguments.effort, "How hard the model thinks: low, medium, high, xhigh or max")
      ->type_name("LEVEL");
  app.add_option("--allowedTools,--allowed-tools", arguments.allowed_tools,
                 "Rules of calls that run without asking: Bash, \"Edit(src/**)\"")
      ->type_name("RULE...");
  app.add_option("--disallowedTools,--disallowed-tools", arguments.disallowed_tools,
                 "Rules of calls that never run")
      ->type_name("RULE...");
  app.add_option("--tools", raw.tools,
                 "Just these tools exist; \"\" for none, \"default\" for the usual ones")
      ->type_name("TOOL...");
  app.add_option("--permission-mode", arguments.permission_mode,
                 "default, acceptEdits, plan, dontAsk or bypassPermissions")
      ->type_name("MODE");
  app.add_flag("--dangerously-skip-permissions", arguments.skip_permissions,
               "The same as --permission-mode bypassPermissions");
  app.add_option("--add-dir", arguments.add_dirs, "Further folders that the tools may work in")
      ->type_name("FOLDER...");
  app.add_option("--settings", arguments.settings, "Settings as a JSON object or a file's path")
      ->type_name("JSON|FILE");
  app.add_option("--setting-sources", arguments.setting_sources,
                 "Which settings files count: user,project,local")
      ->type_name("LIST");
  app.add_option("--system-prompt", arguments.system_prompt, "Replaces the system prompt")->type_name("TEXT");
  app.add_option("--append-system-prompt", arguments.append_system_prompt, "Is added to the system prompt")
      ->type_name("TEXT");
  app.add_option("--session-id", arguments.session_id, "The session's id, a UUID")->type_name("UUID");
}

Result<> check_json_schema(const std::string& text) {
  const auto parsed = json::parse(text);
  const auto schema = parsed ? json::Schema::compile(*parsed) : std::unexpected(parsed.error());
  if (!schema || !parsed->is_object()) {
    return fail(ErrorKind::kInvalidInput,
                fmt::format("--json-schema is not a valid JSON Schema: {}",
                            schema ? "it must be an object" : schema.error().message));
  }
  return {};
}

Result<> check(const Arguments& arguments) {
  if (arguments.output_format == OutputFormat::kStreamJson && !arguments.verbose) {
    return fail(ErrorKind::kInvalidInput, "--output-format stream-json needs --verbose",
                "Add --verbose to the command line.");
  }
  if (arguments.include_partial_messages && arguments.output_format != OutputFormat::kStreamJson) {
    return fail(ErrorKind::kInvalidInput, "--include-partial-messages needs --output-format stream-json");
  }
  if (arguments.stream_input && arguments.output_format != OutputFormat::kStreamJson) {
    return fail(ErrorKind::kInvalidInput, "--input-format stream-json needs --output-format stream-json");
  }
  if (arguments.replay_user_messages && !arguments.stream_input) {
    return fail(ErrorKind::kInvalidInput, "--replay-user-messages needs --input-format stream-json");
  }
  if (!arguments.json_schema.empty()) {
    AWL_CHECK(check_json_schema(arguments.json_schema));
  }
  if (arguments.effort) {
    AWL_CHECK(anthropic::check_effort(*arguments.effort));
  }
  if (arguments.session_id && !is_uuid(*arguments.session_id)) {
    return fail(ErrorKind::kInvalidInput,
                fmt::format("--session-id: \"{}\" is not a UUID", *arguments.session_id));
  }
  return {};
}

OutputFormat to_format(std::string_view text) {
  if (text == "json") return OutputFormat::kJson;
  return text == "stream-json" ? OutputFormat::kStreamJson : OutputFormat::kText;
}

/// Parses into what the options of `app` point to. True: help was asked for, and is in `arguments`.
Result<bool> parse(CLI::App& app, int argc, const char* const* argv, Arguments& arguments) {
  try {
    app.parse(argc, argv);
    return false;
  } catch (const CLI::CallForHelp&) {
    arguments.command = Command::kHelp;
    arguments.help = app.help();
    return true;
  } catch (const CLI::ParseError& error) {
    return fail(ErrorKind::kInvalidInput, error.what(),
                fmt::format("`{} --help` lists what there is.", app.get_name()));
  }
}

// A command is one only as the first argument: `awl -p status` is a prompt.
Result<Arguments> parse_status(int argc, const char* const* argv) {
  Arguments arguments;
  arguments.command = Command::kStatus;
  CLI::App app("Shows which provider, workspace, region and credentials are in use, and why.", "awl status");
  app.add_flag("--json", arguments.status_as_json, "As a JSON object");
  app.add_option("--settings", arguments.settings, "Settings as a JSON object or a file's path")
      ->type_name("JSON|FILE");
  app.add_option("--model", arguments.model, "Model alias or id")->type_name("MODEL");
  AWL_CHECK(parse(app, argc, argv, arguments));
  return arguments;
}

}  // namespace

Result<Arguments> parse_arguments(int argc, const char* const* argv) {
  if (argc > 1 && std::string_view(argv[1]) == "status") return parse_status(argc - 1, argv + 1);
  Arguments arguments;
  RawOptions raw;
  bool version = false;
  CLI::App app("Awl, a coding agent for the terminal, made for Claude Platform on AWS.", "awl");
  app.footer(
      "Commands: `awl status` shows what is in use and why; `awl emulator` starts a local stand-in for the "
      "platform.");
  app.add_flag("-v,--version", version, "Print the version and exit");
  add_run_options(app, arguments, raw);
  add_output_options(app, arguments, raw);
  AWL_TRY(const bool help, parse(app, argc, argv, arguments));
  if (help) return arguments;
  if (version) arguments.command = Command::kVersion;
  arguments.output_format = to_format(raw.output_format);
  if (app.count("--tools") > 0) arguments.tools = split_names(raw.tools);
  arguments.stream_input = raw.input_format == "stream-json";
  AWL_CHECK(check(arguments));
  return arguments;
}

}  // namespace awl::cli
