#include "cli/session_engine.h"

#include <fmt/format.h>

#include <random>

#include "anthropic/client.h"
#include "anthropic/token_counter.h"
#include "base/uuid.h"
#include "cli/credentials_setup.h"
#include "cli/engine_setup.h"
#include "cli/extension_setup.h"
#include "cli/interrupted_turn.h"
#include "cli/settings_watch.h"
#include "cli/state_files.h"
#include "cli/telemetry_setup.h"
#include "cli/tool_identity.h"
#include "cli/version.h"
#include "os/process.h"
#include "session/retention.h"

namespace awl::cli {

namespace {

std::function<double()> make_random() {
  auto engine = std::make_shared<std::minstd_rand>(std::random_device{}());
  return [engine] { return std::uniform_real_distribution<double>(0, 1)(*engine); };
}

constexpr std::chrono::hours kCleanUpEvery{24};
constexpr std::chrono::milliseconds kCleanUpLimit{300};
constexpr int kUsualDays = 30;

// Once a day, after everything else; what is not done in time goes on the next time.
void clean_up(const Setup& setup, const Arguments& arguments) {
  if (arguments.bare || !arguments.persist || setup.settings.cleanup_is_unsure) return;
  const os::Path stamp = state_dir(setup.environment, setup.locations.home) / "last-clean-up";
  const auto last = os::stat(stamp);
  const TimePoint now = system_clock_now();
  const auto age = now.time_since_epoch() - std::chrono::nanoseconds(last ? last->modified_ns : 0);
  if (last && age < kCleanUpEvery) return;
  const auto outcome = session::sweep(
      setup.locations.claude_dir, std::chrono::days(setup.settings.cleanup_period_days.value_or(kUsualDays)),
      now, kCleanUpLimit);
  if (!outcome.complete || !os::make_directories(stamp.parent_path(), 0700)) return;
  // Without it, the next run looks again.
  static_cast<void>(os::write_file_atomic(stamp, "", 0600));
}

class SessionEngineImpl final : public SessionEngine {
 public:
  SessionEngineImpl(boost::asio::io_context& io, const Arguments& arguments, const Setup& setup,
                    const NetworkSetup& network)
      : arguments_(arguments),
        setup_(setup),
        http_(net::make_curl_client(io.get_executor(), network.http)),
        authenticator_(make_authenticator(setup, *http_)),
        noting_(make_noting_client(*http_, setup.provider, actions_)),
        client_(*noting_, *authenticator_, anthropic::choose_retry_policy(setup.environment, setup.provider),
                make_random()),
        json_client_(*noting_, *authenticator_,
                     anthropic::choose_retry_policy(setup.environment, setup.provider), make_random()),
        token_counter_(json_client_) {}

  Result<> start(boost::asio::io_context& io, const Environment& shell, ChosenSession& chosen,
                 protocol::Host& host) {
    agent::EngineOptions options = make_engine_options(setup_, arguments_, chosen.id);
    options.opening_note = chosen.opening_note;
    AWL_CHECK(add_extensions(setup_, arguments_, options));
    options.session.http = http_.get();
    options.settings_watch = make_settings_watch(arguments_, shell, setup_, options.request.reasoning.effort);
    options.transcript_path = chosen.file.string();
    if (chosen.restored) {
      words_to_go_on_ = cli::words_to_go_on(*chosen.restored, setup_.environment, system_clock_now());
    }
    recorder_ = make_recorder(chosen, setup_, arguments_);
    options.recorder = recorder_.get();
    options.restored = std::move(chosen.restored);
    chosen_ = chosen;
    options.make_recorder = [this](const std::string& agent_id) {
      return make_subagent_recorder(chosen_, setup_, arguments_, agent_id);
    };
    options.session.add_credentials = make_tool_credentials(setup_, *http_);
    // Bedrock counts in another way; what is too long is found out when it is refused.
    if (setup_.provider.kind != anthropic::ProviderKind::kBedrock) options.token_counter = &token_counter_;
    report_ = report_session(io.get_executor(), *http_, setup_, arguments_, chosen_, options);
    engine_ = agent::make_engine(io.get_executor(), std::move(options), client_, host);
    return {};
  }

  agent::Engine& engine() override { return *engine_; }
  const std::string& words_to_go_on() const override { return words_to_go_on_; }

  void finish() override {
    if (setup_.provider.kind == anthropic::ProviderKind::kClaudePlatformOnAws) {
      // For `awl doctor --iam` alone: that it cannot be kept is no reason to fail.
      static_cast<void>(store_actions(state_dir(setup_.environment, setup_.locations.home),
                                      setup_.provider.workspace_id, actions_));
    }
    clean_up(setup_, arguments_);
  }

 private:
  const Arguments& arguments_;
  const Setup& setup_;
  ChosenSession chosen_;
  CalledActions actions_;
  std::unique_ptr<net::HttpClient> http_;
  std::unique_ptr<anthropic::Authenticator> authenticator_;
  std::unique_ptr<net::HttpClient> noting_;
  anthropic::MessagesClient client_;
  anthropic::JsonClient json_client_;
  anthropic::TokenCounter token_counter_;
  std::unique_ptr<session::Recorder> recorder_;
  std::unique_ptr<SessionReport> report_;  // null: none is wanted
  std::unique_ptr<agent::Engine> engine_;
  std::string words_to_go_on_;
};

}  // namespace

Result<std::unique_ptr<SessionEngine>> SessionEngine::make(boost::asio::io_context& io,
                                                           const Arguments& arguments,
                                                           const Environment& shell, const Setup& setup,
                                                           const NetworkSetup& network, ChosenSession& chosen,
                                                           protocol::Host& host) {
  AWL_CHECK(check_version(setup.settings.minimum_version, setup.settings.maximum_version));
  os::adopt_orphans();
  auto made = std::make_unique<SessionEngineImpl>(io, arguments, setup, network);
  AWL_CHECK(made->start(io, shell, chosen, host));
  return made;
}

void say(const std::string& words, agent::Engine& engine) {
  engine.post(protocol::SendMessage{fmt::format("[{}]", anthropic::text_block(words)), make_uuid()});
}

}  // namespace awl::cli
