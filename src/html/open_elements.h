// The elements that are open at a point of a page, closed as a browser would close them, in bounded time.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "html/elements.h"

namespace awl::html {

class OpenElements {
 public:
  struct Open {
    uint32_t name = 0;  ///< a hash of it
    Element element = Element::kOther;
    bool hidden = false;  ///< it and all that is inside is left out
  };
  using OnClose = std::function<void(const Open&)>;

  /// `on_close` is called for each element that ends, innermost first.
  explicit OpenElements(OnClose on_close) : on_close_(std::move(on_close)) {}

  /// False beyond the greatest depth: the element is not kept, and its end tag will be passed over.
  bool open(std::string_view name, Element element, bool hidden);
  /// An end tag: closes the innermost element of that name and all inside it. False when none is open.
  bool close(std::string_view name);
  /// What a start tag of `element` closes without saying so: an item before the next one, …
  void close_implied(Element element);
  /// The innermost of that kind, with what is inside it.
  void close_innermost(Element element);
  void close_all() { close_down_to(0); }

  bool is_hidden() const { return hidden_ > 0; }
  bool has(Element element) const { return by_kind_[static_cast<size_t>(element)] > 0; }

 private:
  void close_down_to(size_t size);

  OnClose on_close_;
  std::vector<Open> stack_;
  std::unordered_map<uint32_t, int> by_name_;
  int by_kind_[static_cast<size_t>(Element::kVoid) + 1] = {};
  int hidden_ = 0;
};

}  // namespace awl::html
