#include "cli/session_output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/clock.h"
#include "base/strings.h"
#include "cli/version.h"
#include "os/path.h"

namespace awl::cli {

namespace {

constexpr int kUsualColumns = 80;

int terminal_columns() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsualColumns;
  return size.ws_col;
}

// Only a person in front of a terminal that can erase a line is shown progress.
bool somebody_watches(const Arguments& arguments, const Environment& environment) {
  if (arguments.output_format == OutputFormat::kStreamJson || ::isatty(STDERR_FILENO) == 0) return false;
  const std::string terminal = environment.get("TERM");
  const std::string ci = to_lower(environment.get("CI"));
  return !terminal.empty() && terminal != "dumb" && (ci.empty() || ci == "0" || ci == "false");
}

std::unique_ptr<headless::Output> make_format(const Arguments& arguments, const std::string& session_id,
                                              headless::ByteSink& out, headless::ByteSink& err,
                                              bool watched) {
  headless::SessionLabel label{session_id, std::string(interface_version())};
  switch (arguments.output_format) {
    case OutputFormat::kJson:
      return headless::make_json_output(out, std::move(label), arguments.verbose);
    case OutputFormat::kStreamJson:
      return headless::make_stream_json_output(
          out, std::move(label),
          {arguments.include_partial_messages, arguments.replay_user_messages,
           arguments.include_hook_events});
    case OutputFormat::kText:
      break;
  }
  return headless::make_text_output(out, err, {.retries = !watched, .verbose = arguments.verbose});
}

os::Path log_path(const Arguments& arguments, const Setup& setup, const std::string& session_id) {
  const std::string elsewhere =
      arguments.debug_file ? *arguments.debug_file : setup.environment.get("CLAUDE_CODE_DEBUG_LOGS_DIR");
  if (!elsewhere.empty())
    return os::absolute_path(elsewhere, setup.locations.project_dir, setup.locations.home);
  return setup.locations.claude_dir / "debug" / (session_id + ".txt");
}

// A sink with a descriptor of its own.
class FileSink final : public headless::ByteSink {
 public:
  FileSink(int descriptor, int stop)
      : descriptor_(descriptor), sink_(headless::make_descriptor_sink(descriptor, stop)) {}
  ~FileSink() override { ::close(descriptor_); }
  FileSink(const FileSink&) = delete;
  FileSink& operator=(const FileSink&) = delete;
  void write(std::string_view bytes) override { sink_->write(bytes); }
  int error() const override { return sink_->error(); }

 private:
  int descriptor_;
  std::unique_ptr<headless::ByteSink> sink_;
};

}  // namespace

SessionOutput::SessionOutput(const Arguments& arguments, const Setup& setup, const std::string& session_id,
                             int stop, std::vector<std::string>& problems)
    : out_(headless::make_descriptor_sink(STDOUT_FILENO, stop)),
      err_(headless::make_descriptor_sink(STDERR_FILENO, stop)) {
  const bool watched = somebody_watches(arguments, setup.environment);
  headless::ByteSink* err = err_.get();
  if (watched) {
    const bool dim = setup.environment.get("NO_COLOR").empty();
    line_ = std::make_unique<headless::StatusLine>(*err_, terminal_columns, dim);
    err_above_ = headless::make_sink_above(*line_, *err_);
    err = err_above_.get();
  }
  format_ = make_format(arguments, session_id, *out_, *err, watched);
  outermost_ = format_.get();
  if (watched) {
    progress_ = headless::make_progress_output(*format_, *line_);
    outermost_ = progress_.get();
  }
  if (arguments.debug || arguments.debug_to_stderr || setup.environment.is_on("DEBUG"))
    open_log(arguments, setup, session_id, stop, problems);
}

void SessionOutput::open_log(const Arguments& arguments, const Setup& setup, const std::string& session_id,
                             int stop, std::vector<std::string>& problems) {
  const os::Path path = log_path(arguments, setup, session_id);
  const bool to_stderr = arguments.debug_to_stderr;
  const auto made = to_stderr ? Result<>() : os::make_directories(path.parent_path(), 0700);
  int descriptor = -1;
  if (to_stderr) {
    descriptor = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
  } else if (made) {
    descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
  }
  if (descriptor < 0) {
    const std::string cause = made ? std::generic_category().message(errno) : made.error().message;
    problems.push_back(fmt::format("the debug log {} cannot be written: {}", path.string(), cause));
    return;
  }
  log_ = std::make_unique<headless::DebugLog>(std::make_unique<FileSink>(descriptor, stop),
                                              arguments.debug_filter, system_clock_now);
  logged_ = headless::make_debug_output(*outermost_, *log_);
  outermost_ = logged_.get();
}

void SessionOutput::log_setup(const Setup& setup, const NetworkSetup& network) {
  if (!log_) return;
  const anthropic::Provider& provider = setup.provider;
  log_->write("startup",
              fmt::format("{}, provider {} ({})", version_line(), to_string(provider.kind), provider.reason));
  log_->write("startup", fmt::format("endpoint {}, authentication {} ({})", provider.base_url,
                                     to_string(provider.auth), provider.auth_source));
  for (const std::string& source : setup.settings.sources) log_->write("startup", "settings " + source);
  log_->write("network", network.http.proxy.empty()
                             ? "no proxy"
                             : fmt::format("proxy {} ({})", network.http.proxy.url, network.proxy_source));
  for (const std::string& file : network.ca_files)
    log_->write("network", "additional CA certificates " + file);
  if (!network.http.identity.certificate_file.empty())
    log_->write("network", "client certificate " + network.http.identity.certificate_file);
  for (const auto* problems : {&setup.problems, &network.problems}) {
    for (const std::string& problem : *problems) log_->write("startup", "warning: " + problem);
  }
}

std::string SessionOutput::failure() const {
  const int error = out_->error();
  if (error == 0 || error == EPIPE || error == ECANCELED) return "";
  return fmt::format("standard output cannot be written: {}", std::generic_category().message(error));
}

}  // namespace awl::cli
