// Every folder of AWS's SigV4 test suite is a test here: canonical request, string to sign, signature, signed
// request.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "aws/sigv4.h"
#include "aws/timestamp.h"
#include "base/strings.h"
#include "json/json.h"
#include "os/file.h"

namespace awl::aws {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

std::string read(const os::Path& path) {
  auto text = os::read_file(path);
  EXPECT_TRUE(text) << text.error().message;
  return text.value_or("");
}

struct Request {
  std::string method;
  std::string path;
  std::string query;
  Headers headers;
  std::string body;
};

// HTTP as the suite writes it: paths with raw spaces, folded header values, sometimes no empty line at the
// end.
Request parse_request(std::string_view text) {
  Request request;
  size_t end = text.find('\n');
  const std::string_view first = text.substr(0, end);
  const size_t space = first.find(' ');
  const std::string_view target = first.substr(space + 1, first.rfind(' ') - space - 1);
  const size_t question = target.find('?');
  request.method = first.substr(0, space);
  request.path = target.substr(0, question);
  if (question != std::string_view::npos) request.query = target.substr(question + 1);
  while (end != std::string_view::npos) {
    text.remove_prefix(end + 1);
    end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (line.empty()) break;
    if (line.front() == ' ') {
      request.headers.back().second += "\n" + std::string(line);
      continue;
    }
    const size_t colon = line.find(':');
    request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
  }
  if (end != std::string_view::npos) request.body = text.substr(end + 1);
  return request;
}

Headers comparable(Headers headers) {
  for (auto& [name, value] : headers) name = to_lower(name);
  std::sort(headers.begin(), headers.end());
  return headers;
}

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  const os::Path suite = AWL_SIGV4_VECTORS;
  for (const std::string& name : os::list_directory(suite).value_or(std::vector<std::string>{})) {
    if (os::is_folder(suite / name)) names.push_back(name);
  }
  return names;
}

class Sigv4Vectors : public ::testing::TestWithParam<std::string> {};

TEST_P(Sigv4Vectors, EveryStage) {
  const os::Path folder = os::Path(AWL_SIGV4_VECTORS) / GetParam();
  const auto context = json::parse(read(folder / "context.json"));
  ASSERT_TRUE(context) << context.error().message;
  const json::Value* keys = json::find(*context, "credentials");
  ASSERT_NE(keys, nullptr);
  const auto date = parse_timestamp(json::string_or_empty(*context, "timestamp"));
  ASSERT_TRUE(date);

  const Credentials credentials{json::string_or_empty(*keys, "access_key_id"),
                                Secret(json::string_or_empty(*keys, "secret_access_key")),
                                Secret(json::string_or_empty(*keys, "token")), std::nullopt, ""};
  const SigningConfig config{
      .region = json::string_or_empty(*context, "region"),
      .service = json::string_or_empty(*context, "service"),
      .date = *date,
      .normalize_path = json::get_bool(*context, "normalize").value(),
      .add_payload_hash_header = json::get_bool(*context, "sign_body").value(),
      .omit_session_token = json::get_bool(*context, "omit_session_token").value_or(false)};
  const Request request = parse_request(read(folder / "request.txt"));
  const Signable signable{request.method, request.path, request.query, request.headers, request.body};
  const SigningResult result = sign(signable, config, credentials);

  EXPECT_EQ(result.canonical_request, read(folder / "header-canonical-request.txt"));
  EXPECT_EQ(result.string_to_sign, read(folder / "header-string-to-sign.txt"));
  EXPECT_EQ(result.signature, read(folder / "header-signature.txt"));

  const Request expected = parse_request(read(folder / "header-signed-request.txt"));
  Headers sent = request.headers;
  sent.insert(sent.end(), result.headers_to_add.begin(), result.headers_to_add.end());
  EXPECT_EQ(comparable(sent), comparable(expected.headers));
  EXPECT_NE(result.headers_to_add.back().second.find("SignedHeaders=" + result.signed_headers + ","),
            std::string::npos);
  EXPECT_EQ(request.body, expected.body);
}

INSTANTIATE_TEST_SUITE_P(Suite, Sigv4Vectors, ::testing::ValuesIn(case_names()),
                         [](const auto& test) { return awl::replace_all(test.param, "-", "_"); });

TEST(Sigv4Suite, IsComplete) { EXPECT_EQ(case_names().size(), 38U); }

}  // namespace
}  // namespace awl::aws
