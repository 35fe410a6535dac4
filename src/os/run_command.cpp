#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/system/system_error.hpp>
#include <cerrno>
#include <cstring>

#include "async/timeout.h"
#include "os/descriptor.h"
#include "os/process.h"

namespace awl::os {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

// How long the output of a command that has ended is still read, when something it started holds the pipe.
constexpr auto kDrainTime = 50ms;
constexpr size_t kReadBytes = 64 << 10;

// A file in memory: the child can read it at its own pace and nobody has to write.
Result<FileDescriptor> text_as_file(std::string_view text) {
  FileDescriptor file(::memfd_create("stdin", MFD_CLOEXEC));
  if (!file.is_open()) return std::unexpected(system_error("create", "a file in memory", errno));
  while (!text.empty()) {
    const ssize_t written = ::write(file.get(), text.data(), text.size());
    if (written < 0) return std::unexpected(system_error("write", "a file in memory", errno));
    text.remove_prefix(static_cast<size_t>(written));
  }
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

struct Pipe {
  FileDescriptor read_end;
  FileDescriptor write_end;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return fail(ErrorKind::kIo, fmt::format("cannot create a pipe: {}", std::strerror(errno)));
  }
  return Pipe{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

// One of the child's output streams and what was read from it.
struct Stream {
  Stream(const Executor& executor, FileDescriptor fd, size_t limit)
      : pipe(executor, fd.release()), max_bytes(limit) {}

  asio::posix::stream_descriptor pipe;
  size_t max_bytes;
  std::string text;
  bool truncated = false;
};

Task<> read_to_end(Stream& stream) {
  std::vector<char> buffer(kReadBytes);
  while (true) {
    boost::system::error_code error;
    const size_t count = co_await stream.pipe.async_read_some(
        asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
    if (error) co_return;
    const size_t kept = std::min(count, stream.max_bytes - stream.text.size());
    stream.text.append(buffer.data(), kept);
    if (kept < count) stream.truncated = true;
  }
}

Task<> wait_and_drain(Process& process) {
  co_await process.wait();
  co_await async::sleep_for(kDrainTime);
}

Task<> converse(Process& process, Stream& out, Stream& err, ExitStatus& status) {
  using namespace asio::experimental::awaitable_operators;
  co_await ((read_to_end(out) && read_to_end(err)) || wait_and_drain(process));
  status = co_await process.wait();
}

}  // namespace

Task<Result<CommandResult>> run_command(ProcessOptions options, std::string stdin_text,
                                        std::chrono::milliseconds limit, size_t max_output_bytes) {
  const Executor executor = co_await asio::this_coro::executor;
  FileDescriptor input;
  if (!stdin_text.empty()) {
    AWL_CO_TRY(input, text_as_file(stdin_text));
    options.stdin_fd = input.get();
  }
  AWL_CO_TRY(Pipe out_pipe, make_pipe());
  AWL_CO_TRY(Pipe err_pipe, make_pipe());
  options.stdout_fd = out_pipe.write_end.get();
  options.stderr_fd = err_pipe.write_end.get();
  AWL_CO_TRY(const std::unique_ptr<Process> process, Process::start(executor, options));
  out_pipe.write_end.reset();
  err_pipe.write_end.reset();
  input.reset();

  Stream out(executor, std::move(out_pipe.read_end), max_output_bytes);
  Stream err(executor, std::move(err_pipe.read_end), max_output_bytes);
  CommandResult result;
  const bool ended = co_await async::finish_within(converse(*process, out, err, result.status), limit);
  if (!ended) {
    co_return fail(ErrorKind::kTimeout,
                   fmt::format("{} did not end within {} ms", options.argv.front(), limit.count()));
  }
  result.out = std::move(out.text);
  result.err = std::move(err.text);
  result.truncated = out.truncated || err.truncated;
  co_return result;
}

}  // namespace awl::os
