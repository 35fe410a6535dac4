#include "cli/prompt_input.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "base/strings.h"
#include "base/utf8.h"
#include "cli/messages.h"

namespace awl::cli {

namespace {

constexpr size_t kMaxPipedBytes = 10 << 20;
constexpr int kSilenceMs = 3'000;

Result<std::string> read_prompt_pipe(int descriptor, bool has_argument) {
  std::string text;
  std::array<char, 64 << 10> buffer{};
  for (;;) {
    if (has_argument && text.empty()) {
      // Some programs leave a pipe open that they never write to.
      pollfd waiting{descriptor, POLLIN, 0};
      if (::poll(&waiting, 1, kSilenceMs) == 0) return text;
    }
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      tell(
          fmt::format("Warning: standard input cannot be read: {}.", std::generic_category().message(errno)));
      return text;
    }
    if (got == 0) return text;
    text.append(buffer.data(), static_cast<size_t>(got));
    if (text.size() > kMaxPipedBytes) {
      return fail(ErrorKind::kInvalidInput, "more than 10 MB were piped into standard input",
                  "Write it to a file and name the file in the prompt.");
    }
  }
}

}  // namespace

Result<std::string> read_prompt(const std::string& argument, int descriptor) {
  std::string piped;
  if (::isatty(descriptor) == 0) {
    AWL_TRY(piped, read_prompt_pipe(descriptor, !argument.empty()));
  }
  piped = to_utf8(piped);
  std::string prompt = to_utf8(argument);
  if (!trim(piped).empty()) prompt += prompt.empty() ? piped : "\n" + piped;
  if (trim(prompt).empty()) {
    return fail(ErrorKind::kInvalidInput, "there is nothing to do",
                "Give a prompt: awl -p \"What's in this repo?\", or pipe one in.");
  }
  return prompt;
}

}  // namespace awl::cli
