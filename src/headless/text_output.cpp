#include <fmt/format.h>

#include "headless/output.h"
#include "headless/tool_label.h"

namespace awl::headless {

namespace {

std::string plural(int64_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

std::string describe_cost(const protocol::TurnEnded& ended) {
  const anthropic::TokenUsage& usage = ended.usage;
  const int64_t input =
      usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens;
  return fmt::format("{}, {:.1f} s, {} tokens in and {} out, ${:.4f} in all\n",
                     plural(ended.num_turns, "turn"), static_cast<double>(ended.duration.count()) / 1000,
                     input, usage.output_tokens, ended.total_cost_usd);
}

class TextOutput final : public Output {
 public:
  TextOutput(ByteSink& out, ByteSink& err, TextOptions options) : out_(out), err_(err), options_(options) {}

  void on_event(const protocol::Event& event) override {
    const auto* ended = std::get_if<protocol::TurnEnded>(&event);
    // What is the whole answer of a turn is not told twice.
    const std::string waiting = std::exchange(notice_, "");
    if (!waiting.empty() && !(ended != nullptr && ended->text == waiting)) err_.write(waiting + "\n");
    if (ended != nullptr) {
      text_ = ended->text;
      if (options_.verbose) err_.write(describe_cost(*ended));
    } else if (const auto* notice = std::get_if<protocol::Notice>(&event)) {
      notice_ = notice->text;
    } else if (const auto* retry = std::get_if<protocol::RetryScheduled>(&event); retry && options_.retries) {
      err_.write(fmt::format("{} Retrying in {:.1f} s, attempt {} of {}.\n", retry->message,
                             static_cast<double>(retry->delay.count()) / 1000, retry->attempt,
                             retry->max_retries));
    } else if (const auto* block = std::get_if<protocol::AssistantBlock>(&event); block && options_.verbose) {
      if (const std::string label = tool_label(block->block_json); !label.empty()) err_.write(label + "\n");
    }
  }

  void finish() override {
    if (!notice_.empty()) err_.write(notice_ + "\n");
    if (text_.empty()) return;
    out_.write(text_.ends_with('\n') ? text_ : text_ + "\n");
  }

 private:
  ByteSink& out_;
  ByteSink& err_;
  TextOptions options_;
  std::string notice_;  // the last one, as long as nothing followed it
  std::string text_;
};

}  // namespace

std::unique_ptr<Output> make_text_output(ByteSink& out, ByteSink& err, TextOptions options) {
  return std::make_unique<TextOutput>(out, err, options);
}

}  // namespace awl::headless
