#include "tui/markdown_library.h"

#include <dlfcn.h>

namespace awl::tui {

decltype(&md_parse) load_markdown_parser() {
  static const auto kParser = []() -> decltype(&md_parse) {
    void* library = ::dlopen("libmd4c.so.0", RTLD_LAZY | RTLD_LOCAL);
    if (library == nullptr) return nullptr;
    return reinterpret_cast<decltype(&md_parse)>(::dlsym(library, "md_parse"));
  }();
  return kParser;
}

}  // namespace awl::tui
