// Gets one page of the web for a model: what may be reached, how far redirects are followed, how much is
// read.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>

#include "async/task.h"
#include "base/error.h"
#include "net/http.h"
#include "net/url.h"

namespace awl::tools {

struct WebLimits {
  size_t max_bytes = 10 << 20;  ///< of a body; what is beyond is not read
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds total_timeout{60'000};  ///< with all redirects
  int max_redirects = 10;
};

struct WebAnswer {
  net::Url url;  ///< the last one, after redirects on the same host
  int status = 0;
  std::string content_type;  ///< as the server wrote it
  std::string body;
  bool cut = false;  ///< there was more than max_bytes
};

/// A redirect to another host, which nobody has allowed yet.
struct WebRedirect {
  net::Url from;
  net::Url to;
  int status = 0;
};

using WebOutcome = std::variant<WebAnswer, WebRedirect>;

/// The URL that is requested for `url`: https, except on this machine itself.
net::Url prefer_https(net::Url url);

/// Requests `url` with GET. When `is_named`, somebody has allowed this very host, and it may be one of a
/// private network or of this machine; link-local addresses, where clouds keep credentials, must then still
/// be what the URL itself says. Otherwise only public addresses are connected to. Errors: kPermissionDenied,
/// with the rule that would allow it; kNetwork, kTls, kTimeout; kParse for a redirect that leads nowhere.
Task<Result<WebOutcome>> get_page(net::HttpClient& http, net::Url url, std::string user_agent, bool is_named,
                                  WebLimits limits);

/// "Not Found"; "" for a status without a name of its own.
std::string_view status_text(int status);

}  // namespace awl::tools
