#include "anthropic/prefix_watch.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"

namespace awl::anthropic {

namespace {

constexpr size_t kBefore = 24;  // bytes shown in front of the difference
constexpr size_t kAfter = 48;

std::string excerpt(std::string_view text, size_t at) {
  const size_t from = at > kBefore ? at - kBefore : 0;
  return to_utf8(text.substr(from, kBefore + kAfter));
}

std::optional<std::string> find_difference(std::string_view where, std::string_view before,
                                           std::string_view now) {
  const auto at = static_cast<size_t>(std::ranges::mismatch(before, now).in1 - before.begin());
  if (at == before.size() && at == now.size()) return std::nullopt;
  return fmt::format(
      "the request does not begin like the one before, so the cache cannot serve it: {} differs from "
      "byte {} on: before `{}`, now `{}`",
      where, at, excerpt(before, at), excerpt(now, at));
}

}  // namespace

std::optional<std::string> PrefixWatch::check(std::string_view head, const Conversation& conversation) {
  std::optional<std::string> difference;
  if (!head_.empty()) difference = find_difference("what stands before the messages", head_, head);
  for (size_t i = 0; i < messages_.size() && !difference; ++i) {
    const std::string_view now = i < conversation.size() ? conversation.bytes_of(i) : std::string_view();
    difference = find_difference(fmt::format("message {} of {}", i + 1, messages_.size()), messages_[i], now);
  }
  head_ = head;
  messages_.clear();
  for (size_t i = 0; i < conversation.size(); ++i) messages_.emplace_back(conversation.bytes_of(i));
  return difference;
}

}  // namespace awl::anthropic
