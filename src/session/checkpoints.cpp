#include "session/checkpoints.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "base/strings.h"
#include "base/uuid.h"
#include "json/json.h"
#include "os/resolved_file.h"

namespace awl::session {

namespace {

constexpr uint64_t kMaxFileBytes = 10 << 20;
constexpr size_t kMaxMessages = 100;  // whose files are kept; the index keeps their order
constexpr const char* kIndex = "index.jsonl";

}  // namespace

Checkpoints::Checkpoints(os::Path folder) : folder_(std::move(folder)) { read_index(); }

void Checkpoints::read_index() {
  const auto text = os::read_file(folder_ / kIndex, 64 << 20);
  if (!text) return;
  for (const std::string_view line : split(*text, '\n')) {
    const auto record = json::parse(line);
    if (!record || !record->is_object()) continue;
    Entry entry{json::string_or_empty(*record, "message"), json::string_or_empty(*record, "file"),
                json::string_or_empty(*record, "copy"),
                static_cast<unsigned>(json::get_integer(*record, "mode").value_or(0644))};
    if (std::ranges::find(messages_, entry.message) == messages_.end()) messages_.push_back(entry.message);
    if (!entry.file.empty()) entries_.push_back(std::move(entry));
  }
}

void Checkpoints::begin_message(std::string uuid) {
  message_ = std::move(uuid);
  messages_.push_back(message_);
  if (messages_.size() <= kMaxMessages) return;
  // The copies of the oldest are given up.
  const std::string oldest = messages_.front();
  messages_.erase(messages_.begin());
  std::erase_if(entries_, [&](const Entry& entry) {
    if (entry.message != oldest) return false;
    if (!entry.copy.empty()) ::unlink((folder_ / entry.copy).c_str());
    return true;
  });
}

void Checkpoints::save(const os::Path& file) {
  if (message_.empty()) return;
  const bool known = std::ranges::any_of(
      entries_, [&](const Entry& entry) { return entry.message == message_ && entry.file == file; });
  if (known || !os::make_directories(folder_, 0700)) return;
  Entry entry{message_, file, "", 0644};
  if (os::path_exists(file)) {
    const auto contents = os::read_resolved_file(file, kMaxFileBytes);
    if (!contents) return;
    struct stat status{};
    if (::stat(file.c_str(), &status) == 0) entry.mode = status.st_mode & 07777;
    entry.copy = random_hex(12);
    if (!os::write_file_atomic(folder_ / entry.copy, *contents, 0600)) return;
  }
  std::ofstream index(folder_ / kIndex, std::ios::app | std::ios::binary);
  index << json::dump({{"message", entry.message},
                       {"file", entry.file.string()},
                       {"copy", entry.copy},
                       {"mode", entry.mode}})
        << '\n';
  entries_.push_back(std::move(entry));
}

Result<RewindOutcome> Checkpoints::rewind(const std::string& message_uuid, bool dry_run) const {
  const auto from = std::ranges::find(messages_, message_uuid);
  if (from == messages_.end())
    return fail(ErrorKind::kNotFound,
                fmt::format("no state of files is kept for the message {}", message_uuid));
  const std::set<std::string> later(from, messages_.end());
  std::set<os::Path> seen;
  RewindOutcome outcome;
  // The first state since then is the one before it.
  for (const Entry& entry : entries_) {
    if (!later.contains(entry.message) || !seen.insert(entry.file).second) continue;
    const auto now = os::read_file(entry.file, kMaxFileBytes);
    if (entry.copy.empty()) {
      if (!os::path_exists(entry.file)) continue;
      outcome.files.push_back(entry.file.string());
      if (!dry_run && ::unlink(entry.file.c_str()) != 0)
        outcome.skipped.push_back(
            fmt::format("{} cannot be removed: {}", entry.file.string(), std::strerror(errno)));
      continue;
    }
    const auto kept = os::read_file(folder_ / entry.copy, kMaxFileBytes);
    if (!kept) {
      outcome.skipped.push_back(describe(kept.error()));
      continue;
    }
    if (now && *now == *kept) continue;
    outcome.files.push_back(entry.file.string());
    if (dry_run) continue;
    if (const auto written = os::write_resolved_file(entry.file, *kept, entry.mode); !written)
      outcome.skipped.push_back(describe(written.error()));
  }
  return outcome;
}

}  // namespace awl::session
