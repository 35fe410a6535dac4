#include "cli/arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/strings.h"
#include "base/uuid.h"

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

void add_run_options(CLI::App& app, Arguments& arguments, std::vector<std::string>& tools,
                     std::string& format) {
  app.add_option("prompt", arguments.prompt,
                 "What to do. With -p it may also come, or go on, on standard input");
  app.add_flag("-p,--print", arguments.print, "Answer without a terminal interface and exit");
  app.add_option("--output-format", format, "With -p: text, json or stream-json")
      ->check(CLI::IsMember({"text", "json", "stream-json"}))
      ->type_name("FORMAT");
  app.add_flag("--verbose", arguments.verbose, "With json: every event; stream-json requires it");
  app.add_flag("--include-partial-messages", arguments.include_partial_messages,
               "With stream-json: the model's stream events too");
  app.add_option("--model", arguments.model, "Model alias (opus, sonnet, haiku, …) or id")
      ->type_name("MODEL");
  app.add_option("--allowedTools,--allowed-tools", arguments.allowed_tools,
                 "Rules of calls that run without asking: Bash, \"Edit(src/**)\"")
      ->type_name("RULE...");
  app.add_option("--disallowedTools,--disallowed-tools", arguments.disallowed_tools,
                 "Rules of calls that never run")
      ->type_name("RULE...");
  app.add_option("--tools", tools, "Just these tools exist; \"\" for none, \"default\" for the usual ones")
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
  app.add_option("--max-turns", arguments.max_turns, "With -p: end after so many rounds of tool calls")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  app.add_option("--system-prompt", arguments.system_prompt, "Replaces the system prompt")->type_name("TEXT");
  app.add_option("--append-system-prompt", arguments.append_system_prompt, "Is added to the system prompt")
      ->type_name("TEXT");
  app.add_option("--session-id", arguments.session_id, "The session's id, a UUID")->type_name("UUID");
}

Result<> check(const Arguments& arguments) {
  if (arguments.output_format == OutputFormat::kStreamJson && !arguments.verbose) {
    return fail(ErrorKind::kInvalidInput, "--output-format stream-json needs --verbose",
                "Add --verbose to the command line.");
  }
  if (arguments.include_partial_messages && arguments.output_format != OutputFormat::kStreamJson) {
    return fail(ErrorKind::kInvalidInput, "--include-partial-messages needs --output-format stream-json");
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

}  // namespace

Result<Arguments> parse_arguments(int argc, const char* const* argv) {
  Arguments arguments;
  std::vector<std::string> tools;
  std::string format = "text";
  bool version = false;
  CLI::App app("Awl, a coding agent for the terminal, made for Claude Platform on AWS.", "awl");
  app.footer("`awl emulator` starts a local stand-in for the platform; see `awl emulator --help`.");
  app.add_flag("-v,--version", version, "Print the version and exit");
  add_run_options(app, arguments, tools, format);
  CLI::App* status = app.add_subcommand(
      "status", "Show which provider, workspace, region and credentials are in use, and why");
  status->add_flag("--json", arguments.status_as_json, "As a JSON object");
  status->add_option("--settings", arguments.settings, "Settings as a JSON object or a file's path")
      ->type_name("JSON|FILE");
  status->add_option("--model", arguments.model, "Model alias or id")->type_name("MODEL");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    arguments.command = Command::kHelp;
    arguments.help = status->parsed() ? status->help() : app.help();
    return arguments;
  } catch (const CLI::ParseError& error) {
    return fail(ErrorKind::kInvalidInput, error.what(), "`awl --help` lists what there is.");
  }
  if (version) arguments.command = Command::kVersion;
  if (status->parsed()) arguments.command = Command::kStatus;
  arguments.output_format = to_format(format);
  if (app.count("--tools") > 0) arguments.tools = split_names(tools);
  AWL_CHECK(check(arguments));
  return arguments;
}

}  // namespace awl::cli
