#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/environment.h"
#include "cli/commands.h"
#include "cli/messages.h"
#include "cli/model_secrets.h"
#include "cli/version.h"

namespace {

using namespace awl;

int run(int argc, char** argv) {
  const auto arguments = cli::parse_arguments(argc, argv);
  if (!arguments) {
    cli::tell("Error: " + describe(arguments.error()));
    return 1;
  }
  if (arguments->command == cli::Command::kVersion) {
    return cli::print_text(std::string(cli::version_line()) + "\n");
  }
  if (arguments->command == cli::Command::kHelp) {
    return cli::print_text(arguments->text);
  }
  if (arguments->command == cli::Command::kRefused) {
    cli::tell(arguments->text);
    return 1;
  }
  const Environment shell = Environment::from_array(environ);
  cli::wipe_secrets(environ, shell.is_on("CLAUDE_CODE_SUBPROCESS_ENV_SCRUB"));
  std::error_code error;
  const std::filesystem::path cwd = std::filesystem::current_path(error);
  if (error) {
    cli::tell(
        fmt::format("Error: the current folder cannot be used: {}. It may have been removed or moved; change "
                    "to another one.",
                    error.message()));
    return 1;
  }
  switch (arguments->command) {
    case cli::Command::kModels:
      return cli::run_models(*arguments, shell, cwd);
    case cli::Command::kStatus:
      return cli::run_status(*arguments, shell, cwd);
    case cli::Command::kDoctor:
      return cli::run_doctor(*arguments, shell, cwd);
    case cli::Command::kAuthLogin:
    case cli::Command::kAuthRefresh:
    case cli::Command::kAuthToken:
      return cli::run_auth(*arguments, shell, cwd);
    case cli::Command::kPolicyExplain:
    case cli::Command::kPolicyTest:
      return cli::run_policy(*arguments, shell, cwd);
    case cli::Command::kSessionsList:
    case cli::Command::kSessionsSearch:
    case cli::Command::kSessionsRename:
    case cli::Command::kSessionsTag:
    case cli::Command::kSessionsDelete:
    case cli::Command::kSessionsExport:
    case cli::Command::kSessionsTrace:
      return cli::run_sessions(*arguments, shell, cwd);
    case cli::Command::kMcpAdd:
    case cli::Command::kMcpAddJson:
    case cli::Command::kMcpList:
    case cli::Command::kMcpGet:
    case cli::Command::kMcpRemove:
      return cli::run_mcp(*arguments, shell, cwd);
    case cli::Command::kMcpLogin:
    case cli::Command::kMcpLogout:
      return cli::run_mcp_login(*arguments, shell, cwd);
    case cli::Command::kMcpServe:
      return cli::run_mcp_serve(*arguments, shell, cwd);
    case cli::Command::kPluginInstall:
    case cli::Command::kPluginUninstall:
    case cli::Command::kPluginEnable:
    case cli::Command::kPluginDisable:
    case cli::Command::kPluginUpdate:
    case cli::Command::kPluginList:
    case cli::Command::kPluginValidate:
    case cli::Command::kPluginMarketplace:
      return cli::run_plugin(*arguments, shell, cwd);
    case cli::Command::kAcp:
      return cli::run_acp(*arguments, shell, cwd);
    case cli::Command::kAgents:
      return cli::run_agents(*arguments, shell, cwd);
    case cli::Command::kTrust:
      return cli::run_trust(*arguments, shell, cwd);
    case cli::Command::kContext:
      return cli::run_context(*arguments, shell, cwd);
    case cli::Command::kProjectPurge:
      return cli::run_purge(*arguments, shell, cwd);
    case cli::Command::kAutoModeDefaults:
    case cli::Command::kAutoModeConfig:
    case cli::Command::kAutoModeCritique:
    case cli::Command::kAutoModeReset:
      return cli::run_auto_mode(*arguments, shell, cwd);
    case cli::Command::kConfigGet:
    case cli::Command::kConfigSet:
    case cli::Command::kConfigUnset:
    case cli::Command::kConfigList:
      return cli::run_config(*arguments, shell, cwd);
    default:
      break;
  }
  // Without a terminal to draw on, or driven by a program, it is headless without -p too.
  const bool headless = arguments->print || arguments->stream_input || arguments->setup_only ||
                        !arguments->rewind_to.empty() || ::isatty(STDIN_FILENO) == 0 ||
                        ::isatty(STDOUT_FILENO) == 0;
  if (!headless) return cli::run_interactive(*arguments, shell, cwd);
  return cli::run_print(*arguments, shell, cwd);
}

// A descriptor that is closed at the start would be reused for something else and then be read as the prompt.
void open_closed_standard_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) < 0)
      ::open("/dev/null", O_RDWR);  // takes the lowest free number: this one
  }
}

}  // namespace

int main(int argc, char** argv) {
  open_closed_standard_descriptors();
  if (argc > 1 && std::string_view(argv[1]) == "emulator") return cli::exec_emulator(argc, argv);
#if !__has_feature(address_sanitizer)
  // What runs as the same user must not read the model's secrets out of /proc/<pid>/environ or mem.
  // (LeakSanitizer looks at its own process that way.)
  ::prctl(PR_SET_DUMPABLE, 0);
#endif
  // A reader that goes away is noticed by write(), not by dying.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    cli::tell(fmt::format("Error: an internal error occurred: {}. This is a bug in Awl.", error.what()));
    return 70;
  }
}
