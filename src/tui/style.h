// How text looks: colours of the terminal's own palette, so that it fits whatever theme a person has.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace awl::tui {

enum class Colour { kNone, kAccent, kGood, kBad, kWarning };

struct Style {
  Colour colour = Colour::kNone;
  bool bold = false;
  bool dim = false;
  bool italic = false;
  bool reverse = false;
};

constexpr Style kPlain{};
constexpr Style kBold{.bold = true};
constexpr Style kDim{.dim = true};
constexpr Style kAccent{.colour = Colour::kAccent};
constexpr Style kGood{.colour = Colour::kGood};
constexpr Style kBad{.colour = Colour::kBad};
constexpr Style kWarning{.colour = Colour::kWarning};

class Theme {
 public:
  /// Without colours (NO_COLOR) there is still bold and dim.
  explicit Theme(bool colours) : colours_(colours) {}
  /// `text` between the sequences that begin and end the style.
  std::string paint(const Style& style, std::string_view text) const;

 private:
  bool colours_;
};

/// Text of others as a terminal can be shown: without control characters but line breaks, tabs as spaces,
/// nothing that turns the direction of what follows.
std::string clean(std::string_view text);

/// A line across so many columns.
std::string horizontal_rule(int columns);

/// The columns of painted text.
int painted_columns(std::string_view painted);

/// Painted text as lines of at most `columns`, broken at spaces where there are some; lines but the first
/// begin with `indent`. At least one line. Line breaks in it stay.
std::vector<std::string> wrap(std::string_view painted, int columns, std::string_view indent = "");

}  // namespace awl::tui
