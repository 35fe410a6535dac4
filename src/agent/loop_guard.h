// Notices when a model repeats itself: the same calls with the same results, one round after the other.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace awl::agent {

/// The tool calls of one answer. What they are is `calls`, what came of them is `results`; both are compared
/// as texts.
struct CallRound {
  std::string calls;
  std::string results;
  bool waits = false;  ///< a call waits for something, as sleep does: repeating it is polling, not a loop
  bool may_progress =
      false;  ///< slow, or changing things without a word: it may be repeated with good reason
};

/// A round that repeats the last one, or two rounds that alternate, are first noted, then refused: the model
/// is told so and the calls are not run, until it does anything else. A result that differs is progress.
class LoopGuard {
 public:
  /// Asked before a round with these calls runs; else why it is not run.
  std::optional<std::string> refusal(std::string_view calls) const;
  /// Takes what came of a round that ran; gives what the model is told about it.
  std::optional<std::string> add(const CallRound& round);

 private:
  struct Seen {
    uint64_t calls = 0;
    uint64_t all = 0;  // calls and results
    bool may_progress = false;
  };
  size_t repeats(size_t period) const;
  bool may_refuse(size_t rounds) const;
  std::deque<Seen> seen_;  // newest last
};

}  // namespace awl::agent
