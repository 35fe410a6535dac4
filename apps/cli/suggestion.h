#pragma once

#include <span>
#include <string_view>

namespace awl::cli {

/// The one of `known` that `word` is most likely a slip of: a few letters wrong, missing or swapped; empty:
/// none is near enough.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace awl::cli
