// A ByteSink for tests: keeps what is written.
#pragma once

#include <string>
#include <string_view>

#include "headless/byte_sink.h"

namespace awl::headless {

class MemorySink final : public ByteSink {
 public:
  void write(std::string_view bytes) override { text += bytes; }
  int error() const override { return 0; }
  std::string text;
};

}  // namespace awl::headless
