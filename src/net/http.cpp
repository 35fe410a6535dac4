#include "net/http.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"

namespace awl::net {

const std::string* find_header(const Headers& headers, std::string_view name) {
  const auto found =
      std::ranges::find_if(headers, [&](const Header& h) { return equals_ignore_case(h.name, name); });
  return found == headers.end() ? nullptr : &found->value;
}

void set_header(Headers& headers, std::string_view name, std::string value) {
  const auto found =
      std::ranges::find_if(headers, [&](const Header& h) { return equals_ignore_case(h.name, name); });
  if (found != headers.end()) {
    found->value = std::move(value);
  } else {
    headers.push_back({std::string(name), std::move(value)});
  }
}

Result<> check_headers(const Headers& headers) {
  for (const Header& header : headers) {
    const auto is_token_char = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             std::string_view("!#$%&'*+-.^_`|~").contains(c);
    };
    if (header.name.empty() || !std::ranges::all_of(header.name, is_token_char)) {
      return fail(ErrorKind::kInvalidInput,
                  fmt::format("\"{}\" cannot be the name of an HTTP header", header.name),
                  "Names consist of letters, digits and hyphens");
    }
    if (std::string_view(header.value).find_first_of(std::string_view("\r\n\0", 3)) !=
        std::string_view::npos) {
      return fail(
          ErrorKind::kInvalidInput,
          fmt::format("the value of the HTTP header {} contains a line break or a zero byte", header.name));
    }
  }
  return {};
}

Task<Result<std::string>> read_all(HttpResponse& response, size_t max_bytes) {
  std::string body;
  for (;;) {
    auto next = co_await response.read();
    AWL_CO_TRY(auto piece, std::move(next));
    if (!piece) co_return body;
    if (piece->size() > max_bytes - body.size()) {
      co_return fail(ErrorKind::kInvalidInput,
                     fmt::format("the response body is larger than {} bytes", max_bytes));
    }
    if (body.empty()) {
      body = std::move(*piece);
    } else {
      body += *piece;
    }
  }
}

}  // namespace awl::net
