// How many tokens a request counts, here. An estimate: there is no tokenizer.
#pragma once

#include "json/json.h"

namespace awl::emulator {

/// About four bytes a token, at least one.
long long estimate_tokens(size_t bytes);

/// The estimate for one tool, system block or content block. Cache markers do not count, so that moving them
/// does not change it; an image counts as one of the usual size, whatever its bytes.
long long estimate_block_tokens(const json::Value& block);

/// What opens the answer's turn. It comes after everything that can be cached.
inline constexpr long long kTurnTokens = 3;

/// The sum over tools, system and messages, and kTurnTokens: what count_tokens answers, and what the parts of
/// a message's usage add up to.
long long estimate_input_tokens(const json::Value& request);

}  // namespace awl::emulator
