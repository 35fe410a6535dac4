#include "aws/profile_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace awl::aws {
namespace {

using Kind = ProfileSection::Kind;
using ::testing::HasSubstr;
using ::testing::Not;

ProfileFile parse(std::string_view text, ProfileFileKind kind = ProfileFileKind::kConfig) {
  auto file = parse_profile_file(text, "/x/config", kind);
  EXPECT_TRUE(file.has_value()) << file.error().message;
  return file ? *file : ProfileFile{};
}

// The value, or "(none)".
std::string value(const ProfileFile& file, std::string_view profile, std::string_view key) {
  const ProfileSection* section = file.find(Kind::kProfile, profile);
  if (section == nullptr) return "(no profile)";
  const auto property = section->properties.find(key);
  return property == section->properties.end() ? "(none)" : property->second.value;
}

std::string error_of(std::string_view text, ProfileFileKind kind = ProfileFileKind::kConfig) {
  const auto file = parse_profile_file(text, "/x/config", kind);
  if (file) return "no error";
  EXPECT_EQ(file.error().kind, ErrorKind::kParse);
  return file.error().message;
}

TEST(ProfileFile, SectionsOfTheConfigFile) {
  const ProfileFile file = parse(
      "[default]\nregion = us-east-1\n"
      "[profile dev]\nregion=eu-west-1\n"
      "[ profile\t\"two words\" ] # mine\nregion = eu-west-2\n"
      "[profile 'x]y']\nregion = eu-west-3\n"
      "[sso-session corp]\nsso_region = eu-north-1\n"
      "[bare]\nregion = eu-south-1\n"
      "[services local]\n");
  EXPECT_EQ(value(file, "default", "region"), "us-east-1");
  EXPECT_EQ(value(file, "dev", "region"), "eu-west-1");
  EXPECT_EQ(value(file, "two words", "region"), "eu-west-2");
  EXPECT_EQ(value(file, "x]y", "region"), "eu-west-3");
  EXPECT_EQ(value(file, "bare", "region"), "(no profile)");
  ASSERT_NE(file.find(Kind::kSsoSession, "corp"), nullptr);
  EXPECT_EQ(file.find(Kind::kSsoSession, "corp")->properties.at("sso_region").value, "eu-north-1");
  ASSERT_NE(file.find(Kind::kOther, "bare"), nullptr);
  EXPECT_EQ(file.find(Kind::kOther, "bare")->line, 11);
  EXPECT_NE(file.find(Kind::kOther, "services local"), nullptr);
}

TEST(ProfileFile, SectionsOfTheCredentialsFile) {
  const ProfileFile file =
      parse("[dev]\na=1\n[\"two words\"]\na=2\n[o'brien]\na=3\n", ProfileFileKind::kCredentials);
  EXPECT_EQ(value(file, "dev", "a"), "1");
  EXPECT_EQ(value(file, "two words", "a"), "2");
  EXPECT_EQ(value(file, "o'brien", "a"), "3");
}

TEST(ProfileFile, ValuesCommentsAndLines) {
  const ProfileFile file = parse(
      "# first\n; second\n\n[default]\n"
      "REGION = us-east-1 # here\n"
      "  \t# indented comment\n"
      "output=json ; there\n"
      "hash = a#b;c\n"
      "equals = x=y==\n"
      "colon : yes\n"
      "empty =\n"
      "only_comment = # nothing\n"
      "spaces =   a  b  \n");
  EXPECT_EQ(value(file, "default", "region"), "us-east-1");
  EXPECT_EQ(value(file, "default", "output"), "json");
  EXPECT_EQ(value(file, "default", "hash"), "a#b;c");
  EXPECT_EQ(value(file, "default", "equals"), "x=y==");
  EXPECT_EQ(value(file, "default", "colon"), "yes");
  EXPECT_EQ(value(file, "default", "empty"), "");
  EXPECT_EQ(value(file, "default", "only_comment"), "");
  EXPECT_EQ(value(file, "default", "spaces"), "a  b");
  EXPECT_EQ(file.sections.front().properties.at("region").line, 5);
  EXPECT_EQ(file.sections.front().properties.at("hash").line, 8);
}

TEST(ProfileFile, ByteOrderMarkAndCarriageReturns) {
  const ProfileFile file = parse("\xEF\xBB\xBF[default]\r\nregion = us-east-1\r\ns3 =\r\n  a = 1\r\n");
  EXPECT_EQ(value(file, "default", "region"), "us-east-1");
  EXPECT_EQ(file.sections.front().properties.at("s3").nested.at("a"), "1");
}

TEST(ProfileFile, IndentedLines) {
  const ProfileFile file = parse(
      "[default]\n"
      "s3 =\n"
      "  max_concurrent_requests = 20 # many\n"
      "\n"
      "  Addressing_Style = path\n"
      "region = us-east-1\n"
      "long = one\n"
      "  # between\n"
      "  two # not a comment\n"
      "last = x\n"
      "[profile indented]\n"
      "  a = 1\n"
      "  b = 2\n");
  const auto& s3 = file.sections.front().properties.at("s3");
  EXPECT_EQ(s3.value, "");
  EXPECT_EQ(s3.nested.at("max_concurrent_requests"), "20");
  EXPECT_EQ(s3.nested.at("addressing_style"), "path");
  EXPECT_EQ(value(file, "default", "region"), "us-east-1");
  EXPECT_EQ(value(file, "default", "long"), "one\ntwo # not a comment");
  EXPECT_EQ(value(file, "default", "last"), "x");
  EXPECT_EQ(value(file, "indented", "a"), "1");
  EXPECT_EQ(value(file, "indented", "b"), "2");
}

TEST(ProfileFile, RepeatedSectionsAreMergedAndLaterKeysWin) {
  const ProfileFile file = parse("[profile x]\na=1\nb=1\n[profile y]\na=9\n[profile x]\nb=2\nB=3\nc=4\n");
  EXPECT_EQ(file.sections.size(), 2U);
  EXPECT_EQ(value(file, "x", "a"), "1");
  EXPECT_EQ(value(file, "x", "b"), "3");
  EXPECT_EQ(value(file, "x", "c"), "4");
  EXPECT_EQ(file.sections.front().properties.at("b").line, 8);
}

TEST(ProfileFile, EmptyFiles) {
  EXPECT_TRUE(parse("").sections.empty());
  EXPECT_TRUE(parse("\n# nothing\n   \n").sections.empty());
}

TEST(ProfileFile, ErrorsSayFileLineAndWhatIsExpected) {
  EXPECT_THAT(error_of("[default]\n[oops\n"), HasSubstr("/x/config:2: this heading has no closing"));
  EXPECT_THAT(error_of("[default] x\n"), HasSubstr("/x/config:1: only a comment may follow"));
  EXPECT_THAT(error_of("\n[ ]\n"), HasSubstr("/x/config:2: this heading has no name"));
  EXPECT_THAT(error_of("[profile \"\"]\n"), HasSubstr("/x/config:1: this heading has no name"));
  EXPECT_THAT(error_of("region = x\n"), HasSubstr("/x/config:1: a setting before the first heading"));
  EXPECT_THAT(error_of("[default]\n= x\n"), HasSubstr("/x/config:2: expected \"name = value\""));
  EXPECT_THAT(error_of("[default]\ns3 =\n  nonsense\n"),
              HasSubstr("/x/config:3: expected \"name = value\" below"));
}

TEST(ProfileFile, ErrorsDoNotQuoteTheLine) {
  const std::string message = error_of("[default]\naws_secret_access_key wJalrXUtnFEMI\n");
  EXPECT_THAT(message, HasSubstr("/x/config:2: expected"));
  EXPECT_THAT(message, Not(HasSubstr("wJalr")));
}

}  // namespace
}  // namespace awl::aws
