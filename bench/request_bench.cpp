#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "anthropic/request_builder.h"

namespace awl::anthropic {
namespace {

Conversation make_conversation(int64_t turns) {
  Conversation conversation;
  conversation.add_user({text_block("Make the tests pass.")});
  const std::string output(900, 'x');
  for (int64_t turn = 0; turn < turns; ++turn) {
    conversation.add_assistant({fmt::format(
        R"({{"type":"tool_use","id":"toolu_{}","name":"Bash","input":{{"command":"make test"}}}})", turn)});
    conversation.add_user(
        {fmt::format(R"({{"type":"tool_result","tool_use_id":"toolu_{}","content":"{}"}})", turn, output)});
  }
  return conversation;
}

// The request of a conversation with so many tool calls, about a kilobyte each.
void build_request(benchmark::State& state) {
  Provider provider;
  provider.kind = ProviderKind::kClaudePlatformOnAws;
  provider.base_url = "https://example.com";
  provider.workspace_id = "wrkspc_1";
  RequestSettings settings;
  settings.model = choose_model({}, Environment(), Platform::kClaudePlatformOnAws, false);
  settings.system_texts = {std::string(4000, 's')};
  settings.tool_definitions.assign(
      10, fmt::format(R"({{"name":"A","description":"{}"}})", std::string(1000, 'd')));
  const RequestBuilder builder(provider, settings);
  const Conversation conversation = make_conversation(state.range(0));
  size_t bytes = 0;
  for (auto _ : state) {
    const net::HttpRequest request = builder.build(conversation);
    bytes = request.body.size();
    benchmark::DoNotOptimize(request.body.data());
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * bytes));
}
BENCHMARK(build_request)->Name("request/build")->ArgName("turns")->Arg(10)->Arg(100)->Arg(1000);

}  // namespace
}  // namespace awl::anthropic
