#include "headless/event_json.h"
#include "headless/output.h"

namespace awl::headless {

namespace {

class JsonOutput final : public Output {
 public:
  JsonOutput(ByteSink& out, SessionLabel label, bool all_events)
      : out_(out), label_(label), formatter_(std::move(label)), all_events_(all_events) {}

  void on_event(const protocol::Event& event) override {
    if (!all_events_) {
      if (const auto* ended = std::get_if<protocol::TurnEnded>(&event)) result_ = result_json(*ended, label_);
      return;
    }
    if (std::holds_alternative<protocol::StreamEvent>(event)) return;
    if (std::holds_alternative<protocol::MessageAccepted>(event)) return;
    if (is_about_hook(event)) return;
    for (const std::string& message : formatter_.format(event)) {
      array_ += array_.empty() ? "[" : ",";
      array_ += message;
    }
  }

  void finish() override {
    if (all_events_ && !array_.empty()) out_.write(array_ + "]\n");
    if (!all_events_ && !result_.empty()) out_.write(result_ + "\n");
  }

 private:
  ByteSink& out_;
  SessionLabel label_;
  EventFormatter formatter_;
  bool all_events_;
  std::string result_;
  std::string array_;
};

}  // namespace

std::unique_ptr<Output> make_json_output(ByteSink& out, SessionLabel label, bool all_events) {
  return std::make_unique<JsonOutput>(out, std::move(label), all_events);
}

}  // namespace awl::headless
