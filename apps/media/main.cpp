// awl-media: decodes, turns, shrinks and recompresses pictures for awl, which keeps the decoders out of its
// own process. It reads one image from standard input, confines itself, and answers on standard output:
//
//   a line "MEDIA_TYPE WIDTH HEIGHT ORIGINAL_WIDTH ORIGINAL_HEIGHT SIZE", then SIZE bytes of a new image;
//   with a SIZE of 0 the image that came in can be used as it is.
//
// Exit 0, or 1 with one sentence on standard error.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <new>
#include <string>

#include "base/strings.h"
#include "media/confine.h"
#include "media/fit.h"

namespace {

using namespace awl;

constexpr std::string_view kUsage =
    "usage: awl-media fit [--max-side PIXELS] [--max-bytes BYTES] [--comfortable-bytes BYTES] <IMAGE "
    ">RESULT\n"
    "Brings a PNG, JPEG, GIF or WebP image under these limits. awl runs it; it is of little use by hand.\n";

Result<media::FitLimits> parse_limits(int argc, char** argv) {
  media::FitLimits limits;
  for (int i = 2; i < argc; i += 2) {
    const std::string_view name = argv[i];
    const auto value = i + 1 < argc ? parse_integer(argv[i + 1]) : std::nullopt;
    if (!value || *value < 1) {
      return fail(ErrorKind::kInvalidInput, fmt::format("{} needs a number above zero", name));
    }
    if (name == "--max-side") {
      limits.max_side = static_cast<uint32_t>(std::min<long long>(*value, 65'535));
    } else if (name == "--max-bytes") {
      limits.max_bytes = static_cast<size_t>(*value);
    } else if (name == "--comfortable-bytes") {
      limits.comfortable_bytes = static_cast<size_t>(*value);
    } else {
      return fail(ErrorKind::kInvalidInput, fmt::format("there is no option {}", name));
    }
  }
  return limits;
}

Result<std::string> read_input() {
  std::string bytes;
  std::string buffer(256 << 10, '\0');
  for (;;) {
    const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(ErrorKind::kIo, "standard input cannot be read");
    if (got == 0) return bytes;
    bytes.append(buffer, 0, static_cast<size_t>(got));
    if (bytes.size() > image::kMaxSourceBytes) {
      return fail(ErrorKind::kInvalidInput,
                  fmt::format("it is larger than {} MB", image::kMaxSourceBytes >> 20U));
    }
  }
}

Result<> write_output(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return fail(ErrorKind::kIo, "standard output cannot be written");
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

Result<> run(int argc, char** argv) {
  AWL_TRY(const media::FitLimits limits, parse_limits(argc, argv));
  AWL_CHECK(media::confine());
  AWL_TRY(const std::string bytes, read_input());
  AWL_TRY(const media::Fitted fitted, media::fit(bytes, limits));
  AWL_CHECK(write_output(fmt::format("{} {} {} {} {} {}\n", fitted.media_type, fitted.size.width,
                                     fitted.size.height, fitted.original.width, fitted.original.height,
                                     fitted.bytes.size())));
  return write_output(fitted.bytes);
}

int complain(std::string_view sentence) {
  fmt::print(stderr, "{}\n", sentence);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "--help") {
    fmt::print("{}", kUsage);
    return 0;
  }
  if (command == "--version") {
    fmt::print("awl-media {}\n", AWL_VERSION);
    return 0;
  }
  if (command != "fit") {
    fmt::print(stderr, "{}", kUsage);
    return 2;
  }
  try {
    const auto done = run(argc, argv);
    return done ? 0 : complain(describe(done.error()));
  } catch (const std::bad_alloc&) {
    return complain("the picture needs more memory than may be used for it");
  } catch (const std::exception& error) {
    return complain(error.what());
  }
}
