// `awl context`: what /context says, without a session.
#include "cli/commands.h"

namespace awl::cli {

int run_context(const Arguments& arguments, const Environment& shell, const os::Path& cwd) {
  Arguments session = arguments;
  session.command = Command::kSession;
  session.print = true;
  session.prompt = "/context";
  session.persist = false;
  return run_print(session, shell, cwd);
}

}  // namespace awl::cli
