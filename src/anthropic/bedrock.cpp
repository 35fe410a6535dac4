#include "anthropic/bedrock.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "base/strings.h"
#include "json/json.h"

namespace awl::anthropic {

namespace {

constexpr std::array<std::string_view, 6> kPrefixes{"us", "eu", "apac", "jp", "au", "global"};

// Ids that have more than "anthropic." before the model's own; newer ones don't.
constexpr std::pair<std::string_view, std::string_view> kVersionedIds[] = {
    {"claude-opus-4-6", "claude-opus-4-6-v1"},
    {"claude-opus-4-5", "claude-opus-4-5-20251101-v1:0"},
    {"claude-opus-4-1", "claude-opus-4-1-20250805-v1:0"},
    {"claude-sonnet-4-5", "claude-sonnet-4-5-20250929-v1:0"},
    {"claude-haiku-4-5", "claude-haiku-4-5-20251001-v1:0"},
};

bool has_date(std::string_view id) {
  const size_t dash = id.rfind('-');
  const std::string_view tail = dash == std::string_view::npos ? "" : id.substr(dash + 1);
  return tail.size() == 8 && std::ranges::all_of(tail, [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view error_type_of(std::string_view exception) {
  if (exception == "throttlingException") return "rate_limit_error";
  if (exception == "serviceUnavailableException") return "overloaded_error";
  if (exception == "validationException") return "invalid_request_error";
  if (exception == "modelTimeoutException") return "timeout_error";
  return "api_error";
}

std::string exception_event(const aws::EventStreamMessage& message) {
  std::string type = message.header(":exception-type");
  if (type.empty()) type = message.header(":error-code");
  std::string said;
  if (const auto body = json::parse(message.payload)) said = json::string_or_empty(*body, "message");
  if (said.empty()) said = message.header(":error-message");
  return json::dump(
      {{"type", "error"},
       {"error", {{"type", error_type_of(type)}, {"message", fmt::format("{}: {}", type, said)}}}});
}

}  // namespace

std::string bedrock_prefix(const Environment& environment, std::string_view region) {
  if (region.starts_with("us-gov-")) return "us-gov";
  const std::string wish(trim(environment.get("ANTHROPIC_BEDROCK_REGION_PREFIX")));
  if (std::ranges::find(kPrefixes, wish) != kPrefixes.end()) return wish;
  if (region.starts_with("us-")) return "us";
  if (region.starts_with("eu-")) return "eu";
  if (region.starts_with("ap-")) return "apac";
  return "global";
}

std::string bedrock_model_id(std::string_view id, std::string_view prefix) {
  if (!id.starts_with("claude-")) return std::string(id);
  std::string model(id);
  const auto versioned =
      std::ranges::find(kVersionedIds, id, &std::pair<std::string_view, std::string_view>::first);
  if (versioned != std::end(kVersionedIds)) {
    model = versioned->second;
  } else if (has_date(id)) {
    model += "-v1:0";
  }
  return fmt::format("{}.anthropic.{}", prefix, model);
}

Result<bool> BedrockStream::feed(std::string_view bytes, StreamReader& reader) {
  AWL_TRY(const std::vector<aws::EventStreamMessage> messages, decoder_.feed(bytes));
  bool held_event = false;
  for (const aws::EventStreamMessage& message : messages) {
    if (message.header(":message-type") != "event") {
      reader.feed_event(exception_event(message));
      held_event = true;
      continue;
    }
    // Kinds of events that are not known yet are passed over, as the Messages API's own are.
    if (message.header(":event-type") != "chunk") continue;
    const auto chunk = json::parse(message.payload);
    const auto event = chunk ? from_base64(json::string_or_empty(*chunk, "bytes")) : std::nullopt;
    if (!event || event->empty()) return fail(ErrorKind::kParse, "a chunk of the event stream has no bytes");
    reader.feed_event(*event);
    held_event = true;
  }
  return held_event;
}

}  // namespace awl::anthropic
