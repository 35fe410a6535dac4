#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "emulator/validation.h"

namespace awl::emulator {

namespace {

constexpr int kMaxBreakpoints = 4;

/// Walks the request in the order of the cached prefix: tools, system, messages.
class Breakpoints {
 public:
  ApiResult<> visit(const json::Value& block, const std::string& path) {
    const json::Value* control = json::find(block, "cache_control");
    last_ttl_.clear();
    if (control == nullptr || control->is_null()) return {};
    const std::string control_path = join_path(path, "cache_control");
    AWL_TRY(const std::string ttl, check_form(*control, control_path));
    const std::string type = json::string_or_empty(block, "type");
    if (type == "thinking" || type == "redacted_thinking") {
      return invalid_at(control_path, "Extra inputs are not permitted: thinking blocks cannot be marked");
    }
    if (ttl == "1h" && has_short_) {
      return invalid_at(
          control_path,
          "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that "
          "blocks are processed in the following order: `tools`, `system`, `messages`.");
    }
    has_short_ = has_short_ || ttl == "5m";
    last_ttl_ = ttl;
    return count();
  }

  /// The request's own cache_control takes one place.
  ApiResult<> visit_request(const json::Value& request) {
    const json::Value* control = json::find(request, "cache_control");
    if (control == nullptr || control->is_null()) return {};
    AWL_TRY(const std::string ttl, check_form(*control, "cache_control"));
    if (!last_ttl_.empty() && last_ttl_ != ttl) {
      return invalid_at("cache_control",
                        fmt::format("the last block is marked with ttl='{}' and the request with ttl='{}'",
                                    last_ttl_, ttl));
    }
    if (ttl == "1h" && has_short_)
      return invalid_at("cache_control", "ttl='1h' must not come after a block with ttl='5m'");
    return count();
  }

 private:
  static ApiResult<std::string> check_form(const json::Value& control, const std::string& path) {
    AWL_CHECK(require_object(control, path));
    AWL_CHECK(allow_only(control, {"type", "ttl", "scope"}, path));
    AWL_TRY(const std::string type, require_string(control, "type", path));
    if (type != "ephemeral") return invalid_at(join_path(path, "type"), "Input should be 'ephemeral'");
    const json::Value* ttl = json::find(control, "ttl");
    if (ttl == nullptr || ttl->is_null()) return "5m";
    if (*ttl == "5m" || *ttl == "1h") return ttl->get<std::string>();
    return invalid_at(join_path(path, "ttl"), "Input should be '5m' or '1h'");
  }

  ApiResult<> count() {
    ++count_;
    if (count_ <= kMaxBreakpoints) return {};
    return invalid_request(
        fmt::format("A maximum of {} blocks with cache_control may be provided. Found at least {}.",
                    kMaxBreakpoints, count_));
  }

  int count_ = 0;
  std::string last_ttl_;  ///< of the last block; empty: not marked
  bool has_short_ = false;
};

ApiResult<> visit_list(const json::Value* list, const std::string& path, Breakpoints& breakpoints) {
  if (list == nullptr || !list->is_array()) return {};
  for (size_t i = 0; i < list->size(); ++i) {
    const json::Value& block = (*list)[i];
    const std::string block_path = join_path(path, i);
    if (json::string_or_empty(block, "type") == "tool_result") {
      AWL_CHECK(visit_list(json::find(block, "content"), join_path(block_path, "content"), breakpoints));
    }
    AWL_CHECK(breakpoints.visit(block, block_path));
  }
  return {};
}

}  // namespace

ApiResult<> validate_cache_control(const json::Value& request) {
  Breakpoints breakpoints;
  AWL_CHECK(visit_list(json::find(request, "tools"), "tools", breakpoints));
  AWL_CHECK(visit_list(json::find(request, "system"), "system", breakpoints));
  const json::Value& messages = *json::find(request, "messages");
  for (size_t i = 0; i < messages.size(); ++i) {
    AWL_CHECK(
        visit_list(json::find(messages[i], "content"), fmt::format("messages.{}.content", i), breakpoints));
  }
  return breakpoints.visit_request(request);
}

}  // namespace awl::emulator
