// The reader of IAM policies and the search for lines, on any bytes; and evaluation of what was accepted.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "emulator/iam_policy.h"
#include "emulator/json_lines.h"

namespace {

using awl::emulator::IamDecision;

void require(bool condition) {
  if (!condition) std::abort();
}

const awl::emulator::IamRequest kRequest = {
    "aws-external-anthropic:CreateInference",
    "arn:aws:aws-external-anthropic:us-east-1:123456789012:workspace/wrkspc_01",
    {{"aws:sourceip", {"127.0.0.1"}},
     {"aws:username", {"*"}},
     {"aws:currenttime", {"2026-01-02T03:04:05Z"}}}};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::ignore = awl::emulator::line_of(text, "/Statement/0/Action");
  std::ignore = awl::emulator::find_duplicate_key(text);
  const auto policy = awl::emulator::parse_iam_policy(text, "/p");
  if (!policy) {
    require(policy.error().message.starts_with("/p:"));
    return 0;
  }
  require(!policy->statements.empty());
  bool can_allow = false;
  for (const auto& statement : policy->statements) {
    require(!statement.actions.empty() && !statement.resources.empty());
    can_allow |= !statement.is_deny;
  }
  const IamDecision decision = awl::emulator::evaluate({&*policy, 1}, kRequest);
  require(decision.kind != IamDecision::Kind::kAllow || can_allow);
  return 0;
}
