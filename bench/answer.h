// A streamed answer of the model, as the platform sends it.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

namespace awl::bench {

/// The data of each event of an answer: one text of `deltas` pieces of five bytes, as a model's tokens come.
inline std::vector<std::string> answer_events(size_t deltas) {
  std::vector<std::string> events;
  events.emplace_back(
      R"({"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],)"
      R"("stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":100,"output_tokens":1}}})");
  events.emplace_back(
      R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})");
  for (size_t i = 0; i < deltas; ++i) {
    events.emplace_back(
        R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"word "}})");
  }
  events.emplace_back(R"({"type":"content_block_stop","index":0})");
  events.emplace_back(
      R"({"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":20}})");
  events.emplace_back(R"({"type":"message_stop"})");
  return events;
}

}  // namespace awl::bench
