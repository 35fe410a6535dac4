#pragma once

#include <memory>

#include "tools/tool.h"
#include "tools/web_cache.h"
#include "tools/web_client.h"

namespace awl::tools {

/// What tests make smaller.
struct WebFetchOptions {
  WebLimits limits = {};
  size_t max_chars = 100'000;  ///< of a page that the model is shown
  WebCache::Clock now = std::chrono::steady_clock::now;
};

std::unique_ptr<Tool> make_web_fetch_tool(WebFetchOptions options);

}  // namespace awl::tools
