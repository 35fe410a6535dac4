#include "extensions/plugin_archive.h"

#include <fmt/format.h>

#include "archive/unzip.h"
#include "base/strings.h"
#include "crypto/sha256.h"
#include "os/path.h"

namespace awl::extensions {

namespace {

constexpr size_t kDigestLength = 64;
constexpr const char* kManifestFolder = ".claude-plugin";

bool is_digest(std::string_view text) {
  return text.size() == kDigestLength && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

Result<os::Path> unpack_plugin(const os::Path& zip, const os::Path& folder) {
  // A plugin without a manifest is called as its folder.
  const std::string stem = zip.stem().string();
  const os::Path top = folder / (stem.empty() || stem.starts_with('.') ? "plugin" : stem);
  AWL_CHECK(os::make_directories(top, 0700));
  AWL_CHECK(archive::unpack_zip(zip, top));
  if (os::path_exists(top / kManifestFolder)) return top;
  AWL_TRY(const std::vector<std::string> names, os::list_directory(top));
  if (names.size() == 1 && os::path_exists(top / names.front() / kManifestFolder)) return top / names.front();
  return top;
}

Task<Result<FetchedArchive>> fetch_archive(const json::Value& source, os::Path folder,
                                           const DownloadArchive& download) {
  const std::string url = json::string_or_empty(source, "url");
  const std::string pin = to_lower(json::string_or_empty(source, "sha256"));
  if (!url.starts_with("https://"))
    co_return fail(ErrorKind::kInvalidInput, fmt::format("the archive \"{}\" has no https address", url));
  if (source.contains("sha256") && !is_digest(pin))
    co_return fail(ErrorKind::kInvalidInput,
                   fmt::format("sha256: \"{}\" is no digest: 64 hexadecimal digits", pin));
  if (!download) co_return fail(ErrorKind::kUnsupported, "archives cannot be fetched here");
  auto downloaded = co_await download(url);
  AWL_CO_TRY(const std::string bytes, std::move(downloaded));
  const std::string digest = crypto::sha256_hex(bytes);
  if (!pin.empty() && pin != digest) {
    co_return fail(
        ErrorKind::kInvalidInput, "the archive is not the file that the marketplace names",
        fmt::format("Its SHA-256 is {}, not {}. Ask who looks after the marketplace.", digest, pin));
  }
  AWL_CO_CHECK(os::make_directories(folder, 0700));
  const os::Path zip = folder / "archive.zip";
  AWL_CO_CHECK(os::write_file_atomic(zip, bytes, 0600));
  AWL_CO_TRY(os::Path plugin, unpack_plugin(zip, folder));
  co_return FetchedArchive{std::move(plugin), digest};
}

}  // namespace awl::extensions
