// A page of HTML as Markdown, for a reader who wants its text, links, lists, tables and code.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace awl::html {

struct MarkdownOptions {
  size_t max_bytes = 400'000;  ///< of the result
  /// The absolute address of `reference`, as the page writes it, on a page with this <base href> ("": none);
  /// "" leaves the link out and keeps its text. Not set: as written.
  std::function<std::string(std::string_view base, std::string_view reference)> resolve;
};

struct Markdown {
  std::string title;
  std::string text;
  bool truncated = false;  ///< there was more than max_bytes
};

/// `html` is UTF-8. Scripts, styles, navigation, forms' controls and what is hidden are left out. Time and
/// memory are linear in the length of `html`, whatever is in it.
Markdown to_markdown(std::string_view html, const MarkdownOptions& options);

}  // namespace awl::html
