#include "anthropic/request_builder.h"

#include <fmt/format.h>

#include "base/strings.h"
#include "json/json.h"

namespace awl::anthropic {

namespace {

constexpr std::string_view kApiVersion = "2023-06-01";
constexpr std::string_view kBetaInterleavedThinking = "interleaved-thinking-2025-05-14";
constexpr std::string_view kBetaEffort = "effort-2025-11-24";
constexpr std::string_view kBetaLongContext = "context-1m-2025-08-07";
constexpr std::string_view kBetaOneHourCache = "extended-cache-ttl-2025-04-11";

// Only the betas whose features the request uses.
std::string beta_header(const RequestSettings& settings) {
  std::vector<std::string> betas;
  if (settings.reasoning.interleaved) betas.emplace_back(kBetaInterleavedThinking);
  if (!settings.reasoning.effort.empty()) betas.emplace_back(kBetaEffort);
  if (settings.model.long_context) betas.emplace_back(kBetaLongContext);
  if (settings.cache.enabled && settings.cache.ttl == CacheTtl::kOneHour)
    betas.emplace_back(kBetaOneHourCache);
  return join(betas, ",");
}

std::string reasoning_json(const Reasoning& reasoning) {
  std::string out;
  if (reasoning.say_off) out += R"(,"thinking":{"type":"disabled"})";
  if (reasoning.thinking == Thinking::kAdaptive) out += R"(,"thinking":{"type":"adaptive"})";
  if (reasoning.thinking == Thinking::kBudget) {
    out += fmt::format(R"(,"thinking":{{"type":"enabled","budget_tokens":{}}})", reasoning.budget_tokens);
  }
  if (!reasoning.effort.empty())
    out += fmt::format(R"(,"output_config":{{"effort":{}}})", json::quote(reasoning.effort));
  return out;
}

// The first part is the same for every session of a version, the last one for every turn of this session:
// both are worth a cache entry of their own.
std::string system_json(const std::vector<std::string>& texts, std::string_view marker) {
  std::string out = "[";
  for (size_t i = 0; i < texts.size(); ++i) {
    std::string block = text_block(texts[i]);
    if (!marker.empty() && (i == 0 || i + 1 == texts.size())) {
      block.pop_back();
      block += fmt::format(",{}}}", marker);
    }
    if (i > 0) out += ',';
    out += block;
  }
  return out + "]";
}

}  // namespace

RequestBuilder::RequestBuilder(const Provider& provider, const RequestSettings& settings)
    : url_(provider.base_url + "/v1/messages?beta=true"), marker_(settings.cache.marker()) {
  headers_ = {{"accept", "application/json"},
              {"content-type", "application/json"},
              {"user-agent", settings.user_agent},
              {"anthropic-version", std::string(kApiVersion)},
              {"x-claude-code-session-id", settings.session_id}};
  if (const std::string betas = beta_header(settings); !betas.empty())
    headers_.push_back({"anthropic-beta", betas});
  if (provider.kind == ProviderKind::kClaudePlatformOnAws)
    headers_.push_back({"anthropic-workspace-id", provider.workspace_id});

  const ModelInfo& info = settings.model.info;
  const int64_t max_tokens =
      settings.max_output_tokens > 0 ? settings.max_output_tokens : info.default_max_output;
  head_ = fmt::format(R"({{"model":{},"max_tokens":{},)", json::quote(settings.model.id), max_tokens);
  if (!settings.system_texts.empty())
    head_ += fmt::format(R"("system":{},)", system_json(settings.system_texts, marker_));
  if (!settings.tool_definitions.empty())
    head_ += fmt::format(R"("tools":[{}],)", join(settings.tool_definitions, ","));
  head_ += R"("messages":)";

  const std::string user_id = fmt::format(R"({{"session_id":{}}})", json::quote(settings.session_id));
  tail_ = fmt::format(R"(,"metadata":{{"user_id":{}}})", json::quote(user_id));
  tail_ += reasoning_json(settings.reasoning);
  tail_ += R"(,"stream":true})";
}

net::HttpRequest RequestBuilder::build(const Conversation& conversation) const {
  net::HttpRequest request;
  request.method = "POST";
  request.url = url_;
  request.headers = headers_;
  request.body.reserve(head_.size() + conversation.size_bytes() + tail_.size() + 256);
  request.body += head_;
  conversation.append_to(request.body, marker_);
  request.body += tail_;
  return request;
}

}  // namespace awl::anthropic
