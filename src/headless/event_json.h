// Events as the JSON messages that clients of the command line read. Source: product documentation,
// "headless" and "agent-sdk/typescript" (SDKMessage).
#pragma once

#include <string>

#include "headless/output.h"
#include "protocol/event.h"

namespace awl::headless {

/// The messages for one event, each a JSON object without a newline: none, one, or two.
class EventFormatter {
 public:
  explicit EventFormatter(SessionLabel label) : label_(std::move(label)) {}
  std::vector<std::string> format(const protocol::Event& event);

 private:
  std::string common(std::string_view uuid) const;  // the fields that all share, after a comma
  std::vector<std::string> format_task(const protocol::TaskChanged& task) const;
  std::vector<std::string> format_compaction(const protocol::CompactionEnded& ended) const;

  SessionLabel label_;
  bool in_turn_ = false;
};

/// The beginning or the end of a hook: only who asks for them is told.
bool is_about_hook(const protocol::Event& event);

/// {"type":"result",…}
std::string result_json(const protocol::TurnEnded& ended, const SessionLabel& label);

}  // namespace awl::headless
