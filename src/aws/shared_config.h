// The shared AWS files of one machine seen as one: which profiles exist, and what a profile says, and where.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/profile_file.h"
#include "base/environment.h"
#include "os/file.h"

namespace awl::aws {

/// Empty paths: neither named nor below a known HOME.
struct SharedFilePaths {
  os::Path credentials;
  os::Path config;
};

/// AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE, or the files below HOME/.aws. "~/" stands for HOME.
SharedFilePaths shared_file_paths(const Environment& environment);

/// AWS_PROFILE without white space around it; nullopt when it is unset or empty.
std::optional<std::string> named_profile(const Environment& environment);

struct ProfileValue {
  std::string value;
  std::string origin;  ///< for messages: "/home/x/.aws/config:12"
};

/// What one file says; an empty value counts as none.
std::optional<ProfileValue> find_value(const ProfileFile& file, std::string_view profile,
                                       std::string_view key);

struct SharedConfig {
  ProfileFile credentials;
  ProfileFile config;

  bool has_profile(std::string_view name) const;
  /// Sorted, each once.
  std::vector<std::string> profile_names() const;
  /// The value of the credentials file, else that of the config file.
  std::optional<ProfileValue> find(std::string_view profile, std::string_view key) const;
  /// What [sso-session `session`] of the config file says; empty when it does not exist or says nothing.
  std::string find_sso(std::string_view session, std::string_view key) const;
};

/// A file that is not there is as good as an empty one. Errors: kParse with file and line, and those of
/// reading a file that exists.
Result<SharedConfig> read_shared_config(const SharedFilePaths& paths);

}  // namespace awl::aws
