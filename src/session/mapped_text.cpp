#include "session/mapped_text.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "os/descriptor.h"

namespace awl::session {

Result<MappedText> MappedText::open(const os::Path& path) {
  const os::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return std::unexpected(os::system_error("read", path, errno));
  struct stat info{};
  if (::fstat(file.get(), &info) != 0) return std::unexpected(os::system_error("read", path, errno));
  const auto size = static_cast<size_t>(info.st_size);
  if (size == 0) return MappedText(nullptr, 0);
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (data == MAP_FAILED) return std::unexpected(os::system_error("read", path, errno));
  return MappedText(static_cast<const char*>(data), size);
}

MappedText::MappedText(MappedText&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedText::~MappedText() {
  if (data_ != nullptr) ::munmap(const_cast<char*>(data_), size_);
}

}  // namespace awl::session
