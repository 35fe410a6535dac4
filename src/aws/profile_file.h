// The two files that AWS tools share, ~/.aws/config and ~/.aws/credentials, parsed as text.
// Source: AWS SDKs and Tools Reference Guide, "Shared config and credentials files"; where it is silent,
// botocore.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace awl::aws {

/// In the config file a profile's section is [profile x] (and [default]), in the credentials file [x].
enum class ProfileFileKind { kConfig, kCredentials };

struct ProfileProperty {
  std::string value;  ///< without comment; continuation lines joined by "\n"
  std::map<std::string, std::string, std::less<>>
      nested;    ///< the indented properties below a key without a value
  int line = 0;  ///< where the key stands, from 1
};

struct ProfileSection {
  enum class Kind { kProfile, kSsoSession, kOther };
  Kind kind = Kind::kOther;
  std::string name;  ///< "dev" of [profile dev]; for kOther all that stands between the brackets
  int line = 0;      ///< of its first heading, from 1
  std::map<std::string, ProfileProperty, std::less<>> properties;  ///< keys in lower case
};

struct ProfileFile {
  std::string path;  ///< for messages
  std::vector<ProfileSection>
      sections;  ///< in the order of the file; repeated ones merged, later keys winning

  const ProfileSection* find(ProfileSection::Kind kind, std::string_view name) const;
};

/// `path` is used in messages alone. Errors: kParse, "path:line: …", never with the text of a value in it.
Result<ProfileFile> parse_profile_file(std::string_view text, std::string path, ProfileFileKind kind);

}  // namespace awl::aws
