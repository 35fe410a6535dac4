#pragma once

#include <algorithm>
#include <ranges>

namespace awl::emulator {

/// std::ranges::contains, which libstdc++ 12 lacks.
template <std::ranges::input_range Range, typename Value>
bool contains(const Range& range, const Value& value) {
  return std::ranges::find(range, value) != std::ranges::end(range);
}

}  // namespace awl::emulator
