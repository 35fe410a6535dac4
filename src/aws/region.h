#pragma once

#include <string>
#include <vector>

#include "base/environment.h"

namespace awl::aws {

struct ResolvedRegion {
  std::string region;
  std::string source;  ///< for people: "AWS_REGION", "profile dev (/home/x/.aws/config:3)", "default"
  std::vector<std::string> skipped;  ///< for status: a sentence for each value or file that could not be used
};

/// AWS_REGION, AWS_DEFAULT_REGION, the active profile's `region` (the credentials file before the config
/// file), us-east-1. A value that is not shaped like a region's name is skipped. Reads the shared files when
/// it gets to them.
ResolvedRegion resolve_region(const Environment& environment);

}  // namespace awl::aws
