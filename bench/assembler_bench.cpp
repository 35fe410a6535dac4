#include "anthropic/message_assembler.h"

#include <benchmark/benchmark.h>

#include "answer.h"

namespace awl::anthropic {
namespace {

// From the data of the events to the finished block; the argument is the number of deltas. Items are events.
void assemble_answer(benchmark::State& state) {
  const std::vector<std::string> events = bench::answer_events(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    MessageAssembler assembler;
    for (const std::string& data : events) {
      auto event = parse_stream_event(data);
      if (!event || !assembler.take(*std::move(event))) state.SkipWithError("not assembled");
    }
    benchmark::DoNotOptimize(assembler.complete());
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * events.size()));
}
BENCHMARK(assemble_answer)->Name("message/assemble")->ArgName("deltas")->Arg(20)->Arg(20'000);

}  // namespace
}  // namespace awl::anthropic
