#include "headless/event_json.h"
#include "headless/output.h"

namespace awl::headless {

namespace {

class StreamJsonOutput final : public Output {
 public:
  StreamJsonOutput(ByteSink& out, SessionLabel label, bool partial_messages)
      : out_(out), formatter_(std::move(label)), partial_messages_(partial_messages) {}

  void on_event(const protocol::Event& event) override {
    if (!partial_messages_ && std::holds_alternative<protocol::StreamEvent>(event)) return;
    for (std::string& message : formatter_.format(event)) {
      message += '\n';
      out_.write(message);
    }
  }

 private:
  ByteSink& out_;
  EventFormatter formatter_;
  bool partial_messages_;
};

}  // namespace

std::unique_ptr<Output> make_stream_json_output(ByteSink& out, SessionLabel label, bool partial_messages) {
  return std::make_unique<StreamJsonOutput>(out, std::move(label), partial_messages);
}

}  // namespace awl::headless
