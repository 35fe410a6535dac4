#include "extensions/marketplace_source.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "json/json.h"

namespace awl::extensions {
namespace {

using Kind = MarketplaceSource::Kind;

MarketplaceSource parsed(std::string_view words) { return parse_marketplace(words, "/w", "/home/u").value(); }

bool allowed(std::string_view words, const json::Value& list) {
  return check_marketplace(parsed(words), {.allowed = list}).has_value();
}
bool blocked(std::string_view words, const json::Value& list) {
  return !check_marketplace(parsed(words), {.blocked = list}).has_value();
}

TEST(MarketplaceSource, WhatAPersonWrites) {
  EXPECT_EQ(parsed("acme/plugins").kind, Kind::kGithub);
  EXPECT_EQ(parsed("acme/plugins@v2").ref, "v2");
  EXPECT_EQ(parsed("acme/plugins").clone_url(), "https://github.com/acme/plugins.git");
  EXPECT_EQ(parsed("https://git.example.com/a.git#main").kind, Kind::kGit);
  EXPECT_EQ(parsed("https://git.example.com/a.git#main").ref, "main");
  EXPECT_EQ(parsed("git@example.com:a/b.git").kind, Kind::kGit);
  EXPECT_EQ(parsed("./market").location, "/w/market");
  EXPECT_EQ(parsed("~/m/marketplace.json").kind, Kind::kFile);
}

TEST(MarketplaceSource, WhatGitWouldRunIsNoSource) {
  for (const char* words : {"ext::sh -c touch% /tmp/x", "--upload-pack=x", "-o/x", "acme", "acme/plugins@--x",
                            "https://h/x y", "a@b::c:d", ""})
    EXPECT_FALSE(parse_marketplace(words, "/w", "/home/u").has_value()) << words;
  EXPECT_FALSE(read_marketplace_source({{"source", "git"}, {"url", "ext::sh"}}, "/w").has_value());
  EXPECT_FALSE(read_marketplace_source({{"source", "github"}, {"repo", "../x"}}, "/w").has_value());
}

TEST(MarketplaceSource, ItIsReadBackAsItWasWritten) {
  for (const char* words : {"acme/plugins@v2", "https://h/a.git#x", "/opt/m", "/opt/marketplace.json"}) {
    const auto again = read_marketplace_source(to_json(parsed(words)), "/").value();
    EXPECT_EQ(to_string(again), to_string(parsed(words)));
  }
}

TEST(MarketplacePolicy, AnAllowlistIsExact) {
  EXPECT_TRUE(allowed("acme/plugins", nullptr));
  EXPECT_FALSE(allowed("acme/plugins", json::Value::array()));
  const json::Value list = {{{"source", "github"}, {"repo", "acme/plugins"}},
                            {{"source", "github"}, {"repo", "corp/*"}},
                            {{"source", "hostPattern"}, {"hostPattern", "^git\\.corp$"}},
                            {{"source", "pathPattern"}, {"pathPattern", "^/opt/ok/"}}};
  EXPECT_TRUE(allowed("acme/plugins", list));
  EXPECT_FALSE(allowed("acme/plugins@v2", list));
  EXPECT_FALSE(allowed("acme/other", list));
  EXPECT_TRUE(allowed("corp/anything@v1", list));
  EXPECT_TRUE(allowed("ssh://git@git.corp:22/x.git", list));
  EXPECT_FALSE(allowed("https://evil.example/git.corp", list));
  EXPECT_TRUE(allowed("/opt/ok/m", list));
  EXPECT_FALSE(allowed("/opt/other", list));
}

TEST(MarketplacePolicy, ABlocklistIsLenient) {
  const json::Value list = {{{"source", "github"}, {"repo", "evil/*"}},
                            {{"source", "url"}, {"url", "https://h/x"}}};
  EXPECT_TRUE(blocked("evil/plugins", list));
  EXPECT_TRUE(blocked("EVIL/plugins@v1", list));
  EXPECT_TRUE(blocked("https://github.com/evil/plugins.git", list));
  EXPECT_TRUE(blocked("https://h/x.git#v1", list));
  EXPECT_FALSE(blocked("good/plugins", list));
}

TEST(MarketplacePolicy, WhatIsWrittenWronglyFailsClosed) {
  for (const json::Value& entry : {json::Value("acme"), json::Value{{"source", "sourceOfTomorrow"}},
                                   json::Value{{"source", "hostPattern"}, {"hostPattern", "("}}}) {
    EXPECT_FALSE(allowed("acme/plugins", json::Value::array({entry}))) << json::dump(entry);
    EXPECT_TRUE(blocked("acme/plugins", json::Value::array({entry}))) << json::dump(entry);
  }
}

}  // namespace
}  // namespace awl::extensions
