#include "base/strings.h"
#include "headless/event_json.h"
#include "headless/output.h"

namespace awl::headless {

namespace {

// Some readers take U+2028 and U+2029 for the end of a line. In JSON they stand only inside strings.
std::string escape_line_separators(std::string text) {
  if (text.find("\xE2\x80\xA8") != std::string::npos)
    text = replace_all(std::move(text), "\xE2\x80\xA8", "\\u2028");
  if (text.find("\xE2\x80\xA9") != std::string::npos)
    text = replace_all(std::move(text), "\xE2\x80\xA9", "\\u2029");
  return text;
}

class StreamJsonOutput final : public Output {
 public:
  StreamJsonOutput(ByteSink& out, SessionLabel label, StreamJsonOptions options)
      : out_(out), formatter_(std::move(label)), options_(options) {}

  void on_event(const protocol::Event& event) override {
    if (!options_.partial_messages && std::holds_alternative<protocol::StreamEvent>(event)) return;
    if (!options_.replay_user_messages && std::holds_alternative<protocol::MessageAccepted>(event)) return;
    if (!options_.hook_events && is_about_hook(event)) return;
    for (std::string& message : formatter_.format(event)) {
      message += '\n';
      out_.write(escape_line_separators(std::move(message)));
    }
  }

 private:
  ByteSink& out_;
  EventFormatter formatter_;
  StreamJsonOptions options_;
};

}  // namespace

std::unique_ptr<Output> make_stream_json_output(ByteSink& out, SessionLabel label,
                                                StreamJsonOptions options) {
  return std::make_unique<StreamJsonOutput>(out, std::move(label), options);
}

}  // namespace awl::headless
