#include <algorithm>
#include <array>

#include "base/strings.h"
#include "hooks/handler_run.h"
#include "os/process.h"

namespace awl::hooks {

namespace {

constexpr size_t kMaxHookOutputBytes = 4 << 20;
constexpr std::array<std::string_view, 4> kWithEnvFile{"SessionStart", "Setup", "CwdChanged", "FileChanged"};

using Variables = std::map<std::string, std::string>;

// ${NAME} of the variables that hooks are given; everything else stays as it is.
std::string fill_in(std::string text, const Variables& variables) {
  for (const auto& [name, value] : variables) text = replace_all(std::move(text), "${" + name + "}", value);
  return text;
}

std::vector<std::string> make_argv(const HookHandler& handler, const Variables& variables) {
  if (!handler.args) return {handler.shell.empty() ? "/bin/sh" : "bash", "-c", handler.command};
  std::vector<std::string> argv{fill_in(handler.command, variables)};
  for (const std::string& argument : *handler.args) argv.push_back(fill_in(argument, variables));
  return argv;
}

}  // namespace

HookRun failed(std::string cause) {
  HookRun run;
  run.end = HookRun::End::kError;
  run.exit_code = 1;
  run.failure = std::move(cause);
  return run;
}

HookRun timed_out(std::chrono::milliseconds limit) {
  HookRun run = failed(fmt::format("it did not end within {:g} s and was stopped; what it said is not used",
                                   static_cast<double>(limit.count()) / 1000));
  run.end = HookRun::End::kCancelled;
  return run;
}

Task<HookRun> run_command_hook(HandlerCall call) {
  const HookRunnerOptions& options = call.options;
  auto environment = co_await options.environment();
  if (!environment) co_return failed(describe(environment.error()));
  Variables variables = call.handler.variables;
  variables["CLAUDE_PROJECT_DIR"] = options.project_dir.string();
  for (const auto& [name, value] : variables) environment->set(name, value);
  environment->unset("CLAUDE_ENV_FILE");
  if (std::ranges::find(kWithEnvFile, call.event) != kWithEnvFile.end() && !options.env_file.empty()) {
    if (os::make_directories(options.env_file.parent_path(), 0700))
      environment->set("CLAUDE_ENV_FILE", options.env_file.string());
  }
  os::ProcessOptions process{.argv = make_argv(call.handler, variables),
                             .environment = environment->to_entries(),
                             .working_directory = options.folder()};
  if (!os::is_folder(process.working_directory)) process.working_directory = options.project_dir;
  auto ended =
      co_await os::run_command(std::move(process), call.input_json + "\n", call.limit, kMaxHookOutputBytes);
  if (!ended && ended.error().kind == ErrorKind::kTimeout) co_return timed_out(call.limit);
  if (!ended) co_return failed("it could not be started: " + describe(ended.error()));
  HookRun run;
  run.exit_code = ended->status.code;
  run.end = ended->status.ok() ? HookRun::End::kSuccess : HookRun::End::kError;
  run.out = std::move(ended->out);
  run.err = std::move(ended->err);
  co_return run;
}

}  // namespace awl::hooks
