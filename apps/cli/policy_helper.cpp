#include "cli/policy_helper.h"

#include <fmt/format.h>

#include "base/strings.h"
#include "cli/run_to_end.h"
#include "cli/version.h"
#include "os/process.h"

namespace awl::cli {

namespace {

constexpr size_t kMaxPolicyBytes = 1 << 20;

Result<std::string> run_helper(const config::PolicyHelper& helper, Environment environment,
                               const config::Locations& locations) {
  environment.set("CLAUDE_CODE_VERSION", std::string(interface_version()));
  os::ProcessOptions options;
  options.argv = {helper.path.string()};
  options.environment = environment.to_entries();
  options.working_directory = locations.home;
  boost::asio::io_context io(1);
  auto ran = run_to_end(io, os::run_command(std::move(options), "", helper.timeout, kMaxPolicyBytes));
  if (!ran) return std::unexpected(ran.error());
  if (!ran->status.ok()) {
    return fail(ErrorKind::kIo, fmt::format("it ended with exit code {}: {}", ran->status.code,
                                            trim(std::string_view(ran->err).substr(0, 1'000))));
  }
  if (ran->truncated) return fail(ErrorKind::kParse, "it printed more than 1 MB");
  return std::move(ran->out);
}

}  // namespace

Result<std::chrono::milliseconds> add_policy(const Arguments& arguments, const Environment& shell,
                                             const config::Locations& locations,
                                             std::vector<config::SettingsSource>& sources,
                                             std::vector<std::string>& problems) {
  AWL_TRY(const std::optional<config::PolicyHelper> helper, config::find_policy_helper(sources));
  if (helper) {
    const auto output = run_helper(*helper, shell, locations);
    if (!output)
      return fail(output.error().kind,
                  fmt::format("policyHelper {}: {}", helper->path.string(), output.error().message),
                  "The managed settings want its answer before a session starts.");
    AWL_CHECK(config::apply_policy_output(*output, helper->path.string(), sources));
  }
  const std::chrono::milliseconds refresh = helper ? helper->refresh : std::chrono::milliseconds(0);
  if (!arguments.managed_settings) return refresh;
  if (helper) {
    problems.emplace_back("--managed-settings is ignored: policyHelper decides on this machine");
    return refresh;
  }
  AWL_TRY(const std::vector<std::string> sentences,
          config::add_parent_settings(*arguments.managed_settings, sources));
  problems.insert(problems.end(), sentences.begin(), sentences.end());
  return refresh;
}

}  // namespace awl::cli
