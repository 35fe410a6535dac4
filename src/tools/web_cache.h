// Pages that were fetched a short time ago.
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <string>

#include "tools/web_page.h"

namespace awl::tools {

class WebCache {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  explicit WebCache(Clock now) : now_(std::move(now)) {}

  /// nullptr when there is none that is younger than `max_age`; valid until the next put().
  const WebPage* find(const std::string& url, std::chrono::milliseconds max_age);
  /// The oldest pages go when there are more than 64, or more than 4 MB of text.
  void put(const std::string& url, WebPage page);

 private:
  struct Entry {
    std::string url;
    WebPage page;
    std::chrono::steady_clock::time_point stored;
  };

  Clock now_;
  std::list<Entry> entries_;  // the newest first
  size_t text_bytes_ = 0;
};

}  // namespace awl::tools
