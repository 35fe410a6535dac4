#include "html/open_elements.h"

#include <algorithm>

namespace awl::html {

namespace {

constexpr size_t kMaxDepth = 512;
constexpr size_t kMaxLookBack = 24;  // for what is closed without an end tag

uint32_t hash(std::string_view name) {
  uint32_t value = 2166136261U;  // FNV-1a
  for (const char c : name) value = (value ^ static_cast<unsigned char>(c)) * 16777619U;
  return value;
}

bool is_list(Element element) { return element == Element::kList || element == Element::kOrderedList; }

// Whether `open` ends where a start tag of `next` comes.
bool is_ended_by(Element open, Element next) {
  switch (open) {
    case Element::kParagraph:
      return is_block(next);
    case Element::kHeading:
      return next == Element::kHeading;
    case Element::kItem:
      return next == Element::kItem;
    case Element::kTerm:
    case Element::kDefinition:
      return next == Element::kTerm || next == Element::kDefinition;
    case Element::kTableCell:
      return next == Element::kTableCell || next == Element::kTableRow || next == Element::kTableSection;
    case Element::kTableRow:
      return next == Element::kTableRow || next == Element::kTableSection;
    case Element::kTableSection:
      return next == Element::kTableSection;
    case Element::kAnchor:
      return next == Element::kAnchor;
    default:
      return false;
  }
}

// Whether a start tag of `next` leaves what is outside of `open` alone.
bool shields(Element open, Element next) {
  if (open == Element::kTable) return true;
  if (open == Element::kTableCell) return next != Element::kTableRow && next != Element::kTableSection;
  if (next == Element::kItem) return is_list(open);
  return is_list(open) || open == Element::kQuote || open == Element::kItem || open == Element::kNoise;
}

}  // namespace

bool OpenElements::open(std::string_view name, Element element, bool hidden) {
  if (stack_.size() >= kMaxDepth) return false;
  const uint32_t key = hash(name);
  stack_.push_back({key, element, hidden});
  ++by_name_[key];
  ++by_kind_[static_cast<size_t>(element)];
  if (hidden) ++hidden_;
  return true;
}

bool OpenElements::close(std::string_view name) {
  const uint32_t key = hash(name);
  const auto count = by_name_.find(key);
  if (count == by_name_.end()) return false;
  // Each step below ends an element, so that all of them together are linear.
  size_t at = stack_.size() - 1;
  while (stack_[at].name != key) --at;
  close_down_to(at);
  return true;
}

void OpenElements::close_implied(Element element) {
  const size_t stop = stack_.size() > kMaxLookBack ? stack_.size() - kMaxLookBack : 0;
  size_t ends_at = stack_.size();
  for (size_t i = stack_.size(); i > stop; --i) {
    const Element open = stack_[i - 1].element;
    if (is_ended_by(open, element)) {
      ends_at = i - 1;
    } else if (shields(open, element)) {
      break;
    }
  }
  close_down_to(ends_at);
}

void OpenElements::close_innermost(Element element) {
  if (!has(element)) return;
  size_t at = stack_.size() - 1;
  while (stack_[at].element != element) --at;
  close_down_to(at);
}

void OpenElements::close_down_to(size_t size) {
  while (stack_.size() > size) {
    const Open closed = stack_.back();
    stack_.pop_back();
    const auto count = by_name_.find(closed.name);
    if (--count->second == 0) by_name_.erase(count);  // a page can have any number of names
    --by_kind_[static_cast<size_t>(closed.element)];
    if (closed.hidden) --hidden_;
    on_close_(closed);
  }
}

}  // namespace awl::html
