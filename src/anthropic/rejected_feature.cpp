#include "anthropic/rejected_feature.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/strings.h"

namespace awl::anthropic {

namespace {

constexpr std::string_view kBetaPrefix = "beta:";

// How the services and gateways in use say that they do not know something.
constexpr std::string_view kUnknownSigns[] = {"extra inputs are not permitted",
                                              "unknown",
                                              "unrecognized",
                                              "unexpected",
                                              "not supported",
                                              "unsupported",
                                              "does not support",
                                              "not allowed",
                                              "not permitted",
                                              "additional propert"};

// What else a message about thinking may be about: the conversation, or the numbers.
constexpr std::string_view kOtherSigns[] = {"cannot be modified", "must be greater", "must be less",
                                            "must start with",    "tool_use_id",     "prompt is too long"};

struct FieldSign {
  std::string_view sign;
  std::string_view feature;
};
constexpr FieldSign kFieldSigns[] = {
    {"context_management", "context_management"},
    {"output_config", "effort"},
    {"effort", "effort"},
    {"cache_control.ttl", "cache_ttl"},
    {"ttl", "cache_ttl"},
    {"thinking", "thinking"},
    {"metadata", "metadata"},
};

bool contains_any(std::string_view text, auto&& signs) {
  return std::ranges::any_of(signs, [text](std::string_view sign) { return text.contains(sign); });
}

bool is_name_of_beta(std::string_view text) {
  return text.size() > 4 && text.contains('-') && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
         });
}

// Unexpected value(s) `a-2026-01-01`, `b` for the `anthropic-beta` header: the quoted names.
std::vector<std::string> named_betas(std::string_view text) {
  std::vector<std::string> names;
  for (size_t at = 0; (at = text.find_first_of("`'\"", at)) != std::string_view::npos;) {
    const size_t end = text.find(text[at], at + 1);
    if (end == std::string_view::npos) break;
    for (const std::string_view part : split(text.substr(at + 1, end - at - 1), ',')) {
      const std::string_view name = trim(part);
      if (is_name_of_beta(name) && name != "anthropic-beta")
        names.push_back(std::string(kBetaPrefix) + std::string(name));
    }
    at = end + 1;
  }
  return names;
}

}  // namespace

std::vector<std::string> rejected_features(const CallError& error) {
  if (error.status != 400) return {};
  const std::string text = to_lower(error.error.message);
  if (!contains_any(text, kUnknownSigns) || contains_any(text, kOtherSigns)) return {};
  if (text.contains("anthropic-beta") || text.contains("anthropic_beta")) return named_betas(text);
  for (const auto& [sign, feature] : kFieldSigns) {
    if (text.contains(sign)) return {std::string(feature)};
  }
  return {};
}

std::string describe_feature(const std::string& name) {
  if (name.starts_with(kBetaPrefix)) return fmt::format("the beta {}", name.substr(kBetaPrefix.size()));
  if (name == "effort") return "the field output_config (effort)";
  if (name == "cache_ttl") return "a lifetime of cache entries (cache_control.ttl)";
  return fmt::format("the field {}", name);
}

}  // namespace awl::anthropic
