#pragma once

#include <string_view>

#include "base/error.h"
#include "os/file.h"

namespace awl::session {

/// A file's bytes without reading what is not looked at: of a large transcript only its end is.
class MappedText {
 public:
  /// Errors: kNotFound, kIo and the like.
  static Result<MappedText> open(const os::Path& path);
  ~MappedText();
  MappedText(MappedText&& other) noexcept;
  MappedText& operator=(MappedText&&) = delete;

  std::string_view view() const { return {data_, size_}; }

 private:
  MappedText(const char* data, size_t size) : data_(data), size_(size) {}
  const char* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace awl::session
