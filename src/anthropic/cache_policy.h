// Where prompt-cache markers go, and for how long. Source: platform documentation, "Prompt caching".
#pragma once

#include <string>

#include "anthropic/models.h"
#include "base/environment.h"

namespace awl::anthropic {

enum class CacheTtl { kFiveMinutes, kOneHour };

struct CachePolicy {
  bool enabled = true;
  CacheTtl ttl = CacheTtl::kFiveMinutes;

  /// `"cache_control":{…}` for the end of a content block, or "" when caching is off.
  std::string marker() const;
};

/// DISABLE_PROMPT_CACHING, DISABLE_PROMPT_CACHING_{FABLE,OPUS,SONNET,HAIKU}, FORCE_PROMPT_CACHING_5M,
/// ENABLE_PROMPT_CACHING_1H, in this order.
CachePolicy choose_cache_policy(const Environment& environment, Family family);

}  // namespace awl::anthropic
