#include "headless/run.h"

#include "async/task_group.h"

namespace awl::headless {

namespace {

class HeadlessHost final : public protocol::Host {
 public:
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

Task<int> run(agent::Engine& engine, Output& output, const ByteSink& out) {
  const Executor executor = co_await boost::asio::this_coro::executor;
  async::TaskGroup group(executor);
  group.spawn(engine.run());
  int exit_code = 1;
  for (;;) {
    auto event = co_await engine.next_event();
    if (!event) break;
    output.on_event(*event);
    if (const auto* ended = std::get_if<protocol::TurnEnded>(&*event)) exit_code = ended->is_error() ? 1 : 0;
    if (out.is_broken()) {
      group.cancel();
      exit_code = 1;
      break;
    }
  }
  co_await group.join();
  output.finish();
  co_return exit_code;
}

}  // namespace awl::headless
