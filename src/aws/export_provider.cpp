#include "aws/export_provider.h"

#include <fmt/format.h>

#include "aws/credentials_json.h"
#include "os/process.h"

namespace awl::aws {

namespace {

constexpr size_t kMaxExportBytes = 64 << 10;

class ExportProvider : public CredentialsProvider {
 public:
  ExportProvider(ExportOptions options, Clock clock)
      : options_(std::move(options)), clock_(std::move(clock)) {}

  std::string name() const override { return "awsCredentialExport"; }

  Task<Result<Credentials>> fetch() override {
    os::ProcessOptions process;
    process.argv = {"/bin/sh", "-c", options_.command};
    process.environment = options_.environment;
    process.working_directory = options_.folder;
    const os::OrphansGoFree agents_stay;  // such as an ssh-agent that it starts
    auto done = co_await os::run_command(std::move(process), "", options_.limit, kMaxExportBytes);
    if (!done && done.error().kind == ErrorKind::kTimeout)
      co_return unusable(fmt::format("it did not end within {} s", options_.limit.count() / 1000));
    if (!done) co_return unusable(done.error().message);
    if (!done->status.ok()) co_return unusable(fmt::format("it ended with exit code {}", done->status.code));
    co_return parse_export(done->out, "what awsCredentialExport printed", name(), clock_());
  }

 private:
  static std::unexpected<Error> unusable(std::string_view why) {
    return fail(ErrorKind::kCredentials, fmt::format("awsCredentialExport gave no credentials: {}", why),
                "run the command of this setting by hand to see what it needs");
  }

  ExportOptions options_;
  Clock clock_;
};

}  // namespace

std::unique_ptr<CredentialsProvider> make_export_provider(ExportOptions options, Clock clock) {
  return std::make_unique<ExportProvider>(std::move(options), std::move(clock));
}

}  // namespace awl::aws
