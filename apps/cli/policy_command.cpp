#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "cli/commands.h"
#include "cli/messages.h"
#include "cli/session_setup.h"
#include "os/file.h"
#include "os/path.h"
#include "permission/bash_rules.h"
#include "permission/policy.h"
#include "permission/shell_parse.h"
#include "tools/input.h"
#include "tools/registry.h"
#include "tools/session.h"

namespace awl::cli {

namespace {

constexpr size_t kMaxExpectationBytes = 16 << 20;

// A tool call that nobody makes.
struct Call {
  std::string tool;
  json::Value input;
};

struct Judgement {
  permission::Verdict verdict;
  permission::Access access;
};

std::string_view verdict_name(permission::Behavior behavior) {
  switch (behavior) {
    case permission::Behavior::kAllow:
      return "allow";
    case permission::Behavior::kAsk:
      return "ask";
    case permission::Behavior::kDeny:
      break;
  }
  return "deny";
}

std::unexpected<Error> no_call(std::string_view text) {
  return fail(ErrorKind::kInvalidInput, fmt::format("\"{}\" is no tool call", text),
              R"(Write it as a rule, Bash(git push) or Edit(src/a.cpp), or as {"tool":"Bash","input":{…}}.)");
}

// The part of the input that a rule for the tool speaks of.
std::string_view subject_key(std::string_view tool) {
  if (tool == "WebFetch") return "url";
  if (tool == "WebSearch") return "query";
  if (tool == "NotebookEdit") return "notebook_path";
  if (tool == "Grep" || tool == "Glob") return "path";
  if (tool == "Read" || tool == "Write" || tool == "Edit") return "file_path";
  if (tool == "Skill") return "skill";
  return tool == "Bash" || tool == "Monitor" ? "command" : "";
}

Result<Call> parse_call(std::string_view text) {
  text = trim(text);
  if (text.starts_with('{')) {
    AWL_TRY(const json::Value value, json::parse(text));
    Call call{json::string_or_empty(value, "tool"), json::Value::object()};
    if (const json::Value* input = json::find(value, "input")) call.input = *input;
    if (call.tool.empty() || !call.input.is_object()) return no_call(text);
    return call;
  }
  const size_t open = text.find('(');
  Call call{std::string(text.substr(0, open)), json::Value::object()};
  const bool is_name = !call.tool.empty() && std::ranges::all_of(call.tool, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  if (!is_name || (open != std::string_view::npos && !text.ends_with(')'))) return no_call(text);
  if (open == std::string_view::npos) return call;
  const std::string_view key = subject_key(call.tool);
  if (key.empty()) return no_call(text);
  call.input[std::string(key)] = text.substr(open + 1, text.size() - open - 2);
  return call;
}

/// Decides as a session with this setup would, without one.
class Judge {
 public:
  explicit Judge(const Setup& setup) : setup_(setup), tools_(tools::make_builtin_tools()) {
    session_.project_dir = session_.cwd = setup.locations.project_dir;
    session_.home = setup.locations.home;
    session_.child_environment = setup.environment;
  }

  void add_folder(const std::string& folder) {
    session_.additional_dirs.push_back(
        os::resolve_links(os::absolute_path(folder, session_.project_dir, session_.home)));
  }

  /// Errors: kInvalidInput when the call itself is wrong.
  Result<Judgement> decide(const Call& call) const {
    Judgement judgement;
    const auto found = std::ranges::find_if(tools_, [&call](const auto& tool) {
      const auto& aliases = tool->spec().aliases;
      return tool->spec().name == call.tool || std::ranges::find(aliases, call.tool) != aliases.end();
    });
    const std::string name = found == tools_.end() ? call.tool : (*found)->spec().name;
    // A tool that a server or a plugin will bring is judged by its name.
    if (found != tools_.end()) {
      AWL_TRY(judgement.access, (*found)->access(call.input, session_));
    } else {
      judgement.access.kind = permission::Access::Kind::kNetwork;
    }
    const permission::Situation situation{setup_.mode, session_.project_dir, session_.additional_dirs,
                                          session_.cwd, session_.home};
    judgement.verdict = permission::decide(setup_.rules, situation, name, judgement.access, call.input);
    return judgement;
  }

 private:
  const Setup& setup_;
  tools::Session session_;
  std::vector<std::unique_ptr<tools::Tool>> tools_;
};

std::vector<std::string> parts_of(const permission::Access& access) {
  std::vector<std::string> parts;
  for (const os::Path& path : access.paths) parts.push_back(path.string());
  if (!access.url.empty()) parts.push_back(access.url);
  if (access.kind != permission::Access::Kind::kShell) return parts;
  const permission::Script script = permission::parse_shell(access.command);
  for (const auto& words : permission::list_subjects(script, access.command).invocations)
    parts.push_back(permission::join_words(words));
  if (!script.understood) parts.push_back(fmt::format("(not understood: {})", script.problem));
  return parts;
}

// The words of every command that it runs; null for what is only known then.
json::Value argv_of(const std::string& command, bool& understood) {
  json::Value all = json::Value::array();
  const permission::Script script = permission::parse_shell(command);
  const permission::ShellSubjects subjects = permission::list_subjects(script, command);
  understood = subjects.understood;
  for (const auto& words : subjects.invocations) {
    json::Value argv = json::Value::array();
    for (const permission::Word& word : words)
      argv.push_back(word.is_literal() && !word.tilde ? json::Value(word.text) : json::Value());
    all.push_back(std::move(argv));
  }
  return all;
}

// Of what is asked.
std::string_view who_answers(const permission::Verdict& verdict, permission::Mode mode) {
  if (verdict.behavior != permission::Behavior::kAsk) return "";
  const bool judged = mode == permission::Mode::kAuto && !verdict.only_person;
  return judged ? " (a model judges)" : " (denied in -p)";
}

int explain(const Judge& judge, const Setup& setup, const Arguments& arguments) {
  const auto complain = [](const Error& error) {
    tell("Error: " + describe(error));
    return 1;
  };
  const auto call = parse_call(join(arguments.words, " "));
  if (!call) return complain(call.error());
  const auto judged = judge.decide(*call);
  if (!judged) return complain(judged.error());
  const std::vector<std::string> parts = parts_of(judged->access);
  const std::string_view behavior = verdict_name(judged->verdict.behavior);
  const std::string_view mode = permission::to_string(setup.mode);
  if (arguments.as_json) {
    json::Value whole = {{"tool", call->tool}, {"input", call->input}, {"parts", parts},
                         {"mode", mode},       {"verdict", behavior},  {"reason", judged->verdict.reason}};
    if (judged->access.kind == permission::Access::Kind::kShell) {
      bool understood = false;
      whole["argv"] = argv_of(judged->access.command, understood);
      whole["understood"] = understood;
    }
    return print_text(json::dump_pretty(whole));
  }
  std::string text;
  for (const std::string& part : parts) text += fmt::format("part     {}\n", part);
  text += fmt::format("mode     {}\nverdict  {}{}\nreason   {}\n", mode, behavior,
                      who_answers(judged->verdict, setup.mode), judged->verdict.reason);
  return print_text(text);
}

// One line of a file of expectations; empty: it holds, or expects nothing.
std::string check_expectation(const Judge& judge, std::string_view line, size_t& checked) {
  line = trim(line);
  if (line.empty() || line.starts_with('#')) return "";
  ++checked;
  const size_t space = std::min(line.find_first_of(" \t"), line.size());
  const std::string_view expected = line.substr(0, space);
  if (expected != "allow" && expected != "ask" && expected != "deny" && expected != "refuse")
    return fmt::format("\"{}\" is none of allow, ask, deny and refuse (ask or deny)", expected);
  const auto call = parse_call(line.substr(space));
  if (!call) return describe(call.error());
  const auto judged = judge.decide(*call);
  if (!judged) return describe(judged.error());
  const std::string_view got = verdict_name(judged->verdict.behavior);
  if (got == expected || (expected == "refuse" && got != "allow")) return "";
  return fmt::format("expected {}, got {} for {}: {}", expected, got, trim(line.substr(space)),
                     judged->verdict.reason);
}

int check_file(const Judge& judge, const Arguments& arguments, const os::Path& cwd) {
  if (arguments.words.size() != 1) {
    tell(
        "Error: awl policy test takes one file. Each of its lines is a verdict and a call: deny Bash(rm -rf "
        "/)");
    return 1;
  }
  const auto contents = os::read_file(os::absolute_path(arguments.words[0], cwd, cwd), kMaxExpectationBytes);
  if (!contents) {
    tell("Error: " + describe(contents.error()));
    return 1;
  }
  size_t checked = 0;
  size_t failed = 0;
  size_t number = 0;
  std::string text;
  for (const std::string_view line : split(*contents, '\n')) {
    ++number;
    const std::string problem = check_expectation(judge, line, checked);
    if (problem.empty()) continue;
    ++failed;
    text += fmt::format("{}:{}: {}\n", arguments.words[0], number, problem);
  }
  text += fmt::format("{} expectations, {} failed\n", checked, failed);
  const int printed = print_text(text);
  return failed > 0 || checked == 0 ? 1 : printed;
}

}  // namespace

int run_policy(const Arguments& arguments, const Environment& shell, const os::Path& cwd) {
  const auto setup = make_setup(arguments, shell, cwd);
  if (!setup) {
    tell("Error: " + describe(setup.error()));
    return 1;
  }
  for (const std::string& problem : setup->problems) tell("Warning: " + problem);
  Judge judge(*setup);
  for (const auto* list : {&arguments.add_dirs, &setup->settings.additional_directories}) {
    for (const std::string& folder : *list) judge.add_folder(folder);
  }
  return arguments.command == Command::kPolicyExplain ? explain(judge, *setup, arguments)
                                                      : check_file(judge, arguments, cwd);
}

}  // namespace awl::cli
