#include "headless/progress_output.h"

#include "async/timeout.h"
#include "headless/progress.h"

namespace awl::headless {

namespace {

using std::chrono::steady_clock;

// Short runs show nothing.
constexpr std::chrono::milliseconds kFirstDrawing{400};
constexpr std::chrono::seconds kInterval{1};

class ProgressOutputImpl final : public ProgressOutput {
 public:
  ProgressOutputImpl(Output& inner, StatusLine& line) : inner_(inner), line_(line) {}

  void on_event(const protocol::Event& event) override {
    const ProgressText before = progress_.describe(steady_clock::now());
    progress_.on_event(event, steady_clock::now());
    if (std::holds_alternative<protocol::TurnEnded>(event)) line_.hide();
    inner_.on_event(event);
    // Partial texts come by the hundred, and change nothing.
    if (drawing_ && progress_.describe(steady_clock::now()) != before) draw();
  }

  void finish() override {
    drawing_ = false;
    line_.hide();
    inner_.finish();
  }

  Task<> run() override {
    co_await async::sleep_for(kFirstDrawing);
    drawing_ = true;
    for (;;) {
      draw();
      co_await async::sleep_for(kInterval);
    }
  }

 private:
  void draw() {
    const ProgressText text = progress_.describe(steady_clock::now());
    if (text.what.empty()) {
      line_.hide();
    } else {
      line_.show(text.what, text.tail);
    }
  }

  Output& inner_;
  StatusLine& line_;
  Progress progress_;
  bool drawing_ = false;
};

}  // namespace

std::unique_ptr<ProgressOutput> make_progress_output(Output& inner, StatusLine& line) {
  return std::make_unique<ProgressOutputImpl>(inner, line);
}

}  // namespace awl::headless
