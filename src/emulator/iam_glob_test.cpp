#include "emulator/iam_glob.h"

#include <gtest/gtest.h>

namespace awl::emulator {
namespace {

IamGlob glob(std::string_view text, const IamContext& context = {}) {
  const auto parsed = parse_iam_template(text, true);
  EXPECT_TRUE(parsed) << describe(parsed.error());
  return expand(*parsed, context, true).value_or(u"(none)");
}

TEST(IamGlob, StarsAndQuestionMarks) {
  EXPECT_TRUE(glob_matches(glob("*"), ""));
  EXPECT_TRUE(glob_matches(glob("a*c?e"), "abbbcde"));
  EXPECT_FALSE(glob_matches(glob("a*c?e"), "abbbce"));
  EXPECT_FALSE(glob_matches(glob("?"), ""));
  EXPECT_TRUE(glob_matches(glob("*a*a*a*"), "xaxaxa"));
  EXPECT_FALSE(glob_matches(glob("abc"), "ABC"));
  EXPECT_TRUE(glob_matches(glob("s:Get*"), "S:getMODEL", true));
}

TEST(IamGlob, TheDocumentedOverMatch) {
  const IamGlob files = glob("aws-external-anthropic:*File");
  EXPECT_TRUE(glob_matches(files, "aws-external-anthropic:CreateFile", true));
  EXPECT_TRUE(glob_matches(files, "aws-external-anthropic:GetUserProfile", true));
  EXPECT_FALSE(glob_matches(files, "aws-external-anthropic:ListFiles", true));
}

TEST(IamGlob, ManyStarsTakeBoundedTime) {
  std::string pattern;
  for (int i = 0; i < 400; ++i) pattern += "*a";
  EXPECT_FALSE(glob_matches(glob(pattern), std::string(4000, 'a') + "b"));
}

TEST(ArnMatches, SegmentsAreKeptApart) {
  constexpr std::string_view kArn =
      "arn:aws:aws-external-anthropic:us-west-2:123456789012:workspace/wrkspc_01";
  for (const char* pattern :
       {"*", "arn:aws:aws-external-anthropic:us-west-2:123456789012:workspace/wrkspc_01",
        "arn:aws:aws-external-anthropic:us-*:*:workspace/*", "arn:aws:aws-external-anthropic:*", "arn:aws:*",
        "arn:*:aws-external-anthropic:us-west-?:*:*", "arn:aws:aws-external-anthropic:*:workspace/wrkspc_01",
        "arn:aws:aws-external-anthropic"})
    EXPECT_TRUE(arn_matches(glob(pattern), kArn)) << pattern;
  for (const char* pattern : {"arn:aws:s3:*", "arn:aws:aws-external-anthropic:us-east-1:*:*",
                              "arn:aws:aws-external-anthropic:us-*2:123456789012:workspace/x",
                              "arn:aws:aws-external-anthropic:u*0:*",
                              "arn:aws:aws-external-anthropic:us-west-2?123456789012:workspace/wrkspc_01",
                              "arn:aws:aws-external-anthropic:us-west-2:123456789012:Workspace/wrkspc_01"})
    EXPECT_FALSE(arn_matches(glob(pattern), kArn)) << pattern;
  EXPECT_FALSE(arn_matches(glob("arn:aws:aws-external-anthropic:*"), "*"));
  EXPECT_TRUE(arn_matches(glob("*"), "*"));
}

TEST(ArnMatches, AStarThatEndsASegmentGoesOnPastColons) {
  // The first star must take more than its segment for the second, which may not, to fit.
  EXPECT_TRUE(arn_matches(glob("arn:*:bxd*e:f:g:h"), "arn:1:bxd1:2:bxd9e:f:g:h"));
}

TEST(IamTemplate, VariablesAreLiteralWhenPutIn) {
  const IamContext context = {{"aws:username", {"a*"}}};
  EXPECT_TRUE(glob_matches(glob("team/${aws:UserName}/?", context), "team/a*/x"));
  EXPECT_FALSE(glob_matches(glob("team/${aws:username}", context), "team/ab"));
  EXPECT_TRUE(glob_matches(glob("${*}${?}${$}"), "*?$"));
  EXPECT_TRUE(glob_matches(glob("${aws:username, 'nobody'}"), "nobody"));
  EXPECT_FALSE(expand(*parse_iam_template("${aws:username}", true), {}, true));
  EXPECT_TRUE(glob_matches(*expand(*parse_iam_template("${x}", false), {}, true), "${x}"));
}

TEST(IamTemplate, MistakesAreNamed) {
  EXPECT_TRUE(parse_iam_template("${aws:username", true).error().message.contains("no closing brace"));
  EXPECT_TRUE(parse_iam_template("${s3:prefix}", true).error().message.contains("${s3:prefix}"));
  EXPECT_TRUE(parse_iam_template("${aws:username, x}", true).error().message.contains("single quotes"));
}

}  // namespace
}  // namespace awl::emulator
