// A stream of server-sent events means the same however it is split.
#include <fuzzer/FuzzedDataProvider.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "net/sse.h"

namespace {

struct Outcome {
  std::vector<std::string> texts;  // names and data in turn
  bool failed = false;
  bool operator==(const Outcome&) const = default;
};

void feed(awl::net::SseParser& parser, std::string_view bytes, Outcome& outcome) {
  const auto fed = parser.feed(bytes, [&](const awl::net::SseEvent& event) {
    outcome.texts.emplace_back(event.name);
    outcome.texts.emplace_back(event.data);
  });
  outcome.failed = !fed.has_value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  const size_t max_event_bytes = input.ConsumeBool() ? 1 << 20 : input.ConsumeIntegralInRange<size_t>(0, 64);
  std::vector<size_t> lengths(input.ConsumeIntegralInRange<size_t>(0, 8));
  for (size_t& length : lengths) length = input.ConsumeIntegralInRange<size_t>(0, 40);
  const std::string stream = input.ConsumeRemainingBytesAsString();

  Outcome whole;
  awl::net::SseParser whole_parser(max_event_bytes);
  feed(whole_parser, stream, whole);

  Outcome pieces;
  awl::net::SseParser pieces_parser(max_event_bytes);
  std::string_view rest = stream;
  for (const size_t length : lengths) {
    feed(pieces_parser, rest.substr(0, length), pieces);
    rest.remove_prefix(std::min(length, rest.size()));
  }
  feed(pieces_parser, rest, pieces);

  if (whole != pieces) std::abort();
  return 0;
}
