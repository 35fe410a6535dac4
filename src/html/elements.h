// What the elements of HTML mean for its text.
#pragma once

#include <cstdint>
#include <string_view>

namespace awl::html {

enum class Element : uint8_t {
  kOther,  ///< nothing of its own: span, font, unknown ones
  kAnchor,
  kBase,
  kBreak,
  kCode,
  kContainer,  ///< begins on a new line: div, section, …
  kDefinition,
  kEmphasis,
  kHeading,
  kImage,
  kItem,
  kList,
  kNoise,  ///< left out with all that is inside
  kOrderedList,
  kParagraph,
  kPre,
  kQuote,
  kRule,
  kStrong,
  kTable,
  kTableCaption,
  kTableCell,
  kTableRow,
  kTableSection,
  kTerm,
  kVoid,  ///< has no content and no meaning here
};

Element element_of(std::string_view name);

/// Has no end tag.
bool is_void(Element element);
/// Ends a paragraph that was not closed.
bool is_block(Element element);

}  // namespace awl::html
