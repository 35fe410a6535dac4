#include "emulator/recorder.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "emulator/test_support.h"

namespace awl::emulator {
namespace {

TEST(RecordLine, MasksSecretsAndKeepsTheRest) {
  net::ServerRequest request = testing::make_request("not json");
  request.headers.push_back({"X-Api-Key", "sk-ant-very-secret-key"});
  request.headers.push_back({"x-amz-security-token", "token-very-secret"});
  request.headers.push_back(
      {"Authorization", "AWS4-HMAC-SHA256 Credential=AKID/x, SignedHeaders=host, Signature=deadbeef"});
  request.headers.push_back({"anthropic-beta", "a"});
  request.headers.push_back({"Anthropic-Beta", "b"});
  const std::string line = record_line({testing::kNow, request, nullptr, 403, "no", "req_1"});
  EXPECT_TRUE(line.ends_with("}\n"));
  for (const char* secret : {"very-secret", "deadbeef"}) EXPECT_FALSE(line.contains(secret)) << line;
  const auto entry = json::parse(line);
  ASSERT_TRUE(entry);
  EXPECT_EQ((*entry)["body"], "not json");
  EXPECT_EQ((*entry)["status"], 403);
  EXPECT_EQ((*entry)["headers"]["anthropic-beta"], "a, b");
  EXPECT_TRUE((*entry)["headers"]["authorization"].get<std::string>().contains("Credential=AKID/x"));
}

TEST(RecordLine, MasksBearerTokens) {
  net::ServerRequest request = testing::make_request("");
  request.headers.push_back({"authorization", "Bearer hush"});
  const json::Value body = {{"a", 1}};
  const std::string line = record_line({testing::kNow, request, &body, 200, "bearer", "req_1"});
  EXPECT_FALSE(line.contains("hush"));
  EXPECT_TRUE(line.contains(R"("body":{"a":1})"));
}

}  // namespace
}  // namespace awl::emulator
