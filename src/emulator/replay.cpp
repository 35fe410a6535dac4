#include "emulator/replay.h"

#include <fmt/format.h>

#include "base/strings.h"
#include "base/utf8.h"

namespace awl::emulator {

namespace {

constexpr uint64_t kMaxFileBytes = 1ULL << 30;
constexpr size_t kShownBytes = 120;

std::string shortened(const json::Value& value) {
  const std::string text = json::dump(value);
  return text.size() <= kShownBytes ? text : std::string(utf8_prefix(text, kShownBytes)) + "…";
}

std::string absent() { return "nothing"; }

/// Walks both values at once and stops at the first difference.
class Comparison {
 public:
  std::optional<JsonDifference> compare(const json::Value& recorded, const json::Value& received,
                                        const std::string& place) {
    if (recorded.is_object() && received.is_object()) return objects(recorded, received, place);
    if (recorded.is_array() && received.is_array()) return arrays(recorded, received, place);
    if (recorded == received) {
      ++equal_;
      return std::nullopt;
    }
    return JsonDifference{place, shortened(recorded), shortened(received), equal_};
  }

 private:
  std::optional<JsonDifference> objects(const json::Value& recorded, const json::Value& received,
                                        const std::string& place) {
    for (const auto& item : recorded.items()) {
      const std::string at = place.empty() ? item.key() : place + "." + item.key();
      const json::Value* other = json::find(received, item.key());
      if (other == nullptr) return JsonDifference{at, shortened(item.value()), absent(), equal_};
      if (auto found = compare(item.value(), *other, at)) return found;
    }
    for (const auto& item : received.items()) {
      if (json::find(recorded, item.key()) != nullptr) continue;
      return JsonDifference{place.empty() ? item.key() : place + "." + item.key(), absent(),
                            shortened(item.value()), equal_};
    }
    return std::nullopt;
  }

  std::optional<JsonDifference> arrays(const json::Value& recorded, const json::Value& received,
                                       const std::string& place) {
    const size_t common = std::min(recorded.size(), received.size());
    for (size_t i = 0; i < common; ++i) {
      if (auto found = compare(recorded[i], received[i], fmt::format("{}[{}]", place, i))) return found;
    }
    if (recorded.size() == received.size()) return std::nullopt;
    const bool more_recorded = recorded.size() > common;
    return JsonDifference{fmt::format("{}[{}]", place, common),
                          more_recorded ? shortened(recorded[common]) : absent(),
                          more_recorded ? absent() : shortened(received[common]), equal_};
  }

  size_t equal_ = 0;
};

void drop_markers(json::Value& value) {
  if (value.is_object()) value.erase("cache_control");
  if (!value.is_structured()) return;
  for (json::Value& child : value) drop_markers(child);
}

Result<RecordedResponse> read_response(const json::Value& response, int status) {
  RecordedResponse out;
  out.status = status;
  out.is_stream = json::get_bool(response, "stream").value_or(false);
  out.is_broken = json::get_bool(response, "broken").value_or(false);
  out.is_truncated = json::get_bool(response, "truncated").value_or(false);
  const json::Value* headers = json::find(response, "headers");
  const json::Value* chunks = json::find(response, "chunks");
  if (headers == nullptr || !headers->is_object() || chunks == nullptr || !chunks->is_array())
    return fail(ErrorKind::kInvalidInput, "a response without headers or chunks");
  for (const auto& item : headers->items()) {
    if (item.value().is_string()) out.headers.push_back({item.key(), item.value().get<std::string>()});
  }
  AWL_CHECK(net::check_headers(out.headers));
  for (const json::Value& chunk : *chunks) {
    const auto text = json::get_string(chunk, "text");
    const auto at = json::get_integer(chunk, "at_ms");
    if (!text || !at || *at < 0) return fail(ErrorKind::kInvalidInput, "a chunk without text or at_ms");
    out.chunks.push_back({std::chrono::milliseconds(*at), *text});
  }
  return out;
}

}  // namespace

std::optional<JsonDifference> first_difference(const json::Value& recorded, const json::Value& received) {
  return Comparison().compare(recorded, received, "");
}

json::Value comparable_body(json::Value body) {
  if (body.is_object()) body.erase("metadata");
  drop_markers(body);
  return body;
}

Result<Replay> Replay::load(const os::Path& file) {
  AWL_TRY(const std::string text, os::read_file(file, kMaxFileBytes));
  return parse(text, file.string());
}

Result<> Replay::read_line(std::string_view text, size_t number, const std::string& file, Replay& out) {
  const auto bad = [&](std::string_view what) {
    return fail(ErrorKind::kInvalidInput, fmt::format("{}:{}: {}", file, number, what),
                "It must be a file that --record-exchanges wrote.");
  };
  const auto line = json::parse(text);
  if (!line) return bad(line.error().message);
  const auto method = json::get_string(*line, "method");
  const auto target = json::get_string(*line, "target");
  const auto status = json::get_integer(*line, "status");
  const json::Value* body = json::find(*line, "body");
  const json::Value* response = json::find(*line, "response");
  if (!method || !target || !status || body == nullptr || response == nullptr || *status < 200 ||
      *status > 599)
    return bad("not an exchange: method, target, status, body and response are needed");
  auto recorded = read_response(*response, static_cast<int>(*status));
  if (!recorded) return bad(recorded.error().message);
  if (recorded->is_truncated) return {};
  out.exchanges_.push_back({number, *method, target->substr(0, target->find('?')), comparable_body(*body),
                            std::move(*recorded), false});
  return {};
}

Result<Replay> Replay::parse(std::string_view text, const std::string& file) {
  Replay replay;
  replay.file_ = file;
  size_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    if (trim(line).empty()) continue;
    AWL_CHECK(read_line(line, number, file, replay));
  }
  if (replay.exchanges_.empty())
    return fail(ErrorKind::kInvalidInput, fmt::format("{} holds no exchange with a whole response", file));
  return replay;
}

ApiResult<RecordedResponse> Replay::answer(const std::string& method, const std::string& path,
                                           const json::Value& body) {
  const json::Value wanted = comparable_body(body);
  Recorded* last = nullptr;
  for (Recorded& recorded : exchanges_) {
    if (recorded.method != method || recorded.path != path) continue;
    // The order of an object's fields does not matter, as it would to ==.
    if (first_difference(recorded.body, wanted)) continue;
    last = &recorded;
    if (!recorded.is_used) break;
  }
  if (last == nullptr) return invalid_request(explain(method, path, wanted));
  last->is_used = true;
  return last->response;
}

std::string Replay::explain(const std::string& method, const std::string& path,
                            const json::Value& body) const {
  const Recorded* nearest = nullptr;
  JsonDifference difference;
  for (const Recorded& recorded : exchanges_) {
    if (recorded.method != method || recorded.path != path) continue;
    auto found = first_difference(recorded.body, body);
    if (!found || (nearest != nullptr && found->equal_values <= difference.equal_values)) continue;
    nearest = &recorded;
    difference = std::move(*found);
  }
  if (nearest == nullptr) return fmt::format("replay: {} has no recorded {} {}.", file_, method, path);
  return fmt::format(
      "replay: no recorded request equals this one. The nearest is {}:{}; it differs at {}: recorded {}, "
      "received {}.",
      file_, nearest->line, difference.place.empty() ? "its body" : difference.place, difference.recorded,
      difference.received);
}

}  // namespace awl::emulator
