// Pull and merge requests that a session made, so that it can be found by them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace awl::session {

/// `https://host/owner/name/pull/7`, a merge request of GitLab (`…/-/merge_requests/7`), a pull request of
/// Bitbucket (`…/pull-requests/7`).
struct PullRequest {
  std::string url;
  std::string repository;  ///< owner/name
  std::string number;
};

/// The first one that a text names.
std::optional<PullRequest> find_pull_request(std::string_view text);

/// True for a shell command that makes one: `gh pr create`, `glab mr create`.
bool makes_pull_request(std::string_view command);

/// True when what a person wrote means this one: its number, `#` and its number, or its address.
bool names_pull_request(std::string_view written, std::string_view url);

}  // namespace awl::session
