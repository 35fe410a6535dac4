#include "mcp/server_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace awl::mcp {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Environment kEnvironment({{"A", "one"}, {"EMPTY", ""}});

TEST(ServerConfig, VariablesAreFilledIn) {
  std::vector<std::string> missing;
  EXPECT_EQ(expand_variables("x${A}y ${B:-two} ${EMPTY:-three} $A ${", kEnvironment, missing),
            "xoney two three $A ${");
  EXPECT_THAT(missing, IsEmpty());
  EXPECT_EQ(expand_variables("${NOPE}", kEnvironment, missing), "${NOPE}");
  EXPECT_THAT(missing, ElementsAre("NOPE"));
}

TEST(ServerConfig, KindsByTypeAndByField) {
  const auto stdio = parse_server(
      "s", {{"command", "node"}, {"args", {"${A}", "b"}}, {"env", {{"K", "${A}"}}}}, kEnvironment);
  ASSERT_TRUE(stdio);
  EXPECT_EQ(stdio->kind, ServerConfig::Kind::kStdio);
  EXPECT_THAT(stdio->args, ElementsAre("one", "b"));
  EXPECT_EQ(stdio->env.at("K"), "one");
  const auto http =
      parse_server("h", {{"url", "https://x/${A}"}, {"headers", {{"X", "${A}"}}}}, kEnvironment);
  ASSERT_TRUE(http);
  EXPECT_EQ(http->url, "https://x/one");
  EXPECT_EQ(*net::find_header(http->headers, "x"), "one");
  EXPECT_EQ(parse_server("e", {{"type", "sse"}, {"url", "http://x"}}, kEnvironment)->kind,
            ServerConfig::Kind::kSse);
}

TEST(ServerConfig, WhatIsWrongIsNamed) {
  EXPECT_THAT(parse_server("s", json::Value::object(), kEnvironment).error().message, HasSubstr("neither"));
  EXPECT_THAT(parse_server("s", {{"type", "smoke"}}, kEnvironment).error().message, HasSubstr("smoke"));
  EXPECT_THAT(parse_server("s", {{"type", "http"}}, kEnvironment).error().message, HasSubstr("url"));
  EXPECT_THAT(parse_server("computer-use", {{"command", "x"}}, kEnvironment).error().message,
              HasSubstr("reserved"));
  const auto odd = parse_server("s", {{"command", "x "}, {"args", {"${NOPE}"}}}, kEnvironment);
  EXPECT_THAT(odd->warnings, ElementsAre(HasSubstr("NOPE"), HasSubstr("white space in: command")));
}

TEST(ServerConfig, NamesForTools) { EXPECT_EQ(tool_part("my server.v2/ä"), "my_server_v2___"); }

}  // namespace
}  // namespace awl::mcp
