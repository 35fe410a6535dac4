#include "aws/region.h"

#include <fmt/format.h>

#include <algorithm>

#include "aws/shared_config.h"

namespace awl::aws {

namespace {

constexpr std::string_view kDefaultRegion = "us-east-1";

// It becomes one label of a host name.
bool is_region_name(std::string_view text) {
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

// Takes `value` when it is a region's name; else says why not.
bool take(ResolvedRegion& result, std::string_view value, std::string source) {
  if (value.empty()) return false;
  if (!is_region_name(value)) {
    result.skipped.push_back(fmt::format(
        "{} is not shaped like a region's name (lower-case letters, digits and hyphens) and was skipped",
        source));
    return false;
  }
  result.region = value;
  result.source = std::move(source);
  return true;
}

}  // namespace

ResolvedRegion resolve_region(const Environment& environment) {
  ResolvedRegion result;
  for (const std::string_view variable : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (take(result, environment.get(variable), std::string(variable))) return result;
  }
  const auto named = named_profile(environment);
  const std::string profile = named.value_or("default");
  const auto shared = read_shared_config(shared_file_paths(environment));
  if (!shared) {
    result.skipped.push_back(
        fmt::format("the region of profile {} was skipped: {}", profile, shared.error().message));
  } else {
    if (named && !shared->has_profile(profile)) {
      result.skipped.push_back(
          fmt::format("AWS_PROFILE names profile {}, which is in neither of the AWS files", profile));
    }
    for (const ProfileFile* file : {&shared->credentials, &shared->config}) {
      const auto value = find_value(*file, profile, "region");
      if (value && take(result, value->value, fmt::format("profile {} ({})", profile, value->origin)))
        return result;
    }
  }
  result.region = kDefaultRegion;
  result.source = "default";
  return result;
}

}  // namespace awl::aws
