#include "anthropic/whole_message.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "anthropic/bedrock.h"
#include "base/strings.h"
#include "base/utf8.h"
#include "json/json.h"

namespace awl::anthropic {

namespace {

constexpr size_t kShownMessageBytes = 120;
constexpr std::string_view kStreamTail = R"(,"stream":true})";

json::Value take_field(json::Value& object, std::string_view key) {
  const auto found = object.find(key);
  return found == object.end() ? json::Value() : std::move(*found);
}

std::string delta_event(size_t index, std::string_view type, std::string_view key, json::Value value) {
  json::Value delta{{"type", type}};
  delta[std::string(key)] = std::move(value);
  return json::dump({{"type", "content_block_delta"}, {"index", index}, {"delta", std::move(delta)}});
}

void add_block(std::vector<std::string>& events, size_t index, json::Value block) {
  std::vector<std::string> deltas;
  const auto move_into_delta = [&](const char* key, std::string_view delta_type) {
    const std::string text = json::string_or_empty(block, key);
    if (!text.empty()) deltas.push_back(delta_event(index, delta_type, key, text));
    block[key] = "";
  };
  const std::string type = json::string_or_empty(block, "type");
  if (type == "text") {
    move_into_delta("text", "text_delta");
  } else if (type == "thinking") {
    move_into_delta("thinking", "thinking_delta");
    move_into_delta("signature", "signature_delta");
  } else if (type == "tool_use") {
    deltas.push_back(
        delta_event(index, "input_json_delta", "partial_json", json::dump(take_field(block, "input"))));
    block["input"] = json::Value::object();
  }
  events.push_back(
      json::dump({{"type", "content_block_start"}, {"index", index}, {"content_block", std::move(block)}}));
  for (std::string& delta : deltas) events.push_back(std::move(delta));
  events.push_back(json::dump({{"type", "content_block_stop"}, {"index", index}}));
}

// A server or something on the way that gave itself away.
std::string origin(const net::Headers& headers) {
  std::vector<std::string> found;
  for (const char* name : {"server", "via", "cf-ray"}) {
    if (const std::string* value = net::find_header(headers, name))
      found.push_back(fmt::format("{}: {}", name, *value));
  }
  return found.empty() ? "" : "; " + join(found, ", ");
}

std::string_view kind_of(std::string_view body) {
  const std::string_view text = trim(body);
  if (text.empty()) return "an empty body";
  if (text.starts_with('<')) return "an HTML page";
  if (json::parse(text)) return "JSON of another form";
  return "text of another form";
}

}  // namespace

net::HttpRequest as_non_streaming(net::HttpRequest request) {
  // There the path says it.
  if (request.url.ends_with(kBedrockStreamPath)) {
    request.url.resize(request.url.size() - kBedrockStreamPath.size());
    request.url += "/invoke";
    net::set_header(request.headers, "accept", "application/json");
    return request;
  }
  // What the request builder makes ends like this; the rest is for bodies that were changed after it.
  if (request.body.ends_with(kStreamTail)) {
    request.body.resize(request.body.size() - kStreamTail.size());
    request.body += '}';
    return request;
  }
  if (auto body = json::parse(request.body); body && body->is_object()) {
    body->erase("stream");
    request.body = json::dump(*body);
  }
  return request;
}

Result<std::vector<std::string>> events_of_message(std::string_view body) {
  AWL_TRY(json::Value message, json::parse(body));
  if (json::string_or_empty(message, "type") == "error" && json::find(message, "error") != nullptr)
    return std::vector{json::dump(message)};
  const json::Value* content = json::find(message, "content");
  if (content == nullptr || !content->is_array() || !json::get_string(message, "id"))
    return fail(ErrorKind::kParse, "the answer is no message");
  json::Value blocks = take_field(message, "content");
  json::Value end{{"stop_reason", take_field(message, "stop_reason")},
                  {"stop_sequence", take_field(message, "stop_sequence")}};
  if (message.contains("stop_details")) end["stop_details"] = take_field(message, "stop_details");
  json::Value usage = message.contains("usage") ? message["usage"] : json::Value::object();
  message["content"] = json::Value::array();
  message["stop_reason"] = nullptr;
  message["stop_sequence"] = nullptr;

  std::vector<std::string> events;
  events.push_back(json::dump({{"type", "message_start"}, {"message", std::move(message)}}));
  size_t index = 0;
  for (json::Value& block : blocks) {
    if (json::get_string(block, "type")) add_block(events, index++, std::move(block));
  }
  events.push_back(
      json::dump({{"type", "message_delta"}, {"delta", std::move(end)}, {"usage", std::move(usage)}}));
  events.push_back(json::dump({{"type", "message_stop"}}));
  return events;
}

Error describe_non_message(const net::Headers& headers, std::string_view body) {
  const std::string* type = net::find_header(headers, "content-type");
  const bool from_platform = net::find_header(headers, "request-id") != nullptr;
  const std::string text = to_utf8(body.substr(0, kShownMessageBytes * 2));
  const std::string_view shown = trim(utf8_prefix(text, kShownMessageBytes));
  Error error{
      ErrorKind::kApi,
      fmt::format(
          "The answer (HTTP 200) is empty or malformed: {} of {} bytes, content type {}, {} request id{}{}",
          kind_of(body), body.size(), type == nullptr ? "none" : *type,
          from_platform ? "with a" : "without a", origin(headers),
          shown.empty() ? "" : fmt::format("; it begins with \"{}\"", shown)),
      "A proxy, a gateway or a sign-in page may answer in the platform's place", ""};
  return error;
}

}  // namespace awl::anthropic
