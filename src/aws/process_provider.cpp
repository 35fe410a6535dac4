#include "aws/process_provider.h"

#include <fmt/format.h>

#include "aws/command_line.h"
#include "aws/credentials_json.h"
#include "base/strings.h"
#include "base/utf8.h"
#include "os/process.h"

namespace awl::aws {

namespace {

constexpr size_t kMaxOutputBytes = 64 << 10;
constexpr size_t kShownBytes = 400;  // of what a failed program wrote

// The last words of a program are those that say why.
std::string last_words(std::string_view text) {
  text = trim(text);
  if (text.size() > kShownBytes) text.remove_prefix(text.size() - kShownBytes);
  return redact(to_utf8(text));
}

class ProcessProvider : public CredentialsProvider {
 public:
  ProcessProvider(ProcessProviderOptions options, Clock clock)
      : options_(std::move(options)), clock_(std::move(clock)) {}

  std::string name() const override { return "credential_process"; }

  Task<Result<Credentials>> fetch() override {
    auto words = split_command_line(options_.command_line);
    if (!words) co_return unusable(fmt::format("its line is malformed: {}", words.error().message));
    const std::string program = words->front();
    os::ProcessOptions process;
    process.argv = std::move(*words);
    process.environment = options_.environment;
    const os::OrphansGoFree agents_stay;  // such as an ssh-agent that it starts
    auto done = co_await os::run_command(std::move(process), "", options_.limit, kMaxOutputBytes);
    if (!done && done.error().kind == ErrorKind::kTimeout)
      co_return unusable(fmt::format("{} did not end within {} s", program, options_.limit.count() / 1000));
    if (!done) co_return unusable(done.error().message);
    if (!done->status.ok()) {
      const std::string words_of_it = last_words(done->err);
      co_return unusable(fmt::format("{} ended with exit code {}{}{}", program, done->status.code,
                                     words_of_it.empty() ? "" : ": ", words_of_it));
    }
    co_return parse_process_output(done->out, fmt::format("what {} of {} printed", program, options_.place),
                                   fmt::format("credential_process of {}", options_.place), clock_());
  }

 private:
  std::unexpected<Error> unusable(std::string_view why) const {
    return fail(ErrorKind::kCredentials,
                fmt::format("credential_process of {} gave no credentials: {}", options_.place, why),
                "run the program by hand to see what it needs");
  }

  ProcessProviderOptions options_;
  Clock clock_;
};

}  // namespace

std::unique_ptr<CredentialsProvider> make_process_provider(ProcessProviderOptions options, Clock clock) {
  return std::make_unique<ProcessProvider>(std::move(options), std::move(clock));
}

}  // namespace awl::aws
