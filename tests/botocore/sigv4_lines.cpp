// Signs requests for compare.py: one JSON object a line on stdin, one a line on stdout.
#include <iostream>
#include <nlohmann/json.hpp>

#include "aws/sigv4.h"
#include "base/encoding.h"
#include "json/json.h"

namespace awl::aws {
namespace {

json::Value sign_line(const json::Value& line) {
  const auto text = [&](std::string_view key) { return json::string_or_empty(line, key); };
  const std::string body = from_base64(text("body_base64")).value();
  Signable request{text("method"), text("path"), text("query"), {}, body};
  for (const json::Value& header : line.at("headers")) {
    request.headers.emplace_back(header.at(0).get<std::string>(), header.at(1).get<std::string>());
  }
  const SigningConfig config{
      .region = text("region"),
      .service = text("service"),
      .date = TimePoint(std::chrono::seconds(json::get_integer(line, "epoch_seconds").value())),
      .add_payload_hash_header = json::get_bool(line, "hash_header").value()};
  const Credentials credentials{text("access_key_id"), Secret(text("secret_access_key")),
                                Secret(text("token")), std::nullopt, ""};
  const SigningResult result = sign(request, config, credentials);
  return {{"canonical_request", result.canonical_request},
          {"string_to_sign", result.string_to_sign},
          {"authorization", result.headers_to_add.back().second}};
}

}  // namespace
}  // namespace awl::aws

int main() {
  std::string text;
  while (std::getline(std::cin, text)) {
    const auto line = awl::json::parse(text);
    if (!line) {
      std::cerr << awl::describe(line.error()) << "\n";
      return 1;
    }
    std::cout << awl::json::dump(awl::aws::sign_line(*line)) << "\n";
  }
  return 0;
}
