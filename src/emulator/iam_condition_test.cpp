#include "emulator/iam_condition.h"

#include <gtest/gtest.h>

#include "emulator/node.h"

namespace awl::emulator {
namespace {

/// Whether all conditions of the text hold; the mistake when it is not accepted.
std::string outcome(const std::string& conditions, const IamContext& context) {
  const JsonSource source{"p.json", conditions, ""};
  const auto root = parse_source(source);
  if (!root) return root.error().message;
  std::vector<IamCondition> read;
  const auto result = read_iam_conditions(Node(*root, source), true, read);
  if (!result) return result.error().message;
  for (const IamCondition& condition : read) {
    if (!holds(condition, context)) return "no";
  }
  return "yes";
}

const IamContext kContext = {{"aws:currenttime", {"2026-01-02T03:04:05Z"}},
                             {"aws:epochtime", {"1767323045"}},
                             {"aws:sourceip", {"203.0.113.7"}},
                             {"aws:requestedregion", {"us-east-1"}},
                             {"aws:principalarn", {"arn:aws:iam::123456789012:role/ci"}},
                             {"aws:securetransport", {"true"}},
                             {"aws:username", {"Dev"}}};

struct Case {
  const char* conditions;
  const char* outcome;
};

TEST(IamConditions, OperatorsCompareAsDocumented) {
  const Case cases[] = {
      {R"({"StringEquals":{"aws:RequestedRegion":"us-east-1"}})", "yes"},
      {R"({"StringEquals":{"AWS:requestedregion":["eu-west-1","us-east-1"]}})", "yes"},
      {R"({"StringEquals":{"aws:RequestedRegion":"us-*"}})", "no"},
      {R"({"StringLike":{"aws:RequestedRegion":"us-*"}})", "yes"},
      {R"({"StringNotLike":{"aws:RequestedRegion":["eu-*","us-*"]}})", "no"},
      {R"({"StringNotEquals":{"aws:RequestedRegion":["eu-west-1","eu-west-2"]}})", "yes"},
      {R"({"StringEquals":{"aws:username":"dev"}})", "no"},
      {R"({"StringEqualsIgnoreCase":{"aws:username":"dev"}})", "yes"},
      {R"({"StringNotEqualsIgnoreCase":{"aws:username":"dev"}})", "no"},
      {R"({"StringEquals":{"aws:username":"${aws:username}"}})", "yes"},
      {R"({"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/*"}})", "yes"},
      {R"({"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/c?"}})", "yes"},
      {R"({"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/*"}})", "yes"},
      {R"({"DateGreaterThan":{"aws:CurrentTime":"2026-01-02T03:04:04Z"}})", "yes"},
      {R"({"DateLessThan":{"aws:CurrentTime":"2026-01-02T05:04:05+02:00"}})", "no"},
      {R"({"DateLessThanEquals":{"aws:CurrentTime":"2026-01-02T05:04:05+02:00"}})", "yes"},
      {R"({"DateLessThan":{"aws:CurrentTime":"2026-01-03"}})", "yes"},
      {R"({"DateEquals":{"aws:EpochTime":1767323045}})", "yes"},
      {R"({"NumericGreaterThanEquals":{"aws:EpochTime":"1767323045"}})", "yes"},
      {R"({"NumericLessThan":{"aws:EpochTime":1767323045}})", "no"},
      {R"({"NumericEquals":{"aws:username":1}})", "no"},
      {R"({"Bool":{"aws:SecureTransport":true}})", "yes"},
      {R"({"Bool":{"aws:SecureTransport":"False"}})", "no"},
      {R"({"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}})", "yes"},
      {R"({"IpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.7"]}})", "yes"},
      {R"({"IpAddress":{"aws:SourceIp":"203.0.113.0/30"}})", "no"},
      {R"({"IpAddress":{"aws:SourceIp":"2001:db8::/32"}})", "no"},
      {R"({"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}})", "no"},
      {R"({"Null":{"aws:TokenIssueTime":"true"}})", "yes"},
      {R"({"Null":{"aws:username":true}})", "no"},
      {R"({"Null":{"aws:username":false}})", "yes"},
      {R"({"StringEquals":{"aws:RequestedRegion":"us-east-1","aws:username":"x"}})", "no"},
      {R"({"StringEquals":{"aws:RequestedRegion":"us-east-1"},"Bool":{"aws:SecureTransport":false}})", "no"},
  };
  for (const Case& c : cases) EXPECT_EQ(outcome(c.conditions, kContext), c.outcome) << c.conditions;
}

TEST(IamConditions, AMissingKeyIsAnsweredByTheOperator) {
  const Case cases[] = {
      {R"({"StringEquals":{"aws:PrincipalTag/team":"a"}})", "no"},
      {R"({"StringEqualsIfExists":{"aws:PrincipalTag/team":"a"}})", "yes"},
      {R"({"StringNotEquals":{"aws:PrincipalTag/team":"a"}})", "yes"},
      {R"({"Bool":{"aws:MultiFactorAuthPresent":"true"}})", "no"},
      {R"({"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}})", "yes"},
      {R"({"ForAllValues:StringEquals":{"aws:PrincipalTag/team":"a"}})", "yes"},
      {R"({"ForAnyValue:StringEquals":{"aws:PrincipalTag/team":"a"}})", "no"},
      {R"({"ForAnyValue:StringNotEquals":{"aws:PrincipalTag/team":"a"}})", "no"},
      {R"({"ForAnyValue:StringLikeIfExists":{"aws:RequestedRegion":"us-*"}})", "yes"},
  };
  for (const Case& c : cases) EXPECT_EQ(outcome(c.conditions, kContext), c.outcome) << c.conditions;
}

TEST(IamConditions, WhatIsNotEvaluatedIsRefusedWithItsLine) {
  const Case cases[] = {
      {R"({"BinaryEquals":{"aws:username":"a"}})", "p.json:1: BinaryEquals: the emulator does not evaluate"},
      {R"({"NullIfExists":{"aws:username":"true"}})", "the emulator does not evaluate the operator"},
      {"{\n\"StringEquals\":{\n\"aws:SourceVpc\":\"vpc-1\"}}",
       "p.json:3: StringEquals.aws:SourceVpc: the emulator does not know this condition key"},
      {R"({"StringEquals":{}})", "StringEquals: expected an object of condition keys"},
      {R"({"StringEquals":{"aws:username":[]}})", "expected at least one element"},
      {R"({"StringEquals":{"aws:username":null}})", "expected a string"},
      {R"({"StringEquals":{"aws:username":"${s3:prefix}"}})", "does not know the variable"},
      {R"({"DateLessThan":{"aws:CurrentTime":"tomorrow"}})", "expected a date"},
      {R"({"DateLessThan":{"aws:CurrentTime":"2026-02-30"}})", "expected a date"},
      {R"({"Bool":{"aws:SecureTransport":"yes"}})", "expected true or false"},
      {R"({"IpAddress":{"aws:SourceIp":"10.0.0.0/33"}})", "expected an address"},
      {R"({"NumericEquals":{"aws:EpochTime":"12x"}})", "expected a number"},
      {R"([])", "expected an object of operators"},
      {R"({"Bool":{"aws:SecureTransport":true},"Bool":{"aws:SecureTransport":false}})", "stands twice"},
  };
  for (const Case& c : cases) {
    const std::string text = outcome(c.conditions, kContext);
    EXPECT_TRUE(text.contains(c.outcome)) << c.conditions << " gave " << text;
  }
}

}  // namespace
}  // namespace awl::emulator
