// A range of a file's lines, at the memory of the range.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "async/task.h"
#include "base/error.h"
#include "os/file.h"

namespace awl::tools {

struct LineRange {
  size_t first = 1;  ///< from 1
  size_t count = SIZE_MAX;
};

struct Page {
  std::string
      text;  ///< the lines, joined by plain newlines: valid UTF-8, no byte order mark, no CR before a newline
  size_t lines = 0;
  size_t total_lines = 0;    ///< the part behind the last newline counts, also when it is empty
  bool over_budget = false;  ///< not all of the range fitted; `text` has the lines that did
  bool line_cut = false;     ///< not even one did; `text` has its beginning
};

/// Picks the lines of a range out of chunks of text. Memory: the budget and one chunk.
class LineCollector {
 public:
  /// `budget`: bytes that the lines may have together, with their numbers in front.
  LineCollector(LineRange range, size_t budget) : range_(range), budget_(budget) {}
  void feed(std::string_view bytes);
  bool over_budget() const { return page_.over_budget; }
  Page finish();

 private:
  bool wanted() const {
    return !page_.over_budget && line_ >= range_.first && line_ - range_.first < range_.count;
  }
  void add(std::string_view piece);
  void end_line();
  void cut();

  LineRange range_;
  size_t budget_;
  size_t line_ = 1;
  size_t cost_ = 0;        // of the finished lines
  size_t line_begin_ = 0;  // of the open line in page_.text
  bool open_ = false;
  Page page_;
};

/// What a file holds, by its first bytes.
struct OpenFile {
  int fd = -1;
  os::FileInfo info;
  std::string head;  ///< the first 64 KiB at most

  OpenFile() = default;
  OpenFile(OpenFile&& other) noexcept;
  OpenFile& operator=(OpenFile&&) = delete;
  ~OpenFile();
  /// Errors: kNotFound, kPermissionDenied, kIo; kInvalidInput for what is no regular file.
  static Result<OpenFile> open(const os::Path& path);
};

/// Reads the file to its end (with `stop_over_budget`: until the range does not fit) and lets the loop run in
/// between. `raw` gets the bytes of a file that is not large (kLargeFile). Errors: kIo.
Task<Result<Page>> read_page(OpenFile& file, LineRange range, size_t budget, bool stop_over_budget,
                             std::string& raw);

}  // namespace awl::tools
