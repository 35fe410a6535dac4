// An answer means the same however its stream is split, and what comes of it can be sent back.
#include <fuzzer/FuzzedDataProvider.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "anthropic/stream_reader.h"
#include "anthropic/whole_message.h"

namespace {

using awl::anthropic::ContentBlock;
using awl::anthropic::StreamReader;

class Silent final : public awl::anthropic::CallObserver {
 public:
  void on_stream_event(std::string_view /*event_json*/) override {}
  void on_block(const ContentBlock& /*block*/,
                const awl::anthropic::MessageAssembler& /*assembler*/) override {
    ++blocks;
  }
  void on_retry(const awl::anthropic::RetryNotice& /*notice*/) override {}
  size_t blocks = 0;
};

// Without the ids that were made up.
std::vector<std::string> texts_of(const std::vector<ContentBlock>& blocks) {
  std::vector<std::string> texts;
  for (const ContentBlock& block : blocks) texts.push_back(block.type + block.text + block.tool_name);
  return texts;
}

void check(StreamReader& reader, const Silent& observer) {
  reader.end();
  if (observer.blocks != reader.blocks().size()) std::abort();
  std::set<std::string> ids;
  for (const ContentBlock& block : reader.blocks()) {
    const auto parsed = awl::json::parse(block.json);
    if (!parsed || !parsed->is_object()) std::abort();
    if (!block.is_tool_use()) continue;
    if (block.tool_use_id.empty() || !ids.insert(block.tool_use_id).second) std::abort();
    if (awl::json::string_or_empty(*parsed, "id") != block.tool_use_id) std::abort();
    if (awl::json::string_or_empty(*parsed, "name").empty() || !(*parsed)["input"].is_object()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  const auto split = input.ConsumeIntegral<uint16_t>();
  const std::string stream = input.ConsumeRemainingBytesAsString();
  const size_t at = stream.empty() ? 0 : split % stream.size();

  Silent whole_observer;
  StreamReader whole(whole_observer);
  whole.feed(stream);
  check(whole, whole_observer);

  Silent halves_observer;
  StreamReader halves(halves_observer);
  halves.feed(std::string_view(stream).substr(0, at));
  halves.feed(std::string_view(stream).substr(at));
  check(halves, halves_observer);
  if (texts_of(whole.blocks()) != texts_of(halves.blocks()) || whole.progress() != halves.progress())
    std::abort();

  if (const auto events = awl::anthropic::events_of_message(stream)) {
    Silent observer;
    StreamReader reader(observer);
    for (const std::string& event : *events) reader.feed_event(event);
    check(reader, observer);
  }
  return 0;
}
