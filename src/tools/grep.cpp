// The Grep tool: ripgrep, run without a shell.
#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "base/utf8.h"
#include "os/process.h"
#include "os/resolved_file.h"
#include "tools/builtin.h"
#include "tools/file_rules.h"
#include "tools/grep_output.h"

namespace awl::embedded {
extern const std::string_view grep_md;
}

namespace awl::tools {

namespace {

constexpr std::chrono::seconds kTimeout{60};
constexpr size_t kMaxDiagnosticBytes = 2000;
constexpr int kSingleFileNumber = 3;
constexpr const char* kSingleFile = "/proc/self/fd/3";
constexpr size_t kStatsPerSlice = 500;
constexpr size_t kGrepChecksPerSlice = 50;

constexpr std::string_view kGrepSchema =
    R"({"type":"object","properties":{)"
    R"("pattern":{"type":"string","description":"The regular expression"},)"
    R"("path":{"type":"string","description":"The file or folder to search"},)"
    R"("glob":{"type":"string","description":"Only files that match, such as *.{ts,tsx}"},)"
    R"("type":{"type":"string","description":"Only files of this ripgrep type, such as py"},)"
    R"("output_mode":{"type":"string","enum":["content","files_with_matches","count"]},)"
    R"("-i":{"type":"boolean","description":"Ignore case"},)"
    R"("-n":{"type":"boolean","description":"Line numbers in content mode; default: true"},)"
    R"("-A":{"type":"integer","minimum":0,"description":"Lines after each match"},)"
    R"("-B":{"type":"integer","minimum":0,"description":"Lines before each match"},)"
    R"("-C":{"type":"integer","minimum":0,"description":"Lines before and after each match"},)"
    R"("context":{"type":"integer","minimum":0,"description":"The same as -C"},)"
    R"("multiline":{"type":"boolean","description":"Let a match go over several lines"},)"
    R"("head_limit":{"type":"integer","minimum":0,"description":"The most entries to give; default 250; 0 means no limit"},)"
    R"("offset":{"type":"integer","minimum":0,"description":"Entries to skip"}},)"
    R"("required":["pattern"],"additionalProperties":false})";

Result<os::Path> search_path(const json::Value& input, const Session& session) {
  const std::string path = json::string_or_empty(input, "path");
  return resolve_path(path.empty() ? session.cwd.string() : path, session);
}

std::string diagnostic(std::string_view err) {
  return std::string(trim(utf8_prefix(to_utf8(err.substr(0, 2 * kMaxDiagnosticBytes)), kMaxDiagnosticBytes)));
}

// Newest first, looked up in slices; what has vanished since is last.
Task<std::vector<std::string>> newest_first(std::vector<std::string> files, os::Path folder) {
  std::vector<std::pair<int64_t, std::string>> dated;
  dated.reserve(files.size());
  for (std::string& file : files) {
    const auto info = os::stat(folder / file);
    dated.emplace_back(info ? -info->modified_ns : 0, std::move(file));
    if (dated.size() % kStatsPerSlice == 0) co_await boost::asio::post(boost::asio::use_awaitable);
  }
  std::sort(dated.begin(), dated.end());
  for (size_t i = 0; i < dated.size(); ++i) files[i] = std::move(dated[i].second);
  co_return files;
}

// ripgrep's output without the files that a Read would not be allowed without a question, looked up in
// slices. A record is "path NUL rest"; its end is a line feed, or in a list of files the next path.
Task<std::string> without_denied(std::string output, bool is_list, os::Path folder, const Session& session) {
  std::map<std::string, bool, std::less<>> known;
  std::string kept;
  std::string_view rest = output;
  while (!rest.empty()) {
    const size_t null = rest.find('\0');
    const size_t line = rest.find('\n');
    const bool has_path = null != std::string_view::npos && (is_list || null < line);
    const size_t end = has_path && is_list ? null : line;
    const std::string_view record = rest.substr(0, end == std::string_view::npos ? end : end + 1);
    rest.remove_prefix(record.size());
    if (!has_path) {
      kept += record;
      continue;
    }
    const std::string_view path = record.substr(0, null);
    // The rest of a name with a line feed: it is not known whose line this is.
    if (!path.starts_with("./")) continue;
    auto found = known.find(path);
    if (found == known.end()) {
      const bool allowed = may_read(session, (folder / path).lexically_normal());
      found = known.emplace(path, allowed).first;
      if (known.size() % kGrepChecksPerSlice == 0) co_await boost::asio::post(boost::asio::use_awaitable);
    }
    if (found->second) kept += record;
  }
  co_return kept;
}

// ripgrep names the one file that it was given by its descriptor.
std::string with_name(std::string output, const std::string& name) {
  return replace_all(std::move(output), std::string(kSingleFile) + '\0', name + '\0');
}

Error explain(const Error& error) {
  if (error.kind == ErrorKind::kNotFound) {
    return {ErrorKind::kNotFound, "Grep needs the program `rg`, which is not installed",
            "install the package ripgrep", error.detail};
  }
  if (error.kind == ErrorKind::kTimeout) {
    return {ErrorKind::kTimeout, fmt::format("the search took longer than {} s", kTimeout.count()),
            "give a narrower path, glob or type", error.detail};
  }
  return error;
}

Task<ToolResult> shape(const GrepRequest& request, const os::CommandResult& output, const os::Path& folder,
                       const Session& session) {
  const ShowPath show = [&](std::string_view path) {
    return display_path((folder / path).lexically_normal(), session);
  };
  if (request.mode == GrepRequest::Mode::kContent) co_return shape_content(request, output.out, show);
  if (request.mode == GrepRequest::Mode::kCount) co_return shape_counts(request, output.out, show);
  auto files = co_await newest_first(split_files(output.out), folder);
  std::transform(files.begin(), files.end(), files.begin(), show);
  co_return shape_files(request, files);
}

Task<ToolResult> search(GrepRequest request, os::Path path, std::string shown, const Session& session) {
  const auto info = os::stat(path);
  if (!info) {
    co_return ToolResult::error(
        fmt::format("{}. The current folder is {}", describe(info.error()), to_utf8(session.cwd.string())));
  }
  if (info->type == os::FileInfo::Type::kOther) {
    co_return ToolResult::error(fmt::format("{} is neither a file nor a folder", shown));
  }
  const bool folder = info->type == os::FileInfo::Type::kDirectory;
  const os::Path root = folder ? path : path.parent_path();
  // What was judged is what is searched, whatever stands at that path by now.
  const auto opened_root = os::open_resolved(root, O_RDONLY | O_DIRECTORY);
  if (!opened_root) co_return ToolResult::error(describe(opened_root.error()));
  const auto opened_file =
      folder ? Result<os::FileDescriptor>() : os::open_resolved(path, O_RDONLY | O_NONBLOCK);
  if (!opened_file) co_return ToolResult::error(describe(opened_file.error()));
  os::ProcessOptions options;
  options.working_directory = os::path_of_descriptor(*opened_root);
  options.argv = grep_arguments(request, folder ? "." : kSingleFile);
  if (!folder) options.more_fds = {{opened_file->get(), kSingleFileNumber}};
  options.environment = session.child_environment.to_entries();
  auto ran = co_await os::run_command(std::move(options), "", kTimeout);
  if (!ran) co_return ToolResult::error(describe(explain(ran.error())));
  os::CommandResult output = std::move(*ran);
  if (!folder) output.out = with_name(std::move(output.out), "./" + path.filename().string());
  const bool failed = output.status.code > 1 || output.status.signal != 0;  // 1: nothing matched
  if (failed && output.out.empty()) {
    co_return ToolResult::error(fmt::format("ripgrep could not search: {}", diagnostic(output.err)));
  }
  // What somebody had to allow as a whole was checked against the rules as a whole.
  if (may_read(session, path)) {
    const bool is_list = request.mode == GrepRequest::Mode::kFiles;
    output.out = co_await without_denied(std::move(output.out), is_list, root, session);
  }
  auto result = co_await shape(request, output, root, session);
  if (failed) result.text += fmt::format("\n[ripgrep also reports: {}]", diagnostic(output.err));
  if (output.truncated)
    result.text += "\n[There was too much output to take in all of it: narrow the search.]";
  co_return result;
}

class GrepTool final : public Tool {
 public:
  const ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value&) const override { return true; }
  Result<Access> access(const json::Value& input, const Session& session) const override {
    AWL_TRY(os::Path path, search_path(input, session));
    Access access;
    access.kind = Access::Kind::kRead;
    access.paths.push_back(std::move(path));
    return access;
  }
  Task<ToolResult> run(const json::Value& input, const Access& access, const std::string&,
                       Session& session) override {
    auto request = to_grep_request(input);
    if (!request) co_return ToolResult::error(describe(request.error()));
    const os::Path& path = access.paths[0];
    auto result = co_await search(std::move(*request), path, display_path(path, session), session);
    co_return result;
  }

 private:
  ToolSpec spec_{"Grep", std::string(embedded::grep_md), std::string(kGrepSchema)};
};

}  // namespace

std::unique_ptr<Tool> make_grep_tool() { return std::make_unique<GrepTool>(); }

}  // namespace awl::tools
