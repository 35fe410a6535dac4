// The canonical forms of SigV4, on paths, queries and header values made of any bytes.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "aws/sigv4.h"
#include "base/strings.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

bool is_token(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
             std::string_view::npos;
}

}  // namespace

// Input: path, query and body on the first three lines, then "name:value" lines.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string_view> lines = awl::split(input, '\n');
  awl::aws::Signable request{"GET", std::string(lines[0]), "", {{"host", "example.com"}}, ""};
  if (lines.size() > 1) request.query = lines[1];
  if (lines.size() > 2) request.body = lines[2];
  for (size_t i = 3; i < lines.size(); ++i) {
    const size_t colon = lines[i].find(':');
    if (colon == std::string_view::npos || !is_token(lines[i].substr(0, colon))) continue;
    request.headers.emplace_back(lines[i].substr(0, colon), lines[i].substr(colon + 1));
  }

  const std::string query = awl::aws::canonical_query(request.query);
  require(awl::aws::canonical_query(query) == query);
  const std::string path = awl::aws::canonical_uri(request.path, true, false);
  require(path.starts_with('/'));
  require(awl::aws::canonical_uri(path, true, false) == path);

  const awl::aws::Credentials credentials{"AKIDEXAMPLE", awl::Secret("secret"), awl::Secret("token"),
                                          std::nullopt, ""};
  const auto result = awl::aws::sign(request, {.region = "us-east-1", .service = "service"}, credentials);
  require(result.signature.size() == 64);
  const std::vector<std::string_view> names = awl::split(result.signed_headers, ';');
  for (size_t i = 1; i < names.size(); ++i) require(names[i - 1] < names[i]);
  for (const std::string_view name : names) require(name == awl::to_lower(name));
  // Method, path, query, one line a header, an empty line, names and hash: whatever the values hold.
  require(awl::split(result.canonical_request, '\n').size() == names.size() + 6);
  return 0;
}
