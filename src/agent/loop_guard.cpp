#include "agent/loop_guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace awl::agent {

namespace {

constexpr size_t kNoteAfter = 3;    // times in a row
constexpr size_t kRefuseAfter = 8;  // times in a row
constexpr size_t kMaxPeriod = 2;
constexpr size_t kMaxSeen = kMaxPeriod * kRefuseAfter;

uint64_t hash_of(std::string_view text) { return std::hash<std::string_view>()(text); }

}  // namespace

// How often the last `period` rounds were repeated in a row, themselves included.
size_t LoopGuard::repeats(size_t period) const {
  if (seen_.size() < period) return 0;
  const size_t end = seen_.size();
  // Two equal rounds in a row are no pair.
  if (period == 2 && seen_[end - 1].all == seen_[end - 2].all) return 0;
  size_t same = period;
  while (same < end && seen_[end - 1 - same].all == seen_[end - 1 - (same % period)].all) ++same;
  return same / period;
}

bool LoopGuard::may_refuse(size_t rounds) const {
  return std::none_of(seen_.end() - static_cast<ptrdiff_t>(rounds), seen_.end(),
                      [](const Seen& seen) { return seen.may_progress; });
}

std::optional<std::string> LoopGuard::refusal(std::string_view calls) const {
  const uint64_t wanted = hash_of(calls);
  for (size_t period = 1; period <= kMaxPeriod; ++period) {
    if (repeats(period) < kRefuseAfter || !may_refuse(period * kRefuseAfter)) continue;
    if (seen_[seen_.size() - period].calls != wanted) continue;
    return fmt::format(
        "This was not run: it gave the same result {} times in a row{}. Do something else: look for the "
        "cause, try "
        "another way, or say what stands in the way. To wait for something, put a sleep before the command.",
        kRefuseAfter, period == 1 ? "" : ", in turn with another call");
  }
  return std::nullopt;
}

std::optional<std::string> LoopGuard::add(const CallRound& round) {
  if (round.waits) {
    seen_.clear();
    return std::nullopt;
  }
  const uint64_t calls = hash_of(round.calls);
  seen_.push_back({calls, calls * 31 + hash_of(round.results), round.may_progress});
  if (seen_.size() > kMaxSeen) seen_.pop_front();
  for (size_t period = 1; period <= kMaxPeriod; ++period) {
    const size_t times = repeats(period);
    if (times < kNoteAfter || times % kNoteAfter != 0) continue;
    return fmt::format(
        "{} {} times in a row now, with the same result each time. Once more will not change it: find out "
        "why, or try another way.",
        period == 1 ? "You made this call" : "You made these two calls in turn", times);
  }
  return std::nullopt;
}

}  // namespace awl::agent
