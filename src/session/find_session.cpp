#include "session/find_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "base/strings.h"
#include "base/uuid.h"
#include "json/json.h"
#include "session/mapped_text.h"

namespace awl::session {

namespace {

struct SessionFile {
  os::Path path;
  int64_t modified_ns = 0;
};

// Newest first.
std::vector<SessionFile> sessions_in(const os::Path& folder) {
  std::vector<SessionFile> files;
  const auto names = os::list_directory(folder);
  if (!names) return files;
  for (const std::string& name : *names) {
    const os::Path path = folder / name;
    if (path.extension() != ".jsonl" || !is_uuid(path.stem().string())) continue;
    if (const auto info = os::stat(path);
        info && info->type == os::FileInfo::Type::kRegular && info->size_bytes > 0)
      files.push_back({path, info->modified_ns});
  }
  std::ranges::sort(files, std::ranges::greater(), &SessionFile::modified_ns);
  return files;
}

// The title that was given last.
std::string title_of(const os::Path& path) {
  const auto mapped = MappedText::open(path);
  if (!mapped) return "";
  const std::string_view text = mapped->view();
  constexpr std::string_view kTitle = R"("type":"custom-title")";
  for (size_t at = text.rfind(kTitle); at != std::string::npos;
       at = at == 0 ? std::string::npos : text.rfind(kTitle, at - 1)) {
    const size_t before = text.rfind('\n', at);
    const size_t begin = before == std::string::npos ? 0 : before + 1;
    const auto record = json::parse(text.substr(begin, text.find('\n', at) - begin));
    if (record) return json::string_or_empty(*record, "customTitle");
  }
  return "";
}

std::optional<os::Path> with_id(const os::Path& projects, const os::Path& project_dir,
                                const std::string& id) {
  const os::Path here = transcript_path(projects, project_dir, id);
  if (os::path_exists(here)) return here;
  const auto folders = os::list_directory(projects);
  if (!folders) return std::nullopt;
  for (const std::string& folder : *folders) {
    const os::Path path = projects / folder / (id + ".jsonl");
    if (os::path_exists(path)) return path;
  }
  return std::nullopt;
}

}  // namespace

std::string project_slug(const os::Path& project_dir) {
  std::string slug = project_dir.string();
  for (char& c : slug) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '-';
  }
  return slug;
}

os::Path transcript_path(const os::Path& projects, const os::Path& project_dir, const std::string& id) {
  return projects / project_slug(project_dir) / (id + ".jsonl");
}

Result<os::Path> find_session(const os::Path& projects, const os::Path& project_dir,
                              const std::string& wish) {
  if (is_uuid(wish)) {
    if (auto found = with_id(projects, project_dir, wish)) return *found;
    return fail(ErrorKind::kNotFound, fmt::format("there is no session with the id {}", wish),
                fmt::format("Sessions are kept in {}.", projects.string()));
  }
  std::vector<os::Path> named;
  for (const SessionFile& file : sessions_in(projects / project_slug(project_dir))) {
    if (title_of(file.path) == wish) named.push_back(file.path);
  }
  if (named.empty()) {
    return fail(ErrorKind::kNotFound, fmt::format("no session of this folder is called \"{}\"", wish),
                "Give an id, or the name of --name.");
  }
  return named.front();
}

Result<os::Path> newest_session(const os::Path& projects, const os::Path& project_dir) {
  const auto files = sessions_in(projects / project_slug(project_dir));
  if (files.empty())
    return fail(ErrorKind::kNotFound,
                fmt::format("there is no session of {} that could go on", project_dir.string()));
  return files.front().path;
}

Result<> copy_session(const os::Path& from, const os::Path& to) {
  AWL_TRY(std::string text, os::read_file(from));
  const auto id_field = [](const os::Path& path) {
    return fmt::format(R"("sessionId":"{}")", path.stem().string());
  };
  AWL_CHECK(os::make_directories(to.parent_path(), 0700));
  return os::write_file_atomic(to, replace_all(std::move(text), id_field(from), id_field(to)), 0600);
}

}  // namespace awl::session
