#include "anthropic/token_counter.h"

#include <nlohmann/json.hpp>

namespace awl::anthropic {

namespace {

// IAM allows it apart from inference (aws-external-anthropic:CountTokens), and gateways need not serve it.
bool is_without_route(const CallError& error) {
  if (!error.status) return false;
  const int status = *error.status;
  return status == 401 || status == 403 || status == 404 || status == 405 || status == 501;
}

CallError no_count() {
  return {{ErrorKind::kParse, "the answer holds no count of tokens", "", ""}, std::nullopt, "unknown", {}};
}

}  // namespace

Task<std::expected<TokenCount, CallError>> TokenCounter::count(const RequestBuilder& requests,
                                                               const Conversation& conversation) {
  if (!has_route_) co_return co_await probe(requests, conversation);
  const net::HttpRequest request = requests.build_count(conversation);
  auto answer = co_await client_.call(request);
  if (!answer) {
    if (!is_without_route(answer.error())) co_return std::unexpected(std::move(answer).error());
    has_route_ = false;
    co_return co_await probe(requests, conversation);
  }
  const auto tokens = json::get_integer(*answer, "input_tokens");
  if (!tokens || *tokens < 0) co_return std::unexpected(no_count());
  co_return TokenCount{*tokens, std::nullopt};
}

Task<std::expected<TokenCount, CallError>> TokenCounter::probe(const RequestBuilder& requests,
                                                               const Conversation& conversation) {
  const net::HttpRequest request = requests.build_probe(conversation);
  auto answer = co_await client_.call(request);
  if (!answer) co_return std::unexpected(std::move(answer).error());
  const json::Value* usage = json::find(*answer, "usage");
  if (usage == nullptr) co_return std::unexpected(no_count());
  TokenUsage spent;
  merge_usage(spent, *usage);
  const int64_t input =
      spent.input_tokens + spent.cache_read_input_tokens + spent.cache_creation_input_tokens;
  co_return TokenCount{input, spent};
}

}  // namespace awl::anthropic
