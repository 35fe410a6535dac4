// What a fetched page says, as text.
#pragma once

#include <cstdint>
#include <string>

#include "tools/web_client.h"

namespace awl::tools {

struct WebPage {
  net::Url url;
  int status = 0;
  uint64_t size_bytes = 0;  ///< as received
  std::string media_type;   ///< "text/html"; what the bytes look like when the server says nothing
  bool is_text = true;      ///< else `text` is empty
  std::string title;
  std::string text;  ///< Markdown of HTML, everything else that is text as it is; UTF-8
  bool truncated = false;
};

/// `text` ends after `max_chars` characters. The body of `answer` is taken unless it is no text.
WebPage read_page(WebAnswer& answer, size_t max_chars);

}  // namespace awl::tools
