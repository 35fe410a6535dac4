#include <fmt/format.h>

#include "headless/output.h"

namespace awl::headless {

namespace {

class TextOutput final : public Output {
 public:
  TextOutput(ByteSink& out, ByteSink& err) : out_(out), err_(err) {}

  void on_event(const protocol::Event& event) override {
    if (const auto* ended = std::get_if<protocol::TurnEnded>(&event)) {
      text_ = ended->text;
    } else if (const auto* notice = std::get_if<protocol::Notice>(&event)) {
      err_.write(notice->text + "\n");
    } else if (const auto* retry = std::get_if<protocol::RetryScheduled>(&event)) {
      err_.write(fmt::format("{} Retrying in {:.1f} s, attempt {} of {}.\n", retry->message,
                             static_cast<double>(retry->delay.count()) / 1000, retry->attempt,
                             retry->max_retries));
    }
  }

  void finish() override {
    if (text_.empty()) return;
    out_.write(text_.ends_with('\n') ? text_ : text_ + "\n");
  }

 private:
  ByteSink& out_;
  ByteSink& err_;
  std::string text_;
};

}  // namespace

std::unique_ptr<Output> make_text_output(ByteSink& out, ByteSink& err) {
  return std::make_unique<TextOutput>(out, err);
}

}  // namespace awl::headless
