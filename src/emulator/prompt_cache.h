// Prompt caching, as far as `usage` shows it: which prefix of a request was written by an earlier one.
// Source: platform docs, "Prompt caching".
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "emulator/message.h"

namespace awl::emulator {

/// What a request reads and writes. Nothing of it is remembered before commit().
struct CachePlan {
  struct Write {
    std::string prefix;  ///< hash of everything up to the marked block
    std::chrono::minutes lifetime{5};
  };
  Usage usage;  ///< the input's part of it
  std::vector<Write> writes;
  std::vector<std::string> reads;  ///< prefixes that live on for another lifetime
  TimePoint start{};               ///< lifetimes count from the start of the request
};

/// The prefixes that were written, each for its lifetime. Holds hashes alone, and a bounded number of them:
/// past it, those go first that would have ended first.
class PromptCache {
 public:
  explicit PromptCache(size_t max_entries = 20'000) : max_entries_(max_entries) {}

  /// `request` is valid. Workspaces and models have caches of their own.
  CachePlan look_up(const std::string& workspace, const json::Value& request, TimePoint now) const;
  /// To be called when the answer begins: from then on other requests find what this one wrote.
  void commit(const CachePlan& plan);

  size_t size() const { return entries_.size(); }
  void clear() { entries_.clear(); }

 private:
  struct Entry {
    TimePoint end{};
    std::chrono::minutes lifetime{5};
  };

  bool has(const std::string& prefix, TimePoint now) const;
  void make_room(TimePoint now);

  size_t max_entries_;
  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace awl::emulator
