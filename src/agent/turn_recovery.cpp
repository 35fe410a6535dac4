// What a turn does when a request cannot be made, or was refused: with another model, without what was
// refused, with less, or not at all.
#include <fmt/format.h>

#include <utility>

#include "agent/turn.h"
#include "base/strings.h"

namespace awl::agent {

namespace {

constexpr int kMaxCompactions = 3;  // in a row, that do not help

}  // namespace

// True when the next model takes over: this one is overloaded or broken, which another may not be.
bool Turn::falls_back(const anthropic::CallError& error) {
  const bool unavailable = error.category == "overloaded" || error.category == "server_error" ||
                           error.category == "model_not_found";
  if (!unavailable || route_ + 1 >= context_.routes.size()) return false;
  const std::string& from = context_.routes[route_].model.id;
  const std::string& to = context_.routes[++route_].model.id;
  context_.emit(protocol::Notice{
      fmt::format("{} is not available; {} answers in this turn. ({})", from, to, error.error.message)});
  return true;
}

// False when the turn has ended because the conversation cannot be sent.
bool Turn::makes_room() {
  auto made = relief_.make_room(max_images(context_.routes[route_].model));
  if (!made) {
    forget_message();
    end_with_error(describe(made.error()), "invalid_request");
    return false;
  }
  if (*made) context_.emit(protocol::Notice{std::move(**made)});
  return true;
}

// True when what was refused is out of the conversation, which can be sent again.
bool Turn::is_relieved(const anthropic::CallError& error) {
  auto notice = relief_.after_refusal(error);
  if (notice) context_.emit(protocol::Notice{std::move(*notice)});
  return notice.has_value();
}

// False when the turn ended, because no summary could be had or it does not help.
Task<bool> Turn::compacts() {
  if (++compactions_ > kMaxCompactions) {
    end_with_error(
        "The conversation fills the model's window again right after each summary, three times in a row: a "
        "file or an output in it is too large. Start a new session, and have it read in parts.",
        "invalid_request");
    co_return false;
  }
  const auto done = co_await context_.compaction.run(route_, "auto", "");
  if (!done) {
    end_with_error("Prompt is too long · automatic compaction failed: " + describe(done.error()),
                   "invalid_request");
    co_return false;
  }
  first_size_ = 0;  // what was said is in the summary
  co_return true;
}

// Input and output together are more than the window holds: true when a shorter answer fits beside the input.
bool Turn::asks_for_less(const anthropic::CallError& error) {
  const auto room = anthropic::room_for_output(error);
  if (!room || std::exchange(asked_for_less_, true)) return false;
  context_.routes[route_].requests.limit_output(*room);
  return true;
}

// True when the request can be made again without what the upstream does not know.
bool Turn::is_simplified(const anthropic::CallError& error) {
  const std::vector<std::string> features = anthropic::rejected_features(error);
  if (features.empty() || !context_.leave_out(features)) return false;
  std::vector<std::string> names;
  for (const std::string& feature : features) names.push_back(anthropic::describe_feature(feature));
  context_.emit(protocol::Notice{
      fmt::format("{} does not take {}; requests go there without it from now on. ({})",
                  context_.advice.provider.base_url, join(names, ", "), error.error.message)});
  return true;
}

// The message itself was refused: left in the conversation, it would fail every later one. Once the model has
// answered to it, it is not what was refused.
void Turn::forget_message() {
  if (context_.conversation.size() != first_size_) return;
  context_.conversation.drop_last();
  if (context_.recorder != nullptr) context_.recorder->on_message_forgotten();
}

}  // namespace awl::agent
