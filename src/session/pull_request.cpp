#include "session/pull_request.h"

#include <algorithm>
#include <array>

namespace awl::session {

namespace {

constexpr std::string_view kScheme = "https://";
constexpr std::array<std::string_view, 3> kWays{"/pull/", "/-/merge_requests/", "/pull-requests/"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The address that begins at `begin`, without what follows the number.
std::optional<PullRequest> read_address(std::string_view text, size_t begin) {
  const size_t end = std::min(text.find_first_of(" \t\r\n\"'<>()\\", begin), text.size());
  const std::string_view address = text.substr(begin, end - begin);
  const size_t path = address.find('/', kScheme.size());
  if (path == std::string_view::npos) return std::nullopt;
  for (const std::string_view way : kWays) {
    const size_t at = address.find(way, path);
    if (at == std::string_view::npos) continue;
    size_t number_end = at + way.size();
    while (number_end < address.size() && is_digit(address[number_end])) ++number_end;
    if (number_end == at + way.size()) continue;
    return PullRequest{std::string(address.substr(0, number_end)),
                       std::string(address.substr(path + 1, at - path - 1)),
                       std::string(address.substr(at + way.size(), number_end - at - way.size()))};
  }
  return std::nullopt;
}

}  // namespace

std::optional<PullRequest> find_pull_request(std::string_view text) {
  for (size_t at = text.find(kScheme); at != std::string_view::npos; at = text.find(kScheme, at + 1)) {
    if (auto found = read_address(text, at)) return found;
  }
  return std::nullopt;
}

bool makes_pull_request(std::string_view command) {
  return command.contains("gh pr create") || command.contains("glab mr create");
}

bool names_pull_request(std::string_view written, std::string_view url) {
  const auto meant = find_pull_request(url);
  if (!meant) return false;
  if (const auto address = find_pull_request(written)) return address->url == meant->url;
  if (written.starts_with('#')) written.remove_prefix(1);
  return written == meant->number;
}

}  // namespace awl::session
