#include "anthropic/list_models.h"

#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>

#include "base/encoding.h"

namespace awl::anthropic {

namespace {

constexpr int kMaxPages = 20;
constexpr int kPageSize = 100;

}  // namespace

Task<std::expected<ModelList, CallError>> list_models(JsonClient& client, const std::string& base_url,
                                                      const net::Headers& headers) {
  ModelList list;
  std::string after;
  for (int number = 0; number < kMaxPages; ++number) {
    net::HttpRequest request;
    request.url = fmt::format("{}/v1/models?limit={}", base_url, kPageSize);
    if (!after.empty()) request.url += fmt::format("&after_id={}", percent_encode(after));
    request.headers = headers;
    auto answer = co_await client.call(request);
    if (!answer) co_return std::unexpected(std::move(answer).error());
    auto page = parse_model_page(*answer);
    if (!page) co_return std::unexpected(CallError{std::move(page).error(), std::nullopt, "unknown", {}});
    std::move(page->models.begin(), page->models.end(), std::back_inserter(list));
    // A server that gives the same page for ever is not followed.
    if (page->next.empty() || page->next == after) break;
    after = page->next;
  }
  co_return list;
}

}  // namespace awl::anthropic
