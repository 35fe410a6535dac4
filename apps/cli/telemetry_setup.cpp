#include "cli/telemetry_setup.h"

#include <sys/utsname.h>

#include "cli/messages.h"
#include "cli/state_files.h"
#include "cli/version.h"
#include "telemetry/session_telemetry.h"

namespace awl::cli {

namespace {

telemetry::Attributes describe_resource(const Setup& setup) {
  // The names that dashboards for Claude Code filter by.
  telemetry::Attributes resource{{"service.name", "claude-code"},
                                 {"service.version", std::string(interface_version())},
                                 {"telemetry.sdk.name", std::string(user_agent())}};
  utsname system{};
  if (::uname(&system) == 0) {
    resource.emplace_back("os.type", "linux");
    resource.emplace_back("os.version", system.release);
    resource.emplace_back("host.arch", std::string_view(system.machine) == "x86_64" ? "amd64" : "arm64");
  }
  if (!setup.provider.region.empty()) resource.emplace_back("cloud.region", setup.provider.region);
  for (const auto& custom : setup.telemetry.custom) resource.push_back(custom);
  return resource;
}

telemetry::SessionFacts describe_session(const Setup& setup, const Arguments& arguments,
                                         const ChosenSession& chosen, const agent::EngineOptions& options) {
  telemetry::SessionFacts facts;
  facts.session_id = chosen.id;
  facts.user_id = load_device_id(state_dir(setup.environment, setup.locations.home));
  facts.version = interface_version();
  facts.entry_point = entry_point_of(setup, arguments);
  facts.terminal = setup.environment.get("TERM_PROGRAM");
  facts.workspace = setup.provider.workspace_id;
  facts.effort = options.request.reasoning.effort;
  facts.start_type = arguments.continue_session ? "continue" : arguments.resume ? "resume" : "fresh";
  for (const agent::PluginLabel& plugin : options.plugins) facts.plugins.push_back(plugin.name);
  facts.builtin_agents = {"general-purpose", "Explore", "Plan"};
  return facts;
}

class SessionReportImpl final : public SessionReport {
 public:
  SessionReportImpl(const Executor& executor, net::HttpClient& http, telemetry::ExporterOptions exporter,
                    telemetry::SessionFacts facts)
      : exporter_(executor, http, std::move(exporter)), session_(exporter_, std::move(facts)) {}

  void follow(agent::EngineOptions& options) {
    options.observe = [this](const protocol::Event& event, const std::string& agent) {
      session_.on_event(event, agent);
    };
    options.at_end = [this] { return exporter_.finish(); };
    session_.begin();
  }

 private:
  telemetry::Exporter exporter_;
  telemetry::SessionTelemetry session_;
};

}  // namespace

std::unique_ptr<SessionReport> report_session(const Executor& executor, net::HttpClient& http,
                                              const Setup& setup, const Arguments& arguments,
                                              const ChosenSession& chosen, agent::EngineOptions& options) {
  if (!setup.telemetry.is_on()) return nullptr;
  telemetry::ExporterOptions exporter;
  exporter.settings = setup.telemetry;
  exporter.resource = describe_resource(setup);
  exporter.headers_helper = setup.settings.otel_headers_helper.value_or("");
  exporter.environment = setup.environment;
  exporter.console = [](std::string_view line) { tell(std::string(line)); };
  // On a terminal it would stand in the middle of what is drawn.
  if (!arguments.interactive || setup.environment.is_on("CLAUDE_CODE_OTEL_DIAG_STDERR"))
    exporter.on_problem = [](const std::string& problem) { tell("Warning: " + problem); };
  auto report = std::make_unique<SessionReportImpl>(executor, http, std::move(exporter),
                                                    describe_session(setup, arguments, chosen, options));
  report->follow(options);
  return report;
}

}  // namespace awl::cli
