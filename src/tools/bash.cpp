#include "tools/bash.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "async/timeout.h"
#include "base/strings.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "os/descriptor.h"
#include "os/path.h"
#include "os/process.h"
#include "tools/background_tasks.h"
#include "tools/bash_command.h"
#include "tools/bash_output.h"
#include "tools/bash_shell.h"
#include "tools/bash_snapshot.h"
#include "tools/bash_view.h"
#include "tools/builtin.h"
#include "tools/session.h"

namespace awl::embedded {
extern const std::string_view bash_md;
}

namespace awl::tools {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr size_t kMaxShownChars = 30'000;
constexpr size_t kMaxShownCharsOfFailure = 10'000;
constexpr size_t kMaxArgumentBytes = 128 << 10;  // MAX_ARG_STRLEN of the kernel
constexpr size_t kMaxFolderBytes = 8192;
constexpr milliseconds kRelayTime = 500ms;
constexpr int kFolderFd = 199;  // high, where scripts do not use numbers of their own

constexpr std::string_view kBashSchema =
    R"({"type":"object","properties":{)"
    R"("command":{"type":"string","description":"The command line to run"},)"
    R"("description":{"type":"string","description":"What the command does, in five to ten words, for the person"},)"
    R"("timeout":{"type":"number","description":"Time limit in milliseconds, normally 600000 at most"},)"
    R"("run_in_background":{"type":"boolean","description":"Return at once and let the command go on"}},)"
    R"("required":["command"],"additionalProperties":false})";

struct Call {
  std::string command;
  std::string description;
  std::string tool_use_id;
  milliseconds limit{0};
  bool in_background = false;
};

// Where a command's output goes. The file is removed with the object, unless it is kept for the model to
// read.
class OutputFile {
 public:
  static Result<OutputFile> create(const os::Path& folder) {
    OutputFile file;
    file.path_ = folder / fmt::format("bash-{}.txt", random_hex(6));
    file.fd_.reset(::open(file.path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.fd_.is_open()) return std::unexpected(os::system_error("create", file.path_, errno));
    return file;
  }
  OutputFile(OutputFile&&) = default;
  ~OutputFile() {
    if (fd_.is_open() && !kept_) ::unlink(path_.c_str());
  }

  const os::Path& path() const { return path_; }
  int fd() const { return fd_.get(); }
  void keep() { kept_ = true; }

 private:
  OutputFile() = default;
  os::Path path_;
  os::FileDescriptor fd_;
  bool kept_ = false;
};

// A command that was started.
struct Run {
  OutputFile output;
  os::FileDescriptor folder;  // the shell reports its last folder here
  os::Path started_in;
  std::optional<View> view;  // the file that it shows, when it does nothing else
  std::unique_ptr<os::Process> process;
  std::string notes;  // lines for the model, each with a new line before it

  void note(std::string_view line) {
    if (!line.empty()) notes += fmt::format("\n{}", line);
  }
};

// The structured result of the stream; clients know these names.
json::Value make_structured(std::string_view out, const Run& run, bool silent) {
  return {{"stdout", out},
          {"stderr", trim(run.notes)},
          {"interrupted", false},
          {"isImage", false},
          {"noOutputExpected", silent}};
}

std::string format_seconds(milliseconds time) {
  return fmt::format("{:g}s", static_cast<double>(time.count()) / 1000.0);
}

std::string read_folder(int fd) {
  std::string text(kMaxFolderBytes, '\0');
  const ssize_t size = ::pread(fd, text.data(), text.size(), 0);
  text.resize(size > 0 ? static_cast<size_t>(size) : 0);
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

class BashTool final : public Tool {
 public:
  explicit BashTool(BashOptions options)
      : options_(options),
        spec_{"Bash", std::string(trim(embedded::bash_md)), std::string(kBashSchema)},
        snapshot_(options.start_file_limit) {}

  const ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value&) const override { return false; }

  Result<Access> access(const json::Value& input, const Session&) const override {
    Access access;
    access.kind = Access::Kind::kShell;
    access.command = json::string_or_empty(input, "command");
    if (trim(access.command).empty()) return fail(ErrorKind::kInvalidInput, "`command` is empty");
    return access;
  }

  Task<ToolResult> run(const json::Value& input, const Access& access, const std::string& tool_use_id,
                       Session& session) override;

 private:
  static Result<Call> read_call(const json::Value& input, const Access& access,
                                const std::string& tool_use_id, const Session& session);
  Result<Run> start(const Shell& shell, const Call& call, const Environment& environment, Session& session);
  Task<> settle(Run& run, bool relayed);

  ToolResult finish(const Call& call, Run& run, os::ExitStatus status, std::string_view reason,
                    Session& session);
  ToolResult show_success(const Call& call, Run& run, std::string_view meaning, Session& session);
  ToolResult show_failure(Run& run, os::ExitStatus status, std::string_view reason, const Session& session);
  ToolResult move_to_background(const Call& call, Run& run, std::string_view how, Session& session);
  void follow_folder(Run& run, Session& session);
  void keep_output(Run& run) const;

  BashOptions options_;
  ToolSpec spec_;
  ShellSnapshot snapshot_;
  // What finished commands started and left running, until the session ends.
  std::vector<std::unique_ptr<os::Process>> left_running_;
};

Result<Call> BashTool::read_call(const json::Value& input, const Access& access,
                                 const std::string& tool_use_id, const Session& session) {
  Call call;
  call.command = access.command;
  call.description = json::string_or_empty(input, "description");
  call.tool_use_id = tool_use_id;
  call.in_background = json::get_bool(input, "run_in_background").value_or(false);
  const ToolLimits& limits = session.limits;
  const milliseconds longest = std::max(limits.bash_max_timeout, limits.bash_default_timeout);
  const double wanted = json::get_number(input, "timeout").value_or(0);
  call.limit = limits.bash_default_timeout;
  if (wanted >= 1) call.limit = milliseconds(static_cast<int64_t>(std::min(wanted, double(longest.count()))));
  if (call.in_background && session.child_environment.is_on("CLAUDE_CODE_DISABLE_BACKGROUND_TASKS")) {
    return fail(ErrorKind::kInvalidInput, "background tasks are switched off in this session",
                "run the command without run_in_background");
  }
  return call;
}

Result<Run> BashTool::start(const Shell& shell, const Call& call, const Environment& environment,
                            Session& session) {
  AWL_TRY(OutputFile output, OutputFile::create(session.output_dir));
  os::FileDescriptor folder(::memfd_create("folder", MFD_CLOEXEC));
  if (!folder.is_open()) return std::unexpected(os::system_error("create", "a file in memory", errno));
  Run run{.output = std::move(output),
          .folder = std::move(folder),
          .started_in = {},
          .view = {},
          .process = nullptr,
          .notes = {}};
  run.note(snapshot_.take_note());
  if (!os::is_folder(session.cwd)) {
    run.note(fmt::format("{} does not exist any more. Shell cwd was reset to {}", session.cwd.string(),
                         session.project_dir.string()));
    session.cwd = session.project_dir;
  }
  run.started_in = session.cwd;
  run.view = find_view(call.command, session);

  const ShellScript script{.command = call.command,
                           .snapshot_file = snapshot_.file(),
                           .env_files = find_env_files(environment, session),
                           .folder_fd = kFolderFd,
                           .relay_output = reopens_output(call.command)};
  const os::ProcessOptions options{.argv = make_arguments(shell, script, environment),
                                   .environment = environment.to_entries(),
                                   .working_directory = session.cwd,
                                   .stdout_fd = run.output.fd(),
                                   .stderr_fd = run.output.fd(),
                                   .more_fds = {{run.folder.get(), kFolderFd}}};
  if (options.argv.back().size() >= kMaxArgumentBytes) {
    return fail(ErrorKind::kInvalidInput,
                fmt::format("the command has {} bytes, more than a shell can be given ({})",
                            call.command.size(), kMaxArgumentBytes),
                "write it to a script file and run that");
  }
  AWL_TRY(run.process, os::Process::start(session.executor, options));
  return run;
}

Task<ToolResult> BashTool::run(const json::Value& input, const Access& access, const std::string& tool_use_id,
                               Session& session) {
  std::erase_if(left_running_, [](const auto& process) { return !process->group_alive(); });
  auto call = read_call(input, access, tool_use_id, session);
  if (!call) co_return ToolResult::error(describe(call.error()));
  if (auto made = os::make_directories(session.output_dir, 0700); !made) {
    co_return ToolResult::error(describe(made.error()));
  }
  const Shell shell = choose_shell(session.child_environment);
  co_await snapshot_.ensure(shell, session);
  const auto environment = co_await prepare_child_environment(session);
  if (!environment) co_return ToolResult::error(describe(environment.error()));
  auto run = start(shell, *call, *environment, session);
  if (!run) co_return ToolResult::error(describe(run.error()));
  if (call->in_background)
    co_return move_to_background(*call, *run, "The command runs in the background.", session);

  const WatchEnd end = co_await watch_process(*run->process, run->output.path(), options_.guard, call->limit);
  std::string reason;
  if (end == WatchEnd::kTimeLimit) {
    const bool may_go_on = may_continue_in_background(call->command) &&
                           !session.child_environment.is_on("CLAUDE_CODE_DISABLE_BACKGROUND_TASKS");
    reason =
        fmt::format("The command did not end within its limit of {} and was ", format_seconds(call->limit));
    if (may_go_on) co_return move_to_background(*call, *run, reason + "moved to the background.", session);
    reason += "stopped.";
  } else if (end == WatchEnd::kOutputLimit) {
    reason =
        fmt::format("The command was stopped, because its output passed {} bytes.", options_.guard.max_bytes);
  }
  os::ExitStatus status;
  if (end == WatchEnd::kExited) {
    status = co_await run->process->wait();
    co_await settle(*run, reopens_output(call->command));
  } else {
    status = co_await run->process->stop(options_.stop_grace);
  }
  co_return finish(*call, *run, status, reason, session);
}

// Process substitutions and relays end a moment after the shell, with the last of the output.
Task<> BashTool::settle(Run& run, bool relayed) {
  milliseconds waited = 0ms;
  const milliseconds longest = relayed ? std::max(options_.settle_time, kRelayTime) : options_.settle_time;
  for (milliseconds pause = 2ms; run.process->group_alive(); pause *= 2) {
    if (waited >= longest) {
      run.note(fmt::format("What the command started is still running. Its output goes to {}",
                           run.output.path().string()));
      run.output.keep();
      left_running_.push_back(std::move(run.process));
      co_return;
    }
    co_await async::sleep_for(pause);
    waited += pause;
  }
}

ToolResult BashTool::finish(const Call& call, Run& run, os::ExitStatus status, std::string_view reason,
                            Session& session) {
  follow_folder(run, session);
  const std::string_view meaning =
      status.code == 1 && reason.empty() ? meaning_of_exit_one(call.command) : std::string_view();
  if (reason.empty() && (status.code == 0 || !meaning.empty()))
    return show_success(call, run, meaning, session);
  return show_failure(run, status, reason, session);
}

ToolResult BashTool::show_success(const Call& call, Run& run, std::string_view meaning, Session& session) {
  const ShownOutput shown =
      read_whole_or_start(run.output.fd(), std::min(kMaxShownChars, session.limits.bash_max_output_chars));
  if (run.view && meaning.empty() && shown.whole) remember_view(*run.view, session);
  const bool silent = meaning.empty() && is_silent_by_nature(call.command);
  json::Value structured = make_structured(shown.text, run, silent);
  if (!meaning.empty()) structured["returnCodeInterpretation"] = meaning;
  ToolResult result;
  if (!shown.whole) {
    keep_output(run);
    structured["persistedOutputPath"] = run.output.path().string();
    structured["persistedOutputSize"] = shown.size_bytes;
    result.text = fmt::format(
        "The output has {} bytes, too many to show. All of it is in this file:\n{}\n{}It begins:\n\n{}\n…",
        shown.size_bytes, run.output.path().string(),
        shown.size_bytes > options_.max_kept_bytes
            ? fmt::format("(but only its first {} bytes)\n", options_.max_kept_bytes)
            : "",
        shown.text);
  } else if (!shown.text.empty()) {
    result.text = shown.text;
  } else {
    result.text = meaning.empty() ? "(no output)" : fmt::format("(no output, exit code 1: {})", meaning);
  }
  result.text += run.notes;
  result.structured_json = json::dump(structured);
  return result;
}

ToolResult BashTool::show_failure(Run& run, os::ExitStatus status, std::string_view reason,
                                  const Session& session) {
  const ShownOutput shown = read_whole_or_ends(
      run.output.fd(), std::min(kMaxShownCharsOfFailure, session.limits.bash_max_output_chars));
  std::string text = fmt::format("Exit code {}", status.code);
  if (!reason.empty()) text += fmt::format("\n{}", reason);
  if (!shown.text.empty()) text += fmt::format("\n{}", shown.text);
  if (!shown.whole) {
    keep_output(run);
    text += fmt::format("\n\nThe whole output is in this file:\n{}", run.output.path().string());
  }
  return ToolResult::error(text + run.notes);
}

ToolResult BashTool::move_to_background(const Call& call, Run& run, std::string_view how, Session& session) {
  run.output.keep();
  const os::Path path = run.output.path();
  BackgroundTask task;
  task.tool_use_id = call.tool_use_id;
  task.command = call.command;
  task.description = call.description;
  task.output_file = path;
  const std::string id = session.background->add(std::move(task), std::move(run.process));
  if (changes_folder(call.command)) {
    run.note(fmt::format("The session's folder stays {}: the command's own changes of folder do not count.",
                         session.cwd.string()));
  }
  json::Value structured = make_structured("", run, false);
  structured["backgroundTaskId"] = id;
  ToolResult result;
  result.text = fmt::format("{}\nTask id: {}\nOutput file: {}\nYou will be told when it ends.{}", how, id,
                            path.string(), run.notes);
  result.structured_json = json::dump(structured);
  return result;
}

// The session's folder goes where the shell went, inside the folders that it may be in.
void BashTool::follow_folder(Run& run, Session& session) {
  if (session.child_environment.is_on("CLAUDE_BASH_MAINTAIN_PROJECT_WORKING_DIR")) {
    session.cwd = session.project_dir;
    return;
  }
  const os::Path reported = read_folder(run.folder.get());
  // A command that did not move says nothing about the session's folder: a neighbour may have moved it.
  if (!reported.is_absolute() || reported == run.started_in || !os::is_folder(reported)) return;
  const os::Path folder = os::resolve_links(reported);
  const auto contains = [&folder](const os::Path& parent) { return os::is_within(folder, parent); };
  if (contains(session.project_dir) || std::ranges::any_of(session.additional_dirs, contains)) {
    session.cwd = folder;
    return;
  }
  session.cwd = session.project_dir;
  run.note(fmt::format("Shell cwd was reset to {}", session.project_dir.string()));
}

void BashTool::keep_output(Run& run) const {
  run.output.keep();
  const auto info = os::stat(run.output.path());
  if (info && info->size_bytes > options_.max_kept_bytes) {
    // When it fails, more than necessary is kept.
    [[maybe_unused]] const int ignored =
        ::ftruncate(run.output.fd(), static_cast<off_t>(options_.max_kept_bytes));
  }
}

}  // namespace

std::unique_ptr<Tool> make_bash_tool(BashOptions options) { return std::make_unique<BashTool>(options); }

std::unique_ptr<Tool> make_bash_tool() { return make_bash_tool(BashOptions{}); }

}  // namespace awl::tools
