// The Glob tool: files by name, newest first.
//
// It walks the tree itself, in slices on the loop, rather than through `rg --files`: it needs each match's
// time anyway, keeps only the newest hundred however many there are, enters only folders that the pattern can
// match, and works without ripgrep.
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "base/utf8.h"
#include "os/path.h"
#include "os/resolved_file.h"
#include "tools/builtin.h"
#include "tools/file_rules.h"
#include "tools/glob_pattern.h"

namespace awl::embedded {
extern const std::string_view glob_md;
}

namespace awl::tools {

namespace {

constexpr size_t kMaxFiles = 100;
constexpr size_t kEntriesPerSlice = 500;  // about a millisecond
constexpr size_t kChecksPerSlice = 50;
constexpr size_t kMaxDepth = 512;

constexpr std::string_view kGlobSchema =
    R"({"type":"object","properties":{)"
    R"("pattern":{"type":"string","description":"The pattern that names must match"},)"
    R"("path":{"type":"string","description":"The folder to look in"}},)"
    R"("required":["pattern"],"additionalProperties":false})";

struct GlobRequest {
  os::Path folder;  // where the walk begins: `path` and the pattern's own folders, links resolved
  std::string shown_folder;
  os::Path base;        // `path` alone
  std::string pattern;  // below that folder
  bool any_depth = false;
  bool enter_git = false;
};

Result<GlobRequest> to_glob_request(const json::Value& input, const Session& session) {
  std::string pattern = json::string_or_empty(input, "pattern");
  const std::string path = json::string_or_empty(input, "path");
  if (pattern.find('\0') != std::string::npos || path.find('\0') != std::string::npos) {
    return fail(ErrorKind::kInvalidInput, "the pattern or the path has a null byte in it: remove it");
  }
  if (pattern.empty()) return fail(ErrorKind::kInvalidInput, "the pattern is empty");
  while (pattern.starts_with("./")) pattern.erase(0, 2);
  GlobRequest request;
  const auto [folder, rest] = split_literal_folder(pattern);
  os::Path base = session.cwd;
  if (!path.empty()) base = os::absolute_path(path, session.cwd, session.home);
  request.base = base;
  if (!folder.empty()) base = os::absolute_path(folder, base, session.home);
  request.folder = os::resolve_links(base);
  request.shown_folder = display_path(base, session);
  request.any_depth = folder.empty();
  request.enter_git = pattern.find(".git") != std::string::npos;
  request.pattern = rest.empty() ? "**" : rest;
  return request;
}

struct Found {
  int64_t modified_ns = 0;
  std::string path;  // below the folder
  // The newest first; equal times by name.
  bool operator<(const Found& other) const {
    return modified_ns != other.modified_ns ? modified_ns > other.modified_ns : path < other.path;
  }
};

// Keeps the newest kMaxFiles and counts the rest.
class Newest {
 public:
  bool wants(const Found& found) const { return heap_.size() < kMaxFiles || found < heap_.front(); }
  void add(Found found) {
    ++count_;
    if (!wants(found)) return;
    if (heap_.size() == kMaxFiles) {
      std::pop_heap(heap_.begin(), heap_.end());
      heap_.pop_back();
    }
    heap_.push_back(std::move(found));
    std::push_heap(heap_.begin(), heap_.end());
  }
  size_t count() const { return count_; }
  std::vector<Found> take() {
    std::sort(heap_.begin(), heap_.end());
    return std::move(heap_);
  }

 private:
  size_t count_ = 0;
  std::vector<Found> heap_;
};

class Walk {
 public:
  Walk(const GlobRequest& request, const GlobPattern& pattern, const Session& session)
      : request_(request),
        pattern_(pattern),
        session_(session),
        // What somebody had to allow as a whole was checked against the rules as a whole.
        checks_files_(may_read(session, request.folder)) {
    pending_.push_back({"", pattern.start(), 0});
  }
  /// Looks at some entries. False when there is nothing left.
  bool step() {
    checks_ = 0;
    for (size_t i = 0; i < kEntriesPerSlice && checks_ < kChecksPerSlice; ++i) {
      if (directory_ == nullptr && !open_next()) return false;
      const dirent* entry = ::readdir(directory_.get());
      if (entry == nullptr) {
        directory_.reset();
      } else {
        look_at(*entry);
      }
    }
    return true;
  }
  Newest& newest() { return newest_; }
  size_t unreadable() const { return unreadable_; }

 private:
  struct Folder {
    std::string path;  // below the request's, with a slash at the end; "" for that itself
    GlobPattern::State state;
    size_t depth;
  };
  struct Close {
    void operator()(DIR* directory) const { ::closedir(directory); }
  };

  bool open_next() {
    while (!pending_.empty()) {
      current_ = std::move(pending_.back());
      pending_.pop_back();
      // A link may have come in a folder's place since it was judged or seen: it is not followed.
      const std::string_view below = current_.path;
      auto opened = os::open_resolved(
          below.empty() ? request_.folder : request_.folder / below.substr(0, below.size() - 1),
          O_RDONLY | O_DIRECTORY);
      if (opened) {
        directory_.reset(::fdopendir(opened->release()));
        return true;
      }
      ++unreadable_;
    }
    return false;
  }

  void look_at(const dirent& entry) {
    const std::string_view name = entry.d_name;
    if (name == "." || name == "..") return;
    unsigned char type = entry.d_type;
    struct stat info{};
    if (type == DT_UNKNOWN) {
      if (::fstatat(::dirfd(directory_.get()), entry.d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) return;
      type = S_ISDIR(info.st_mode)   ? DT_DIR
             : S_ISREG(info.st_mode) ? DT_REG
             : S_ISLNK(info.st_mode) ? DT_LNK
                                     : DT_UNKNOWN;
    }
    if (type == DT_DIR) {
      if ((name == ".git" && !request_.enter_git) || current_.depth >= kMaxDepth) return;
      GlobPattern::State state = pattern_.enter(current_.state, name);
      if (!state.empty())
        pending_.push_back({fmt::format("{}{}/", current_.path, name), std::move(state), current_.depth + 1});
      return;
    }
    // Links to files count as files; links to folders are not entered, so that no walk goes round.
    if ((type != DT_REG && type != DT_LNK) || !pattern_.matches_file(current_.state, name)) return;
    if (::fstatat(::dirfd(directory_.get()), entry.d_name, &info, 0) != 0 || !S_ISREG(info.st_mode)) return;
    const int64_t modified = static_cast<int64_t>(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec;
    Found found{modified, fmt::format("{}{}", current_.path, name)};
    // Only what would show is looked up: the rules take their time.
    if (checks_files_ && newest_.wants(found)) {
      ++checks_;
      if (!may_read(session_, request_.folder / found.path)) return;
    }
    newest_.add(std::move(found));
  }

  const GlobRequest& request_;
  const GlobPattern& pattern_;
  const Session& session_;
  const bool checks_files_;
  size_t checks_ = 0;  // in this slice
  std::vector<Folder> pending_;
  Folder current_;
  std::unique_ptr<DIR, Close> directory_;
  Newest newest_;
  size_t unreadable_ = 0;
};

ToolResult to_result(Walk& walk, const GlobRequest& request, const Session& session, bool timed_out,
                     int64_t duration_ms) {
  const size_t count = walk.newest().count();
  json::Value names = json::Value::array();
  std::string text;
  for (const Found& found : walk.newest().take()) {
    const std::string name = display_path(request.folder / found.path, session);
    text += name + "\n";
    names.push_back(name);
  }
  if (names.empty()) text = fmt::format("No files found in {}\n", request.shown_folder);
  if (count > kMaxFiles) {
    text += fmt::format("[These are the {} newest of {} files: narrow the pattern to see the others.]\n",
                        kMaxFiles, count);
  }
  if (timed_out) {
    text += fmt::format(
        "[The search was stopped after {} s and is not complete: give a narrower pattern or path.]\n",
        session.limits.glob_timeout.count());
  }
  if (walk.unreadable() > 0)
    text += fmt::format("[Folders that could not be read: {}.]\n", walk.unreadable());
  text.pop_back();
  ToolResult result;
  result.text = std::move(text);
  result.structured_json = json::dump({{"durationMs", duration_ms},
                                       {"numFiles", names.size()},
                                       {"filenames", names},
                                       {"truncated", count > kMaxFiles || timed_out}});
  return result;
}

Task<ToolResult> find_files(GlobRequest request, const Session& session) {
  const auto info = os::stat(request.folder);
  // A folder that only the pattern names may be missing: then nothing matches.
  const bool missing = !info && info.error().kind == ErrorKind::kNotFound && os::is_folder(request.base);
  if (!info && !missing) co_return ToolResult::error(describe(info.error()));
  if (info && info->type != os::FileInfo::Type::kDirectory) {
    co_return ToolResult::error(fmt::format("{} is not a folder", request.shown_folder));
  }
  auto compiled = GlobPattern::compile(request.pattern, request.any_depth);
  if (!compiled) co_return ToolResult::error(describe(compiled.error()));
  const GlobPattern pattern = std::move(*compiled);
  const auto begin = std::chrono::steady_clock::now();
  Walk walk(request, pattern, session);
  bool timed_out = false;
  while (!missing && walk.step()) {
    if (std::chrono::steady_clock::now() - begin > session.limits.glob_timeout) {
      timed_out = true;
      break;
    }
    co_await boost::asio::post(boost::asio::use_awaitable);
  }
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  co_return to_result(walk, request, session, timed_out, took.count());
}

class GlobTool final : public Tool {
 public:
  const ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value&) const override { return true; }
  Result<Access> access(const json::Value& input, const Session& session) const override {
    AWL_TRY(GlobRequest request, to_glob_request(input, session));
    Access access;
    access.kind = Access::Kind::kRead;
    access.paths.push_back(std::move(request.folder));
    return access;
  }
  Task<ToolResult> run(const json::Value& input, const Access& access, const std::string&,
                       Session& session) override {
    auto request = to_glob_request(input, session);
    if (!request) co_return ToolResult::error(describe(request.error()));
    request->folder = access.paths[0];
    auto result = co_await find_files(std::move(*request), session);
    co_return result;
  }

 private:
  ToolSpec spec_{"Glob", std::string(embedded::glob_md), std::string(kGlobSchema)};
};

}  // namespace

std::unique_ptr<Tool> make_glob_tool() { return std::make_unique<GlobTool>(); }

}  // namespace awl::tools
