#include "headless/event_json.h"
#include "headless/output.h"

namespace awl::headless {

namespace {

class StreamJsonOutput final : public Output {
 public:
  StreamJsonOutput(ByteSink& out, SessionLabel label, StreamJsonOptions options)
      : out_(out), formatter_(std::move(label)), options_(options) {}

  void on_event(const protocol::Event& event) override {
    if (!options_.partial_messages && std::holds_alternative<protocol::StreamEvent>(event)) return;
    if (!options_.replay_user_messages && std::holds_alternative<protocol::MessageAccepted>(event)) return;
    for (std::string& message : formatter_.format(event)) {
      message += '\n';
      out_.write(message);
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
