#include "net/sse.h"

#include <benchmark/benchmark.h>

#include "answer.h"

namespace awl::net {
namespace {

constexpr size_t kDeltas = 20'000;

// The argument is how many bytes arrive at a time.
void parse_events(benchmark::State& state) {
  std::string stream;
  for (const std::string& data : bench::answer_events(kDeltas)) {
    stream += fmt::format("event: content_block_delta\ndata: {}\n\n", data);
  }
  const auto piece = static_cast<size_t>(state.range(0));
  size_t events = 0;
  const SseParser::Callback count = [&events](const SseEvent& event) {
    benchmark::DoNotOptimize(event.data.data());
    ++events;
  };
  for (auto _ : state) {
    SseParser parser;
    for (size_t at = 0; at < stream.size(); at += piece) {
      if (!parser.feed(std::string_view(stream).substr(at, piece), count)) state.SkipWithError("not parsed");
    }
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * stream.size()));
  state.SetItemsProcessed(static_cast<int64_t>(events));
}
BENCHMARK(parse_events)->Name("sse/parse")->ArgName("piece_bytes")->Arg(100)->Arg(16 << 10);

}  // namespace
}  // namespace awl::net
