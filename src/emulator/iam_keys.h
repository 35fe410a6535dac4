// The condition keys that a request to the emulated platform can have.
// Source: AWS IAM User Guide, "AWS global condition context keys".
#pragma once

#include <string>
#include <string_view>

namespace awl::emulator {

/// `key` in lower case. True for those that the emulator fills; of aws:PrincipalTag/… and aws:ResourceTag/…
/// any tag.
bool is_iam_key(std::string_view key);

/// The known keys, for a message: "aws:CurrentTime, …".
std::string known_iam_keys();

}  // namespace awl::emulator
