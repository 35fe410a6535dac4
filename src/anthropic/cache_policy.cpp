#include "anthropic/cache_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace awl::anthropic {

std::string CachePolicy::marker() const {
  if (!enabled) return "";
  // Five minutes is the API's default and goes unsaid.
  return ttl == CacheTtl::kOneHour ? R"("cache_control":{"type":"ephemeral","ttl":"1h"})"
                                   : R"("cache_control":{"type":"ephemeral"})";
}

CachePolicy choose_cache_policy(const Environment& environment, Family family) {
  std::string name(to_string(family));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (environment.is_on("DISABLE_PROMPT_CACHING") ||
      environment.is_on(fmt::format("DISABLE_PROMPT_CACHING_{}", name))) {
    return {.enabled = false, .ttl = CacheTtl::kFiveMinutes};
  }
  const bool one_hour =
      environment.is_on("ENABLE_PROMPT_CACHING_1H") && !environment.is_on("FORCE_PROMPT_CACHING_5M");
  return {.enabled = true, .ttl = one_hour ? CacheTtl::kOneHour : CacheTtl::kFiveMinutes};
}

}  // namespace awl::anthropic
