// Patterns of IAM policies: "*" and "?", and variables such as ${aws:username}.
// Source: AWS IAM User Guide, "IAM JSON policy elements: Resource" and "… Variables and tags".
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace awl::emulator {

/// What a request says of itself: the values of each condition key, whose name is in lower case.
using IamContext = std::map<std::string, std::vector<std::string>>;

/// Text of a policy that may contain variables; without them it is one piece.
struct IamTemplate {
  struct Piece {
    bool is_variable = false;
    std::string text;                     ///< the literal text, or the variable's key in lower case
    std::optional<std::string> fallback;  ///< of a variable: ${key, 'fallback'}
    friend bool operator==(const Piece&, const Piece&) = default;
  };
  std::vector<Piece> pieces;
};

/// `with_variables`: false in documents older than 2012-10-17, where "${" is nothing special.
/// Errors: kInvalidInput for a variable that is malformed, or of a key that the emulator does not know.
Result<IamTemplate> parse_iam_template(std::string_view text, bool with_variables);

/// Characters, among them wildcards that no character of the text can be mistaken for.
using IamGlob = std::u16string;
inline constexpr char16_t kIamAny = 0x100;  ///< "*"
inline constexpr char16_t kIamOne = 0x101;  ///< "?"

/// Puts the variables in. `wildcards`: "*" and "?" of the literal text are wildcards; those of a variable's
/// value never are. nullopt when a variable has neither value nor fallback: then nothing matches.
std::optional<IamGlob> expand(const IamTemplate& text, const IamContext& context, bool wildcards);

/// Time is bounded by the product of the lengths.
bool glob_matches(const IamGlob& pattern, std::string_view text, bool ignore_case = false);
/// The same for ARNs: "?" and a "*" within a segment stay within it; a "*" that ends one goes on past colons.
/// A pattern with fewer than six segments is filled up with "*".
bool arn_matches(const IamGlob& pattern, std::string_view arn);

}  // namespace awl::emulator
