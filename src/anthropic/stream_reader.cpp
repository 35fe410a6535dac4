#include "anthropic/stream_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace awl::anthropic {

bool StreamReader::feed(std::string_view bytes) {
  if (first_bytes_.size() < kFirstBytes) first_bytes_ += bytes.substr(0, kFirstBytes - first_bytes_.size());
  saw_event_ = false;
  const auto fed = parser_.feed(bytes, [this](const net::SseEvent& event) { feed_event(event.data); });
  if (!fed && !error_) error_ = fed.error();
  return saw_event_;
}

void StreamReader::feed_event(std::string_view data) {
  if (done()) return;
  answer_bytes_ += data.size();
  if (answer_bytes_ > kMaxAnswerBytes) {
    error_ = Error{ErrorKind::kParse, fmt::format("the answer is larger than {} MB", kMaxAnswerBytes >> 20),
                   "", ""};
    return;
  }
  auto event = parse_stream_event(data);
  if (!event) {
    error_ = event.error();
    return;
  }
  if (!std::holds_alternative<OtherEvent>(*event)) saw_event_ = true;
  auto block = assembler_.take(std::move(*event));
  if (!block) {
    error_ = block.error();
    return;
  }
  if (*block) add(std::move(**block));
  // Some gateways leave out the ends of the blocks.
  if (assembler_.finished()) {
    for (ContentBlock& open : assembler_.close_open(/*only_whole_calls=*/false)) add(std::move(open));
  }
  observer_.on_stream_event(data);
}

void StreamReader::end() {
  if (assembler_.complete()) return;
  for (ContentBlock& call : assembler_.close_open(/*only_whole_calls=*/true)) add(std::move(call));
}

void StreamReader::add(ContentBlock block) {
  blocks_.push_back(std::move(block));
  observer_.on_block(blocks_.back(), assembler_);
}

Progress StreamReader::progress() const {
  if (assembler_.complete()) return Progress::kComplete;
  if (blocks_.empty()) return Progress::kNothing;
  const auto worth_keeping = [](const ContentBlock& block) {
    return block.is_tool_use() || (block.type == "text" && block.can_be_sent_back());
  };
  return std::ranges::any_of(blocks_, worth_keeping) ? Progress::kWorthKeeping : Progress::kThinking;
}

}  // namespace awl::anthropic
