// PDF files, by the programs of poppler-utils: pdfinfo looks, pdftoppm turns pages into pictures.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "async/task.h"
#include "base/error.h"
#include "os/file.h"
#include "tools/session.h"

namespace awl::tools {

/// Pages, from 1, both ends included.
struct PageRange {
  int first = 1;
  int last = 1;
  int count() const { return last - first + 1; }
};

/// At most this many in one call.
constexpr int kMaxPagesPerRead = 20;

/// "3", "2-5", "10-" (as many as one call gives). Errors: kInvalidInput, also for more than kMaxPagesPerRead.
Result<PageRange> parse_pages(std::string_view text);

struct PdfInfo {
  int pages = 0;
  bool encrypted = false;  ///< opens without a password all the same
};

/// Looks at a file, or at `bytes` when `path` is empty. `shown` begins the errors. Errors: kInvalidInput
/// (damaged, password), kUnsupported (no poppler), kTimeout, kIo.
Task<Result<PdfInfo>> inspect_pdf(os::Path path, std::string bytes, std::string shown,
                                  const Session& session);

/// Writes each page as a JPEG into `folder`, which exists, and gives the files in order. Errors: as above.
Task<Result<std::vector<os::Path>>> render_pages(os::Path path, PageRange range, os::Path folder,
                                                 std::string shown, const Session& session);

}  // namespace awl::tools
