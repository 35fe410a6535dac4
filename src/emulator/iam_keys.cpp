#include "emulator/iam_keys.h"

#include <array>

#include "base/strings.h"

namespace awl::emulator {

namespace {

constexpr std::array<std::string_view, 15> kKeys = {
    "aws:CurrentTime",     "aws:EpochTime",     "aws:MultiFactorAuthPresent", "aws:PrincipalAccount",
    "aws:PrincipalArn",    "aws:PrincipalType", "aws:RequestedRegion",        "aws:ResourceAccount",
    "aws:SecureTransport", "aws:SourceIp",      "aws:TokenIssueTime",         "aws:UserAgent",
    "aws:username",        "aws:ViaAWSService", "aws:PrincipalIsAWSService"};

bool is_tag_of(std::string_view key, std::string_view prefix) {
  return key.starts_with(prefix) && key.size() > prefix.size();
}

}  // namespace

bool is_iam_key(std::string_view key) {
  if (is_tag_of(key, "aws:principaltag/") || is_tag_of(key, "aws:resourcetag/")) return true;
  for (const std::string_view known : kKeys) {
    if (equals_ignore_case(known, key)) return true;
  }
  return false;
}

std::string known_iam_keys() {
  std::string text;
  for (const std::string_view key : kKeys) text += std::string(key) + ", ";
  return text + "aws:PrincipalTag/NAME and aws:ResourceTag/NAME";
}

}  // namespace awl::emulator
