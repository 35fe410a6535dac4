#include "async/task_group.h"
#include "base/strings.h"
#include "mcp/transport.h"

namespace awl::mcp {

namespace {

class HostedTransport final : public Transport {
 public:
  HostedTransport(Executor executor, std::function<Task<Result<std::string>>(std::string)> pass)
      : pass_(std::move(pass)), tasks_(std::move(executor)) {}

  Task<Result<>> open(TransportEvents events) override {
    events_ = std::move(events);
    co_return Result<>();
  }

  void send(std::string message, std::optional<int64_t> id) override {
    tasks_.spawn(exchange(std::move(message), id));
  }

  Task<> close() override {
    events_ = {};
    tasks_.cancel();
    co_await tasks_.join();
  }

 private:
  Task<> exchange(std::string message, std::optional<int64_t> id) {
    auto answer = co_await pass_(std::move(message));
    // Notifications get a made-up answer, which answers nothing.
    if (!id) co_return;
    if (!answer && events_.on_failed) events_.on_failed(*id, answer.error());
    if (answer && events_.on_message) events_.on_message(std::move(*answer));
  }

  std::function<Task<Result<std::string>>(std::string)> pass_;
  TransportEvents events_;
  async::TaskGroup tasks_;
};

}  // namespace

std::unique_ptr<Transport> make_hosted_transport(
    Executor executor, std::function<Task<Result<std::string>>(std::string message)> pass) {
  return std::make_unique<HostedTransport>(std::move(executor), std::move(pass));
}

}  // namespace awl::mcp
