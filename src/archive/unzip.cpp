#include "archive/unzip.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "archive/zip_library.h"
#include "base/utf8.h"
#include "os/descriptor.h"
#include "os/file.h"
#include "os/path.h"

namespace awl::archive {

namespace {

constexpr size_t kPieceBytes = 64 << 10;
constexpr size_t kMaxLinkBytes = 4'096;
constexpr uint32_t kModeShift = 16;  // the mode is the upper half of the attributes

std::string reason_of(int error) { return std::generic_category().message(error); }

// The parts of an entry's name; "." counts for nothing.
Result<os::Path> place_of_entry(const std::string& name, size_t max_depth) {
  const os::Path written(name);
  if (name.empty() || written.is_absolute())
    return fail(ErrorKind::kInvalidInput, fmt::format("it has an absolute path: \"{}\"", to_utf8(name)));
  os::Path place;
  size_t depth = 0;
  for (const os::Path& part : written) {
    if (part == "..")
      return fail(ErrorKind::kInvalidInput,
                  fmt::format("it has a path that leads out: \"{}\"", to_utf8(name)));
    if (part.empty() || part == ".") continue;
    place /= part;
    if (++depth > max_depth)
      return fail(ErrorKind::kInvalidInput,
                  fmt::format("its folders are nested more than {} deep", max_depth));
  }
  return place;
}

bool is_below(const os::Path& path, const os::Path& folder) {
  const os::Path relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

class Unpacking {
 public:
  Unpacking(const ZipLibrary& zip, zip_t* archive, os::Path folder, const UnzipLimits& limits)
      : zip_(zip), archive_(archive), folder_(std::move(folder)), limits_(limits) {}

  Result<> run() {
    const zip_int64_t count = zip_.count(archive_, 0);
    if (count < 0 || static_cast<uint64_t>(count) > limits_.files)
      return fail(ErrorKind::kInvalidInput, fmt::format("it has more than {} files", limits_.files));
    for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i) AWL_CHECK(unpack(i));
    return make_links();
  }

 private:
  Result<> unpack(zip_uint64_t index) {
    // The bytes as they are: whatever they are taken for, they become a name in the folder.
    const char* written = zip_.name_of(archive_, index, ZIP_FL_ENC_RAW);
    if (written == nullptr) return damaged(zip_.error_of(archive_));
    const std::string name = written;
    AWL_TRY(const os::Path place, place_of_entry(name, limits_.depth));
    const mode_t mode = mode_of(index);
    if (name.ends_with('/') || S_ISDIR(mode)) return os::make_directories(folder_ / place, 0700);
    if (place.empty()) return fail(ErrorKind::kInvalidInput, fmt::format("it has a file named \"{}\"", name));
    if (S_ISLNK(mode)) return note_link(index, place);
    if ((mode & S_IFMT) != 0 && !S_ISREG(mode))
      return fail(ErrorKind::kInvalidInput,
                  fmt::format("{} is neither a file nor a folder nor a link", to_utf8(place.string())));
    return write(index, place, (mode & 0111U) != 0 ? 0700 : 0600);
  }

  // 0: nobody says it.
  mode_t mode_of(zip_uint64_t index) const {
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    if (zip_.attributes_of(archive_, index, 0, &system, &attributes) != 0) return 0;
    return system == ZIP_OPSYS_UNIX || system == ZIP_OPSYS_OS_X ? attributes >> kModeShift : 0;
  }

  static std::unexpected<Error> damaged(const std::string& cause) {
    return fail(ErrorKind::kParse, fmt::format("it is damaged, or no zip file: {}", cause));
  }

  // Gives `take` the bytes of an entry, piece by piece, and counts them.
  template <typename Take>
  Result<> read(zip_uint64_t index, Take take) {
    const std::unique_ptr<zip_file_t, decltype(zip_.close_entry)> entry(zip_.open_entry(archive_, index, 0),
                                                                        zip_.close_entry);
    if (!entry) return damaged(zip_.error_of(archive_));
    std::array<char, kPieceBytes> piece;
    for (;;) {
      const zip_int64_t size = zip_.read(entry.get(), piece.data(), piece.size());
      if (size < 0) return damaged(zip_.entry_error_of(entry.get()));
      if (size == 0) return {};
      // What an entry says about its size is not believed.
      bytes_ += static_cast<uint64_t>(size);
      if (bytes_ > limits_.bytes)
        return fail(ErrorKind::kInvalidInput,
                    fmt::format("it unpacks to more than {} MB", limits_.bytes >> 20U));
      AWL_CHECK(take(std::string_view(piece.data(), static_cast<size_t>(size))));
    }
  }

  Result<> write(zip_uint64_t index, const os::Path& place, mode_t mode) {
    const os::Path path = folder_ / place;
    AWL_CHECK(os::make_directories(path.parent_path(), 0700));
    const auto failed = [&path] {
      return fail(ErrorKind::kIo, fmt::format("cannot write {}: {}", path.string(), reason_of(errno)));
    };
    const os::FileDescriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
    if (!file.is_open() && errno == EEXIST)
      return fail(ErrorKind::kInvalidInput, fmt::format("it has {} twice", to_utf8(place.string())));
    if (!file.is_open()) return failed();
    return read(index, [&](std::string_view piece) -> Result<> {
      while (!piece.empty()) {
        const ssize_t count = ::write(file.get(), piece.data(), piece.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return failed();
        piece.remove_prefix(static_cast<size_t>(count));
      }
      return {};
    });
  }

  Result<> note_link(zip_uint64_t index, const os::Path& place) {
    std::string target;
    AWL_CHECK(read(index, [&target](std::string_view piece) -> Result<> {
      target += piece;
      if (target.size() > kMaxLinkBytes) return fail(ErrorKind::kInvalidInput, "it has a link without end");
      return {};
    }));
    const os::Path to(target);
    const os::Path meant = (place.parent_path() / to).lexically_normal();
    if (target.empty() || target.contains('\0') || to.is_absolute() ||
        (!meant.empty() && *meant.begin() == ".."))
      return leads_out(place);
    links_.emplace_back(place, target);
    return {};
  }

  static std::unexpected<Error> leads_out(const os::Path& place) {
    return fail(ErrorKind::kInvalidInput,
                fmt::format("its link {} leads out of it", to_utf8(place.string())));
  }

  // After everything else, so that nothing is written through them; and looked at again once all are there,
  // because one may lead through another.
  Result<> make_links() {
    for (const auto& [place, target] : links_) {
      AWL_CHECK(os::make_directories((folder_ / place).parent_path(), 0700));
      if (!is_below(os::resolve_links((folder_ / place).parent_path()) / place.filename(), folder_))
        return leads_out(place);
      if (::symlink(target.c_str(), (folder_ / place).c_str()) != 0) {
        return fail(ErrorKind::kIo,
                    fmt::format("cannot make the link {}: {}", to_utf8(place.string()), reason_of(errno)));
      }
    }
    for (const auto& [place, target] : links_) {
      if (!is_below(os::resolve_links(folder_ / place), folder_)) return leads_out(place);
    }
    return {};
  }

  const ZipLibrary& zip_;
  zip_t* archive_;
  os::Path folder_;
  UnzipLimits limits_;
  uint64_t bytes_ = 0;
  std::vector<std::pair<os::Path, std::string>> links_;
};

}  // namespace

Result<> unpack_zip(const os::Path& file, const os::Path& folder, const UnzipLimits& limits) {
  const auto info = os::stat(file);
  if (!info) return fail(ErrorKind::kNotFound, fmt::format("there is no file {}", file.string()));
  const auto about = [&file](Error error) {
    error.message = fmt::format("{} cannot be used: {}", file.string(), error.message);
    return std::unexpected(std::move(error));
  };
  if (info->size_bytes > limits.zip_bytes) {
    return about(
        {ErrorKind::kInvalidInput, fmt::format("it has more than {} MB", limits.zip_bytes >> 20U), "", ""});
  }
  const ZipLibrary* zip = load_zip_library();
  if (zip == nullptr) {
    return about({ErrorKind::kUnsupported, "zip files are read with libzip, which is not installed",
                  "On Debian: apt install libzip4. A folder works without.", ""});
  }
  int error = 0;
  zip_t* opened = zip->open(file.c_str(), ZIP_RDONLY, &error);
  if (opened == nullptr) {
    return error == ZIP_ER_OPEN || error == ZIP_ER_READ
               ? about({ErrorKind::kIo, "it cannot be read", "", ""})
               : about({ErrorKind::kParse, "it is damaged, or no zip file", "", ""});
  }
  const std::unique_ptr<zip_t, decltype(zip->discard)> archive(opened, zip->discard);
  if (auto done = Unpacking(*zip, archive.get(), os::resolve_links(folder), limits).run(); !done)
    return about(std::move(done).error());
  return {};
}

}  // namespace awl::archive
