#include "headless/run.h"

#include "async/task_group.h"
#include "async/timeout.h"

namespace awl::headless {

namespace {

class HeadlessHost final : public protocol::Host {
 public:
  bool can_ask() const override { return false; }
  Task<protocol::PermissionAnswer> ask_permission(protocol::PermissionQuestion question) override {
    std::string reason = std::move(question.reason);
    if (!reason.ends_with('.')) reason += '.';
    co_return protocol::PermissionAnswer{
        false,
        reason + " Nobody can be asked in this run; a permission rule or --allowedTools would allow it."};
  }
};

}  // namespace

std::unique_ptr<protocol::Host> make_headless_host() { return std::make_unique<HeadlessHost>(); }

Task<int> run(agent::Engine& engine, Output& output, const ByteSink& out,
              std::optional<std::chrono::milliseconds> idle_limit) {
  const Executor executor = co_await boost::asio::this_coro::executor;
  async::TaskGroup group(executor);
  group.spawn(engine.run());
  int exit_code = 1;
  bool idle = false;
  for (;;) {
    std::optional<protocol::Event> event;
    if (idle && idle_limit) {
      auto within = co_await async::with_timeout(engine.next_event(), *idle_limit);
      if (!within) {
        engine.post(protocol::EndInput{});
        idle = false;
        continue;
      }
      event = std::move(*within);
    } else {
      event = co_await engine.next_event();
    }
    if (!event) break;
    output.on_event(*event);
    if (std::holds_alternative<protocol::SessionStarted>(*event)) idle = false;
    if (const auto* ended = std::get_if<protocol::TurnEnded>(&*event)) {
      exit_code = ended->is_error() ? 1 : 0;
      idle = true;
    }
    if (out.is_broken()) {
      group.cancel();
      break;
    }
  }
  co_await group.join();
  output.finish();
  co_return out.is_broken() ? 1 : exit_code;
}

}  // namespace awl::headless
