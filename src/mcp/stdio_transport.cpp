#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>
#include <cerrno>
#include <cstring>

#include "async/event.h"
#include "async/task_group.h"
#include "base/strings.h"
#include "base/utf8.h"
#include "mcp/transport.h"
#include "os/descriptor.h"
#include "os/process.h"

namespace awl::mcp {

namespace asio = boost::asio;

namespace {

constexpr size_t kMaxMessageBytes = 64 << 20;
constexpr size_t kKeptErrorBytes = 4 << 10;
constexpr size_t kReadBytes = 64 << 10;
constexpr std::chrono::milliseconds kStopGrace{500};

class StdioTransport final : public Transport {
 public:
  StdioTransport(Executor executor, const ServerConfig& config, std::vector<std::string> environment,
                 os::Path folder)
      : executor_(std::move(executor)),
        argv_{config.command},
        environment_(std::move(environment)),
        folder_(std::move(folder)),
        outgoing_(executor_),
        tasks_(executor_) {
    argv_.insert(argv_.end(), config.args.begin(), config.args.end());
  }

  Task<Result<>> open(TransportEvents events) override {
    events_ = std::move(events);
    int in[2];
    int out[2];
    int err[2];
    for (int* ends : {in, out, err}) {
      if (::pipe2(ends, O_CLOEXEC) != 0)
        co_return fail(ErrorKind::kIo, fmt::format("cannot create a pipe: {}", std::strerror(errno)));
    }
    const os::FileDescriptor child_in(in[0]);
    const os::FileDescriptor child_out(out[1]);
    const os::FileDescriptor child_err(err[1]);
    input_.emplace(executor_, in[1]);
    output_.emplace(executor_, out[0]);
    errors_.emplace(executor_, err[0]);
    const os::ProcessOptions options{.argv = argv_,
                                     .environment = environment_,
                                     .working_directory = folder_,
                                     .stdin_fd = child_in.get(),
                                     .stdout_fd = child_out.get(),
                                     .stderr_fd = child_err.get()};
    AWL_CO_TRY(process_, os::Process::start(executor_, options));
    tasks_.spawn(read_messages());
    tasks_.spawn(read_errors());
    tasks_.spawn(write_messages());
    co_return Result<>();
  }

  void send(std::string message, std::optional<int64_t> /*id*/) override {
    message += '\n';
    outgoing_.push(std::move(message));
  }

  Task<> close() override {
    events_ = {};
    outgoing_.close();
    tasks_.cancel();
    co_await tasks_.join();
    if (process_) co_await process_->stop(kStopGrace);
    process_.reset();
  }

 private:
  Task<size_t> read_some(asio::posix::stream_descriptor& from, std::string& buffer) {
    boost::system::error_code error;
    const size_t count =
        co_await from.async_read_some(asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
    co_return error ? 0 : count;
  }

  Task<> read_messages() {
    std::string buffer(kReadBytes, '\0');
    std::string line;
    for (;;) {
      const size_t count = co_await read_some(*output_, buffer);
      if (count == 0) break;
      std::string_view bytes(buffer.data(), count);
      for (size_t end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
        line += bytes.substr(0, end);
        bytes.remove_prefix(end + 1);
        if (!trim(line).empty() && events_.on_message) events_.on_message(std::move(line));
        line.clear();
      }
      line += bytes;
      if (line.size() > kMaxMessageBytes) {
        report_end(fmt::format("it sent a message of more than {} MiB", kMaxMessageBytes >> 20));
        co_return;
      }
    }
    const os::ExitStatus status = co_await process_->wait();
    report_end(fmt::format("it ended with exit code {}", status.code));
  }

  void report_end(const std::string& what) {
    const std::string said(trim(to_utf8(last_errors_)));
    if (events_.on_closed)
      events_.on_closed(
          {ErrorKind::kIo, said.empty() ? what : fmt::format("{}; it said: {}", what, said), "", ""});
  }

  // What it says there is kept for when it fails, and bounded.
  Task<> read_errors() {
    std::string buffer(kReadBytes, '\0');
    for (;;) {
      const size_t count = co_await read_some(*errors_, buffer);
      if (count == 0) co_return;
      last_errors_.append(buffer.data(), count);
      if (last_errors_.size() > kKeptErrorBytes) last_errors_.erase(0, last_errors_.size() - kKeptErrorBytes);
    }
  }

  Task<> write_messages() {
    for (;;) {
      const auto message = co_await outgoing_.pop();
      if (!message) co_return;
      boost::system::error_code error;
      co_await asio::async_write(*input_, asio::buffer(*message),
                                 asio::redirect_error(asio::use_awaitable, error));
      if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
      if (error) co_return;  // its end is told by what reads from it
    }
  }

  Executor executor_;
  std::vector<std::string> argv_;
  std::vector<std::string> environment_;
  os::Path folder_;
  TransportEvents events_;
  std::unique_ptr<os::Process> process_;
  std::optional<asio::posix::stream_descriptor> input_;
  std::optional<asio::posix::stream_descriptor> output_;
  std::optional<asio::posix::stream_descriptor> errors_;
  std::string last_errors_;
  async::Channel<std::string> outgoing_;
  async::TaskGroup tasks_;
};

}  // namespace

std::unique_ptr<Transport> make_stdio_transport(Executor executor, const ServerConfig& config,
                                                std::vector<std::string> environment, os::Path folder) {
  return std::make_unique<StdioTransport>(std::move(executor), config, std::move(environment),
                                          std::move(folder));
}

}  // namespace awl::mcp
