#include "tools/pdf.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <optional>

#include "base/strings.h"
#include "base/utf8.h"
#include "os/process.h"
#include "os/resolved_file.h"

namespace awl::tools {

namespace {

using namespace std::chrono_literals;

constexpr auto kLookPatience = 20s;
constexpr auto kRenderPatience = 60s;
constexpr uint64_t kCpuSeconds = 60;
constexpr uint64_t kMemoryBytes = 2ULL << 30U;
constexpr int kPageSide = 1568;  // pixels of the longer side: what a model sees of an image without loss
constexpr size_t kShownCause = 200;
// The programs get what was judged, whatever stands at that path by now.
constexpr int kFileNumber = 3;
constexpr const char* kFileOfChild = "/proc/self/fd/3";

os::ProcessOptions poppler_command(std::vector<std::string> argv, const Session& session) {
  os::ProcessOptions options;
  options.argv = std::move(argv);
  // Nothing of the environment but where programs and fonts are.
  for (const std::string_view name : {"PATH", "HOME"}) {
    const std::string value(session.child_environment.get(name));
    if (!value.empty()) options.environment.push_back(fmt::format("{}={}", name, value));
  }
  options.environment.emplace_back("LC_ALL=C");
  options.max_memory_bytes = kMemoryBytes;
  options.max_cpu_seconds = kCpuSeconds;
  return options;
}

std::unexpected<Error> explain_start(Error error, std::string_view program) {
  if (error.kind != ErrorKind::kNotFound) return std::unexpected(std::move(error));
  return fail(ErrorKind::kUnsupported,
              fmt::format("reading PDF files needs {}, which is not on the PATH", program),
              "Install poppler-utils, or turn the file into text some other way and read that.");
}

std::unexpected<Error> explain_failure(const os::CommandResult& result, std::string_view shown) {
  if (result.status.signal != 0) {
    return fail(ErrorKind::kInvalidInput,
                fmt::format("{} cannot be read: it needs too much memory or time", shown));
  }
  if (result.err.find("Incorrect password") != std::string::npos) {
    return fail(ErrorKind::kInvalidInput, fmt::format("{} is protected with a password", shown),
                "Make a copy without the password, for instance with qpdf, and read that.");
  }
  const std::string cause = to_utf8(trim(result.err.substr(0, result.err.find('\n'))));
  return fail(ErrorKind::kInvalidInput,
              fmt::format("{} is no valid PDF file ({})", shown,
                          cause.empty() ? "it cannot be opened" : utf8_prefix(cause, kShownCause)));
}

// The last line of that name: the document's title, above it, may hold line breaks.
std::string_view field(std::string_view lines, std::string_view name) {
  const size_t at = lines.rfind(fmt::format("\n{}:", name));
  if (at == std::string_view::npos) return {};
  const std::string_view rest = lines.substr(at + name.size() + 2);
  return trim(rest.substr(0, rest.find('\n')));
}

std::optional<int> page_number(std::string_view text) {
  const auto number = parse_integer(trim(text));
  if (!number || *number < 1 || *number > 1'000'000) return std::nullopt;
  return static_cast<int>(*number);
}

}  // namespace

Result<PageRange> parse_pages(std::string_view text) {
  const auto wrong = [&text] {
    return fail(ErrorKind::kInvalidInput,
                fmt::format("`pages` is \"{}\"; it has to be like \"3\" or \"2-5\"", to_utf8(text)));
  };
  text = trim(text);
  const size_t dash = text.find('-');
  const auto first = page_number(text.substr(0, dash));
  if (!first) return wrong();
  PageRange range{*first, *first};
  if (dash != std::string_view::npos) {
    const std::string_view end = trim(text.substr(dash + 1));
    const auto last = end.empty() ? std::optional(*first + kMaxPagesPerRead - 1) : page_number(end);
    if (!last) return wrong();
    range.last = *last;
  }
  if (range.last < range.first) return wrong();
  if (range.count() > kMaxPagesPerRead) {
    return fail(ErrorKind::kInvalidInput,
                fmt::format("`pages` \"{}\" are {} pages; one call gives {} at most", text, range.count(),
                            kMaxPagesPerRead));
  }
  return range;
}

Task<Result<PdfInfo>> inspect_pdf(os::Path path, std::string bytes, std::string shown,
                                  const Session& session) {
  auto command = poppler_command({"pdfinfo", path.empty() ? "-" : kFileOfChild}, session);
  auto file = path.empty() ? Result<os::FileDescriptor>() : os::open_resolved(path, O_RDONLY);
  if (!file) co_return std::unexpected(file.error());
  if (!path.empty()) command.more_fds = {{file->get(), kFileNumber}};
  auto ran = co_await os::run_command(std::move(command), std::move(bytes), kLookPatience);
  if (!ran) co_return explain_start(std::move(ran.error()), "pdfinfo");
  if (!ran->status.ok()) co_return explain_failure(*ran, shown);
  const auto pages = parse_integer(field(ran->out, "Pages"));
  if (!pages || *pages < 1 || *pages > INT32_MAX) {
    co_return fail(ErrorKind::kInvalidInput, fmt::format("{} is a PDF file without pages", shown));
  }
  co_return PdfInfo{static_cast<int>(*pages), field(ran->out, "Encrypted").starts_with("yes")};
}

Task<Result<std::vector<os::Path>>> render_pages(os::Path path, PageRange range, os::Path folder,
                                                 std::string shown, const Session& session) {
  auto command = poppler_command({"pdftoppm", "-jpeg", "-jpegopt", "quality=80", "-scale-to",
                                  fmt::format("{}", kPageSide), "-f", fmt::format("{}", range.first), "-l",
                                  fmt::format("{}", range.last), kFileOfChild, (folder / "page").string()},
                                 session);
  auto file = os::open_resolved(path, O_RDONLY);
  if (!file) co_return std::unexpected(file.error());
  command.more_fds = {{file->get(), kFileNumber}};
  auto ran = co_await os::run_command(std::move(command), "", kRenderPatience);
  if (!ran && ran.error().kind == ErrorKind::kTimeout) {
    co_return fail(
        ErrorKind::kTimeout,
        fmt::format("drawing these pages of {} takes longer than {} s", shown, kRenderPatience.count()),
        "Ask for fewer pages.");
  }
  if (!ran) co_return explain_start(std::move(ran.error()), "pdftoppm");
  AWL_CO_TRY(const std::vector<std::string> names, os::list_directory(folder));
  std::vector<os::Path> files;
  for (const std::string& name : names) {
    if (name.starts_with("page-") && name.ends_with(".jpg")) files.push_back(folder / name);
  }
  if (!ran->status.ok() || files.empty()) co_return explain_failure(*ran, shown);
  co_return files;
}

}  // namespace awl::tools
