#pragma once

#include <md4c.h>

namespace awl::tui {

/// md_parse() of libmd4c, which is loaded on first use, so that runs without a terminal start without it;
/// null where it is not installed.
decltype(&md_parse) load_markdown_parser();

}  // namespace awl::tui
