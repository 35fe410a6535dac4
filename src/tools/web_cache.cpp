#include "tools/web_cache.h"

#include <algorithm>

namespace awl::tools {

namespace {

constexpr size_t kMaxEntries = 64;
constexpr size_t kMaxCachedTextBytes = 4 << 20;

}  // namespace

const WebPage* WebCache::find(const std::string& url, std::chrono::milliseconds max_age) {
  const auto found = std::ranges::find(entries_, url, &Entry::url);
  if (found == entries_.end()) return nullptr;
  if (now_() - found->stored < max_age) return &found->page;
  text_bytes_ -= found->page.text.size();
  entries_.erase(found);
  return nullptr;
}

void WebCache::put(const std::string& url, WebPage page) {
  const auto known = std::ranges::find(entries_, url, &Entry::url);
  if (known != entries_.end()) {
    text_bytes_ -= known->page.text.size();
    entries_.erase(known);
  }
  text_bytes_ += page.text.size();
  entries_.push_front({url, std::move(page), now_()});
  while (entries_.size() > kMaxEntries || (text_bytes_ > kMaxCachedTextBytes && entries_.size() > 1)) {
    text_bytes_ -= entries_.back().page.text.size();
    entries_.pop_back();
  }
}

}  // namespace awl::tools
