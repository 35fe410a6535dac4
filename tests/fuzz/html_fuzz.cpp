// Any bytes become Markdown that is UTF-8 and within its limit.
#include <fuzzer/FuzzedDataProvider.h>

#include <cstdlib>
#include <string>

#include "base/utf8.h"
#include "html/markdown.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  awl::html::MarkdownOptions options;
  options.max_bytes = input.ConsumeIntegralInRange<size_t>(0, 4'000);
  if (input.ConsumeBool())
    options.resolve = [](std::string_view base, std::string_view reference) {
      return std::string(base) + std::string(reference);
    };
  const std::string html = awl::to_utf8(input.ConsumeRemainingBytesAsString());
  const awl::html::Markdown page = awl::html::to_markdown(html, options);
  if (page.text.size() > options.max_bytes || !awl::is_utf8(page.text) || !awl::is_utf8(page.title))
    std::abort();
  return 0;
}
