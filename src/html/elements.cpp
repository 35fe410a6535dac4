#include "html/elements.h"

#include <algorithm>
#include <array>
#include <utility>

namespace awl::html {

namespace {

using Row = std::pair<std::string_view, Element>;

// Sorted by name.
constexpr auto kElements = std::to_array<Row>({
    {"a", Element::kAnchor},
    {"address", Element::kContainer},
    {"area", Element::kVoid},
    {"article", Element::kContainer},
    {"aside", Element::kContainer},
    {"audio", Element::kNoise},
    {"b", Element::kStrong},
    {"base", Element::kBase},
    {"blockquote", Element::kQuote},
    {"body", Element::kContainer},
    {"br", Element::kBreak},
    {"button", Element::kNoise},
    {"canvas", Element::kNoise},
    {"caption", Element::kTableCaption},
    {"center", Element::kContainer},
    {"code", Element::kCode},
    {"col", Element::kVoid},
    {"dd", Element::kDefinition},
    {"details", Element::kContainer},
    {"dialog", Element::kNoise},
    {"dir", Element::kList},
    {"div", Element::kContainer},
    {"dl", Element::kContainer},
    {"dt", Element::kTerm},
    {"em", Element::kEmphasis},
    {"embed", Element::kVoid},
    {"fieldset", Element::kContainer},
    {"figcaption", Element::kContainer},
    {"figure", Element::kContainer},
    {"footer", Element::kContainer},
    {"form", Element::kContainer},
    {"frame", Element::kVoid},
    {"h1", Element::kHeading},
    {"h2", Element::kHeading},
    {"h3", Element::kHeading},
    {"h4", Element::kHeading},
    {"h5", Element::kHeading},
    {"h6", Element::kHeading},
    {"header", Element::kContainer},
    {"hgroup", Element::kContainer},
    {"hr", Element::kRule},
    {"i", Element::kEmphasis},
    {"iframe", Element::kNoise},
    {"img", Element::kImage},
    {"input", Element::kVoid},
    {"kbd", Element::kCode},
    {"legend", Element::kContainer},
    {"li", Element::kItem},
    {"link", Element::kVoid},
    {"listing", Element::kPre},
    {"main", Element::kContainer},
    {"menu", Element::kList},
    {"meta", Element::kVoid},
    {"nav", Element::kNoise},
    {"noembed", Element::kNoise},
    {"noframes", Element::kNoise},
    {"object", Element::kNoise},
    {"ol", Element::kOrderedList},
    {"optgroup", Element::kNoise},
    {"option", Element::kNoise},
    {"p", Element::kParagraph},
    {"param", Element::kVoid},
    {"pre", Element::kPre},
    {"samp", Element::kCode},
    {"script", Element::kNoise},
    {"search", Element::kContainer},
    {"section", Element::kContainer},
    {"select", Element::kNoise},
    {"source", Element::kVoid},
    {"strong", Element::kStrong},
    {"style", Element::kNoise},
    {"summary", Element::kContainer},
    {"svg", Element::kNoise},
    {"table", Element::kTable},
    {"tbody", Element::kTableSection},
    {"td", Element::kTableCell},
    {"template", Element::kNoise},
    {"textarea", Element::kNoise},
    {"tfoot", Element::kTableSection},
    {"th", Element::kTableCell},
    {"thead", Element::kTableSection},
    {"title", Element::kNoise},
    {"tr", Element::kTableRow},
    {"track", Element::kVoid},
    {"tt", Element::kCode},
    {"ul", Element::kList},
    {"video", Element::kNoise},
    {"wbr", Element::kVoid},
});
static_assert(std::ranges::is_sorted(kElements, {}, &Row::first));

}  // namespace

Element element_of(std::string_view name) {
  const auto* found = std::ranges::lower_bound(kElements, name, {}, &Row::first);
  return found != kElements.end() && found->first == name ? found->second : Element::kOther;
}

bool is_void(Element element) {
  return element == Element::kBase || element == Element::kBreak || element == Element::kImage ||
         element == Element::kRule || element == Element::kVoid;
}

bool is_block(Element element) {
  switch (element) {
    case Element::kContainer:
    case Element::kDefinition:
    case Element::kHeading:
    case Element::kItem:
    case Element::kList:
    case Element::kOrderedList:
    case Element::kParagraph:
    case Element::kPre:
    case Element::kQuote:
    case Element::kRule:
    case Element::kTable:
    case Element::kTerm:
      return true;
    default:
      return false;
  }
}

}  // namespace awl::html
