// What `awl` can be asked to do. Each gives the exit code.
#pragma once

#include "base/environment.h"
#include "cli/arguments.h"
#include "os/file.h"

namespace awl::cli {

int run_print(const Arguments& arguments, const Environment& shell, const os::Path& cwd);
/// The interactive terminal.
int run_interactive(const Arguments& arguments, const Environment& shell, const os::Path& cwd);
int run_status(const Arguments& arguments, const Environment& shell, const os::Path& cwd);
int run_models(const Arguments& arguments, const Environment& shell, const os::Path& cwd);
int run_doctor(const Arguments& arguments, const Environment& shell, const os::Path& cwd);
/// `awl auth login`, `refresh` and `token`.
int run_auth(const Arguments& arguments, const Environment& shell, const os::Path& cwd);
/// `awl policy explain` and `test`.
int run_policy(const Arguments& arguments, const Environment& shell, const os::Path& cwd);
/// `awl sessions list`, `search`, `rename`, `tag`, `delete` and `export`.
int run_sessions(const Arguments& arguments, const Environment& shell, const os::Path& cwd);
/// `awl mcp add`, `add-json`, `list`, `get` and `remove`.
int run_mcp(const Arguments& arguments, const Environment& shell, const os::Path& cwd);
/// `awl mcp login` and `logout`.
int run_mcp_login(const Arguments& arguments, const Environment& shell, const os::Path& cwd);
int run_mcp_serve(const Arguments& arguments, const Environment& shell, const os::Path& cwd);
/// `awl plugin …`.
int run_plugin(const Arguments& arguments, const Environment& shell, const os::Path& cwd);
int run_acp(const Arguments& arguments, const Environment& shell, const os::Path& cwd);
/// The kinds of subagents that a session here has.
int run_agents(const Arguments& arguments, const Environment& shell, const os::Path& cwd);
int run_trust(const Arguments& arguments, const Environment& shell, const os::Path& cwd);
int run_context(const Arguments& arguments, const Environment& shell, const os::Path& cwd);
int run_purge(const Arguments& arguments, const Environment& shell, const os::Path& cwd);
/// `awl auto-mode defaults`, `config`, `critique` and `reset`.
int run_auto_mode(const Arguments& arguments, const Environment& shell, const os::Path& cwd);
/// `awl config get`, `set`, `unset` and `list`.
int run_config(const Arguments& arguments, const Environment& shell, const os::Path& cwd);
/// Becomes `awl-emulator` with the arguments after `emulator`; returns only when that cannot be started.
int exec_emulator(int argc, char** argv);

}  // namespace awl::cli
