#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string_view>

#include "base/environment.h"
#include "cli/commands.h"
#include "cli/version.h"

namespace {

using namespace awl;

int run(int argc, char** argv) {
  const auto arguments = cli::parse_arguments(argc, argv);
  if (!arguments) {
    fmt::print(stderr, "Error: {}\n", describe(arguments.error()));
    return 1;
  }
  if (arguments->command == cli::Command::kVersion) {
    fmt::print("{}\n", cli::version_line());
    return 0;
  }
  if (arguments->command == cli::Command::kHelp) {
    fmt::print("{}", arguments->help);
    return 0;
  }
  const Environment shell = Environment::from_array(environ);
  std::error_code error;
  const std::filesystem::path cwd = std::filesystem::current_path(error);
  if (error) {
    fmt::print(stderr, "Error: the current folder cannot be read: {}\n", error.message());
    return 1;
  }
  if (arguments->command == cli::Command::kStatus) return cli::run_status(*arguments, shell, cwd);
  if (!arguments->print) {
    fmt::print(stderr,
               "Error: this version has no interactive terminal interface yet. Use awl -p \"…\"; `awl "
               "--help` lists what there is.\n");
    return 1;
  }
  return cli::run_print(*arguments, shell, cwd);
}

}  // namespace

int main(int argc, char** argv) {
  // A reader that goes away is noticed by write(), not by dying.
  std::signal(SIGPIPE, SIG_IGN);
  if (argc > 1 && std::string_view(argv[1]) == "emulator") return cli::exec_emulator(argc, argv);
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "Error: an internal error occurred: {}. This is a bug in Awl.\n", error.what());
    return 70;
  }
}
