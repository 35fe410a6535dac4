#include "anthropic/hide_credentials.h"

#include <string_view>

#include "base/strings.h"

namespace awl::anthropic {

void hide_credentials(std::string& text, const net::Headers& headers) {
  for (const char* name : {"authorization", "x-api-key", "x-amz-security-token"}) {
    const std::string* value = net::find_header(headers, name);
    if (value == nullptr) continue;
    std::string_view secret = *value;
    if (secret.starts_with("Bearer ")) secret.remove_prefix(7);
    if (!secret.empty()) text = replace_all(std::move(text), secret, "[redacted]");
  }
}

}  // namespace awl::anthropic
