#include "emulator/explorer.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "emulator/contains.h"
#include "emulator/exploration.h"

namespace awl::emulator {

namespace {

constexpr std::string_view kWhoIAm = "I am the emulator's scripted explorer, not a language model.";

bool can_explore(const Exploration& state) {
  return state.offers("Bash") || state.offers("Glob") || state.offers("Read") || state.offers("Grep");
}

/// "hi" is no question about a repository.
bool is_small_talk(std::string_view question) {
  const std::string text = to_lower(trim(question));
  constexpr std::string_view kGreetings[] = {"hi",   "hello",  "hey",       "ping",
                                             "test", "thanks", "thank you", "ok"};
  std::string_view bare = text;
  while (!bare.empty() && std::string_view(".!?, ").contains(bare.back())) bare.remove_suffix(1);
  return bare.empty() || contains(kGreetings, bare);
}

std::string describe_calls(const std::vector<PlannedCall>& calls, size_t answers) {
  if (calls.front().purpose == Call::Purpose::kRead) return "I read what tells most about it.";
  if (calls.front().purpose == Call::Purpose::kSearch) return "I search for it.";
  return answers == 0 ? "I look at the files first."
                      : "That did not work; I try another way to list the files.";
}

class Explorer : public Model {
 public:
  Step next(const json::Value& request) override {
    const Exploration state = read_exploration(request);
    Step step;
    if (!can_explore(state) || is_small_talk(state.question)) {
      step.content.push_back(text_block(
          fmt::format("Hello. {} Offer me tools such as Bash, Glob, Grep and Read, and ask about the "
                      "files here: I list them, read the README and report.",
                      kWhoIAm)));
      return step;
    }
    const std::vector<PlannedCall> calls = plan(state);
    if (state.thinks) add_thinking(calls, step);
    if (calls.empty()) {
      step.content.push_back(
          text_block(compose_report(state) + "\n" + std::string(kWhoIAm) +
                     " This report is put together from the tool results of this conversation."));
      return step;
    }
    step.content.push_back(text_block(describe_calls(calls, state.answers)));
    for (const PlannedCall& call : calls) {
      Block block = text_block("");
      block.kind = Block::Kind::kToolUse;
      block.name = call.tool;
      block.json = call.input;
      step.content.push_back(std::move(block));
    }
    return step;
  }

 private:
  static void add_thinking(const std::vector<PlannedCall>& calls, Step& step) {
    Block block;
    block.kind = Block::Kind::kThinking;
    block.text = calls.empty() ? "There is enough to report." : "Next:";
    for (const PlannedCall& call : calls) block.text += fmt::format(" {} {}", call.tool, call.target);
    step.content.push_back(std::move(block));
  }
};

}  // namespace

std::unique_ptr<Model> make_explorer() { return std::make_unique<Explorer>(); }

}  // namespace awl::emulator
