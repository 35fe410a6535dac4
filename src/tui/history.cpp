#include "tui/history.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/strings.h"
#include "json/json.h"
#include "os/descriptor.h"

namespace awl::tui {

namespace {

constexpr size_t kMaxTexts = 1000;
constexpr size_t kMaxFileBytes = 2 << 20;
constexpr size_t kMaxKeptBytes = 20'000;  // of one text

}  // namespace

History::History(os::Path file, std::string folder) : file_(std::move(file)), folder_(std::move(folder)) {
  if (file_.empty()) return;
  const auto written = os::read_file(file_, 2 * kMaxFileBytes);
  if (!written) return;
  for (const std::string_view line : split(*written, '\n')) {
    const auto entry = json::parse(line);
    if (entry && json::string_or_empty(*entry, "folder") == folder_)
      texts_.push_back(json::string_or_empty(*entry, "text"));
  }
  if (texts_.size() > kMaxTexts) texts_.erase(texts_.begin(), texts_.end() - kMaxTexts);
  if (written->size() > kMaxFileBytes) shorten();
}

void History::add(const std::string& text) {
  position_ = 0;
  if (trim(text).empty() || (!texts_.empty() && texts_.back() == text)) return;
  texts_.push_back(text);
  if (file_.empty() || text.size() > kMaxKeptBytes || !os::make_directories(file_.parent_path(), 0700))
    return;
  const os::FileDescriptor file(::open(file_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
  const std::string line = json::dump({{"text", text}, {"folder", folder_}}) + "\n";
  // Only a convenience: the session goes on without.
  if (file.is_open()) static_cast<void>(::write(file.get(), line.data(), line.size()));
}

// Keeps the newer half, of all folders.
void History::shorten() {
  const auto written = os::read_file(file_, 2 * kMaxFileBytes);
  if (!written) return;
  const size_t half = written->find('\n', written->size() / 2);
  if (half != std::string::npos)
    static_cast<void>(os::write_file_atomic(file_, written->substr(half + 1), 0600));
}

std::optional<std::string> History::older(const std::string& current) {
  if (position_ == texts_.size()) return std::nullopt;
  if (position_ == 0) current_ = current;
  ++position_;
  return texts_[texts_.size() - position_];
}

std::optional<std::string> History::newer() {
  if (position_ == 0) return std::nullopt;
  --position_;
  return position_ == 0 ? current_ : texts_[texts_.size() - position_];
}

std::vector<std::string> History::all() const {
  std::vector<std::string> newest_first;
  std::set<std::string> known;
  for (auto text = texts_.rbegin(); text != texts_.rend(); ++text) {
    if (known.insert(*text).second) newest_first.push_back(*text);
  }
  return newest_first;
}

}  // namespace awl::tui
