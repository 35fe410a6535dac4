#include "anthropic/request_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "anthropic/bedrock.h"
#include "anthropic/whole_message.h"
#include "base/encoding.h"
#include "base/strings.h"
#include "json/json.h"

namespace awl::anthropic {

namespace {

constexpr std::string_view kApiVersion = "2023-06-01";
constexpr std::string_view kBetaInterleavedThinking = "interleaved-thinking-2025-05-14";
constexpr std::string_view kBetaEffort = "effort-2025-11-24";
constexpr std::string_view kBetaLongContext = "context-1m-2025-08-07";
constexpr std::string_view kBetaToolSearch = "advanced-tool-use-2025-11-20";
constexpr std::string_view kBetaToolSearchOnBedrock = "tool-search-tool-2025-10-19";
constexpr std::string_view kBetaOneHourCache = "extended-cache-ttl-2025-04-11";
constexpr std::string_view kBetaContextManagement = "context-management-2025-06-27";

bool is_left_out(const RequestSettings& settings, std::string_view feature) {
  return settings.left_out.contains(std::string(feature));
}

bool sends_effort(const RequestSettings& settings) {
  return !settings.reasoning.effort.empty() && !is_left_out(settings, "effort");
}

bool caches_for_an_hour(const RequestSettings& settings) {
  return settings.cache.enabled && settings.cache.ttl == CacheTtl::kOneHour &&
         !is_left_out(settings, "cache_ttl");
}

// Models of which the API drops the thinking of earlier turns would lose the cache of all that follows it.
bool keeps_thinking(const RequestSettings& settings) {
  return settings.extras.experimental && settings.model.info.drops_old_thinking &&
         settings.reasoning.thinking != Thinking::kNone && !is_left_out(settings, "thinking") &&
         !is_left_out(settings, "context_management");
}

// Only the betas whose features the request uses, and what the person adds.
std::vector<std::string> list_betas(const Provider& provider, const RequestSettings& settings) {
  std::vector<std::string> betas;
  const auto add = [&](std::string_view beta) {
    if (is_left_out(settings, "beta:" + std::string(beta))) return;
    if (std::find(betas.begin(), betas.end(), beta) == betas.end()) betas.emplace_back(beta);
  };
  if (settings.reasoning.interleaved && !is_left_out(settings, "thinking")) add(kBetaInterleavedThinking);
  if (sends_effort(settings)) add(kBetaEffort);
  if (settings.model.long_context) add(kBetaLongContext);
  if (caches_for_an_hour(settings)) add(kBetaOneHourCache);
  if (keeps_thinking(settings)) add(kBetaContextManagement);
  if (settings.tool_search)
    add(provider.kind == ProviderKind::kBedrock ? kBetaToolSearchOnBedrock : kBetaToolSearch);
  for (const std::string& beta : settings.extras.betas) add(beta);
  return betas;
}

// The first part is the same for every session of a version, the last one for every turn of this session:
// both are worth a cache entry of their own.
std::string system_json(const RequestSettings& settings, std::string_view marker) {
  std::string out = "[";
  const std::vector<std::string>& texts = settings.system_texts;
  if (!settings.attribution.empty()) out += text_block(settings.attribution) + ",";
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

std::string user_id(const RequestSettings& settings) {
  return fmt::format(R"({{"device_id":{},"account_uuid":"","session_id":{}}})",
                     json::quote(settings.device_id), json::quote(settings.session_id));
}

std::string thinking_json(const Reasoning& reasoning) {
  if (reasoning.say_off) return R"({"type":"disabled"})";
  std::string out;
  if (reasoning.thinking == Thinking::kAdaptive) out = R"({"type":"adaptive")";
  if (reasoning.thinking == Thinking::kBudget)
    out = fmt::format(R"({{"type":"enabled","budget_tokens":{})", reasoning.budget_tokens);
  if (out.empty()) return out;
  if (!reasoning.display.empty()) out += fmt::format(R"(,"display":{})", json::quote(reasoning.display));
  return out + "}";
}

using Fields = std::vector<std::pair<std::string, std::string>>;

Fields::iterator find_field(Fields& fields, std::string_view key) {
  return std::find_if(fields.begin(), fields.end(), [key](const auto& field) { return field.first == key; });
}

// `{"a":1,"b":2` or `,"a":1,"b":2`
std::string serialise(const Fields& fields, char first) {
  std::string out;
  for (const auto& [key, value] : fields) {
    out += out.empty() ? first : ',';
    out += json::quote(key);
    out += ':';
    out += value;
  }
  return out;
}

// Bedrock has the model in the path, and in the body what other services have in headers.
Fields bedrock_fields(const Provider& provider, const RequestSettings& settings) {
  Fields fields{{"anthropic_version", json::quote(kBedrockVersion)}};
  std::vector<std::string> betas = list_betas(provider, settings);
  for (std::string& beta : betas) beta = json::quote(beta);
  if (!betas.empty()) fields.emplace_back("anthropic_beta", fmt::format("[{}]", join(betas, ",")));
  return fields;
}

Fields fields_before(const Provider& provider, const RequestSettings& settings, std::string_view marker) {
  const int64_t max_tokens =
      settings.max_output_tokens > 0 ? settings.max_output_tokens : settings.model.info.default_max_output;
  Fields fields = provider.kind == ProviderKind::kBedrock ? bedrock_fields(provider, settings)
                                                          : Fields{{"model", json::quote(settings.model.id)}};
  fields.emplace_back("max_tokens", std::to_string(max_tokens));
  if (!settings.system_texts.empty()) fields.emplace_back("system", system_json(settings, marker));
  if (!settings.tool_definitions.empty())
    fields.emplace_back("tools", fmt::format("[{}]", join(settings.tool_definitions, ",")));
  return fields;
}

Fields fields_after(const RequestSettings& settings) {
  Fields fields;
  if (!is_left_out(settings, "metadata"))
    fields.emplace_back("metadata", fmt::format(R"({{"user_id":{}}})", json::quote(user_id(settings))));
  if (std::string thinking = thinking_json(settings.reasoning);
      !thinking.empty() && !is_left_out(settings, "thinking"))
    fields.emplace_back("thinking", std::move(thinking));
  if (sends_effort(settings)) {
    fields.emplace_back("output_config",
                        fmt::format(R"({{"effort":{}}})", json::quote(settings.reasoning.effort)));
  }
  if (keeps_thinking(settings)) {
    fields.emplace_back("context_management",
                        R"({"edits":[{"type":"clear_thinking_20251015","keep":"all"}]})");
  }
  return fields;
}

}  // namespace

net::Headers common_headers(const Provider& provider, const RequestSettings& settings) {
  const bool bedrock = provider.kind == ProviderKind::kBedrock;
  net::Headers headers{{"accept", std::string(bedrock ? kBedrockStreamType : "application/json")},
                       {"content-type", "application/json"},
                       {"user-agent", settings.user_agent},
                       {"x-claude-code-session-id", settings.session_id}};
  if (!settings.agent_id.empty()) headers.push_back({"x-claude-code-agent-id", settings.agent_id});
  if (bedrock) {
    if (!provider.service_tier.empty())
      headers.push_back({"x-amzn-bedrock-service-tier", provider.service_tier});
  } else {
    headers.push_back({"anthropic-version", std::string(kApiVersion)});
    if (const std::string betas = join(list_betas(provider, settings), ","); !betas.empty())
      headers.push_back({"anthropic-beta", betas});
  }
  if (provider.kind == ProviderKind::kClaudePlatformOnAws)
    headers.push_back({"anthropic-workspace-id", provider.workspace_id});
  for (const net::Header& header : settings.extras.headers)
    net::set_header(headers, header.name, header.value);
  return headers;
}

RequestBuilder::RequestBuilder(const Provider& provider, const RequestSettings& settings)
    : base_url_(provider.base_url), headers_(common_headers(provider, settings)) {
  CachePolicy cache = settings.cache;
  if (is_left_out(settings, "cache_ttl")) cache.ttl = CacheTtl::kFiveMinutes;
  marker_ = cache.marker();
  bedrock_ = provider.kind == ProviderKind::kBedrock;
  url_ = bedrock_
             ? fmt::format("{}/model/{}{}", base_url_, percent_encode(settings.model.id), kBedrockStreamPath)
             : base_url_ + "/v1/messages?beta=true";
  before_ = fields_before(provider, settings, marker_);
  after_ = fields_after(settings);
  for (const auto& [key, value] : settings.extras.body) {
    auto field = find_field(before_, key);
    if (field == before_.end()) {
      field = find_field(after_, key);
      if (field == after_.end()) field = after_.emplace(after_.end(), key, "");
    }
    field->second = value;
  }
  if (!bedrock_) after_.emplace_back("stream", "true");  // last: a repeat without a stream takes it off
  head_ = serialise(before_, '{') + R"(,"messages":)";
  tail_ = serialise(after_, ',') + "}";
}

void RequestBuilder::add_tool(std::string_view definition) {
  auto field = find_field(before_, "tools");
  if (field == before_.end()) field = before_.emplace(before_.end(), "tools", "[]");
  std::string& list = field->second;
  // The person's own value for it may be anything.
  if (!list.ends_with(']')) return;
  list.pop_back();
  if (list.size() > 1) list += ',';
  list += definition;
  list += ']';
  head_ = serialise(before_, '{') + R"(,"messages":)";
}

void RequestBuilder::limit_output(int64_t tokens) {
  const auto field = find_field(before_, "max_tokens");
  if (field == before_.end()) return;
  field->second = std::to_string(tokens);
  head_ = serialise(before_, '{') + R"(,"messages":)";
}

net::HttpRequest RequestBuilder::build(const Conversation& conversation) const {
  net::HttpRequest request;
  request.method = "POST";
  request.url = url_;
  request.headers = headers_;
  request.body.reserve(fixed_bytes() + conversation.size_bytes() + 256);
  request.body += head_;
  conversation.append_to(request.body, marker_);
  request.body += tail_;
  return request;
}

net::HttpRequest RequestBuilder::post(std::string_view path, const std::vector<Field>& fields,
                                      const Conversation& conversation) const {
  net::HttpRequest request;
  request.method = "POST";
  request.url = fmt::format("{}{}?beta=true", base_url_, path);
  request.headers = headers_;
  request.body = serialise(fields, '{') + R"(,"messages":)";
  conversation.append_to(request.body, marker_);
  request.body += '}';
  return request;
}

net::HttpRequest RequestBuilder::build_count(const Conversation& conversation) const {
  // What is no part of the prompt is refused there.
  constexpr std::array<std::string_view, 8> kCounted{
      "model",    "system",        "tools",       "tool_choice",
      "thinking", "output_config", "mcp_servers", "context_management"};
  std::vector<Field> fields;
  for (const std::vector<Field>* part : {&before_, &after_}) {
    std::copy_if(part->begin(), part->end(), std::back_inserter(fields), [&kCounted](const Field& field) {
      return std::find(kCounted.begin(), kCounted.end(), field.first) != kCounted.end();
    });
  }
  return post("/v1/messages/count_tokens", fields, conversation);
}

net::HttpRequest RequestBuilder::build_probe(const Conversation& conversation) const {
  // One token leaves no room to think in, and needs neither effort nor what belongs to thinking.
  constexpr std::array<std::string_view, 5> kLeftOut{"max_tokens", "thinking", "output_config",
                                                     "context_management", "stream"};
  std::vector<Field> fields{{"max_tokens", "1"}};
  for (const std::vector<Field>* part : {&before_, &after_}) {
    std::copy_if(part->begin(), part->end(), std::back_inserter(fields), [&kLeftOut](const Field& field) {
      return std::find(kLeftOut.begin(), kLeftOut.end(), field.first) == kLeftOut.end();
    });
  }
  net::HttpRequest request = post("/v1/messages", fields, conversation);
  if (bedrock_) {
    request.url = url_;
    request = as_non_streaming(std::move(request));
  }
  return request;
}

}  // namespace awl::anthropic
