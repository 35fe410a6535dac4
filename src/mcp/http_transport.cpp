#include <fmt/format.h>

#include "async/event.h"
#include "async/task_group.h"
#include "async/timeout.h"
#include "base/strings.h"
#include "mcp/oauth_discovery.h"
#include "mcp/transport.h"
#include "net/sse.h"

namespace awl::mcp {

namespace {

constexpr size_t kMaxHttpMessageBytes = 64 << 20;
constexpr std::chrono::milliseconds kSseOpenLimit{10'000};
constexpr int kMaxReopens = 5;
constexpr std::chrono::seconds kReopenPause{1};

// The scheme and host of a URL, to which an endpoint may be relative.
std::string resolve(const std::string& base, const std::string& target) {
  if (target.contains("://")) return target;
  const size_t host = base.find("://") + 3;
  const size_t path = std::min(base.find('/', host), base.size());
  if (target.starts_with('/')) return base.substr(0, path) + target;
  return base.substr(0, base.rfind('/') + 1) + target;
}

class HttpTransport final : public Transport {
 public:
  HttpTransport(Executor executor, net::HttpClient& http, std::string url, net::Headers headers,
                bool old_style, std::unique_ptr<TokenSource> tokens)
      : http_(http),
        url_(std::move(url)),
        headers_(std::move(headers)),
        old_style_(old_style),
        tokens_(std::move(tokens)),
        endpoint_known_(executor),
        tasks_(executor) {}

  Task<Result<>> open(TransportEvents events) override {
    events_ = std::move(events);
    if (!old_style_) {
      post_url_ = url_;
      co_return Result<>();
    }
    std::optional<Error> failure;
    tasks_.spawn(listen_old_style(failure));
    const auto wait = [this, &failure]() -> Task<> {
      while (post_url_.empty() && !failure) co_await endpoint_known_.wait();
    };
    auto waiting = wait();
    const bool told = co_await async::finish_within(std::move(waiting), kSseOpenLimit);
    if (failure) co_return std::unexpected(*failure);
    if (!told) co_return fail(ErrorKind::kTimeout, fmt::format("{} named no endpoint", url_));
    co_return Result<>();
  }

  void send(std::string message, std::optional<int64_t> id) override {
    tasks_.spawn(post(std::move(message), id));
  }

  void on_initialized(const std::string& revision) override {
    revision_ = revision;
    if (!old_style_) tasks_.spawn(listen());
  }

  Task<> close() override {
    events_ = {};
    tasks_.cancel();
    co_await tasks_.join();
    if (old_style_ || session_.empty()) co_return;
    net::HttpRequest request = make_request("DELETE", url_);
    request.total_timeout = std::chrono::milliseconds(500);
    static_cast<void>(co_await exchange(std::move(request)));
  }

 private:
  net::HttpRequest make_request(std::string method, std::string url) const {
    net::HttpRequest request;
    request.method = std::move(method);
    request.url = std::move(url);
    request.headers = headers_;
    net::set_header(request.headers, "accept", "application/json, text/event-stream");
    if (!session_.empty()) net::set_header(request.headers, "mcp-session-id", session_);
    if (!revision_.empty()) net::set_header(request.headers, "mcp-protocol-version", revision_);
    request.total_timeout = std::chrono::milliseconds(0);
    return request;
  }

  Error refused(int status, std::string body) const {
    return {status == 401 || status == 403 ? ErrorKind::kPermissionDenied : ErrorKind::kNetwork,
            fmt::format("{} answered with HTTP status {}", url_, status),
            lacks_scope_ ? "It wants a scope that the login does not have; `awl mcp login` asks for it." : "",
            std::move(body)};
  }

  // As the person who signed in, if they did: with a token that is renewed once when it is refused.
  Task<Result<std::unique_ptr<net::HttpResponse>>> exchange(net::HttpRequest request) {
    std::string token;
    if (tokens_) token = co_await tokens_->token();
    for (bool again = false;; again = true) {
      net::HttpRequest sent = request;
      if (!token.empty()) net::set_header(sent.headers, "authorization", "Bearer " + token);
      auto response = co_await http_.send(std::move(sent));
      if (!response || !tokens_) co_return response;
      const net::HttpResponseHead& head = (*response)->head();
      const Challenge challenge = head.status == 403 ? read_challenge(head.headers) : Challenge{};
      lacks_scope_ = challenge.error == "insufficient_scope";
      if (lacks_scope_) tokens_->want_scope(challenge.scope);
      if (head.status != 401 || token.empty() || again) co_return response;
      const bool renewed = co_await tokens_->renew(token);
      if (!renewed) co_return response;
      token = co_await tokens_->token();
    }
  }

  void failed(std::optional<int64_t> id, Error error) {
    if (id && events_.on_failed) events_.on_failed(*id, std::move(error));
  }

  Task<> post(std::string message, std::optional<int64_t> id) {
    net::HttpRequest request = make_request("POST", post_url_);
    net::set_header(request.headers, "content-type", "application/json");
    request.body = std::move(message);
    auto response = co_await exchange(std::move(request));
    if (!response) {
      failed(id, response.error());
      co_return;
    }
    const net::HttpResponseHead& head = (*response)->head();
    if (const std::string* session = net::find_header(head.headers, "mcp-session-id")) session_ = *session;
    if (head.status < 200 || head.status >= 300) {
      const auto body = co_await net::read_all(**response, 64 << 10);
      // A session that it has forgotten cannot go on.
      if (head.status == 404 && !session_.empty() && events_.on_closed)
        events_.on_closed({ErrorKind::kNetwork, "the server does not know the session any more", "", ""});
      failed(id, refused(head.status, body ? body->substr(0, 500) : ""));
      co_return;
    }
    const std::string* type = net::find_header(head.headers, "content-type");
    if (type != nullptr && type->starts_with("text/event-stream")) {
      net::SseParser parser(kMaxHttpMessageBytes);
      auto read = co_await read_events(**response, parser);
      response = fail(ErrorKind::kNetwork, "the stream ended");
      for (int i = 0; i < kMaxReopens && may_resume(id, parser); ++i) read = co_await resume(parser);
      // An answer that came before the stream broke is an answer; this names an id that is known no more
      // then.
      failed(id, read ? Error{ErrorKind::kNetwork, "the server's stream ended without an answer", "", ""}
                      : read.error());
      co_return;
    }
    auto body = co_await net::read_all(**response, kMaxHttpMessageBytes);
    if (!body) {
      failed(id, body.error());
    } else if (!trim(*body).empty() && !old_style_ && events_.on_message) {
      events_.on_message(std::move(*body));
    }
  }

  bool may_resume(std::optional<int64_t> id, const net::SseParser& parser) const {
    return id && !old_style_ && !parser.last_id().empty() && events_.is_waiting && events_.is_waiting(*id);
  }

  // A server may end a stream before the answer is there; what follows its last event is asked for then.
  Task<Result<>> resume(net::SseParser& parser) {
    co_await async::sleep_for(parser.retry().value_or(kReopenPause));
    net::HttpRequest request = make_request("GET", url_);
    net::set_header(request.headers, "accept", "text/event-stream");
    net::set_header(request.headers, "last-event-id", parser.last_id());
    auto response = co_await exchange(std::move(request));
    if (!response) co_return std::unexpected(response.error());
    if (const int status = (*response)->head().status; status != 200)
      co_return std::unexpected(refused(status, ""));
    const auto read = co_await read_events(**response, parser);
    co_return read;
  }

  Task<Result<>> read_events(net::HttpResponse& response, net::SseParser& parser) {
    for (;;) {
      auto piece = co_await response.read();
      AWL_CO_TRY(const auto bytes, std::move(piece));
      if (!bytes) co_return Result<>();
      const auto fed = parser.feed(*bytes, [this](const net::SseEvent& event) {
        if (event.name == "endpoint" && old_style_) {
          post_url_ = resolve(url_, std::string(event.data));
          endpoint_known_.notify_all();
        } else if (event.name == "message" && events_.on_message) {
          events_.on_message(std::string(event.data));
        }
      });
      if (!fed) co_return std::unexpected(fed.error());
    }
  }

  // What the server says without being asked; many have no such stream.
  Task<> listen() {
    std::string last_id;
    for (int i = 0; i < kMaxReopens; ++i) {
      net::HttpRequest request = make_request("GET", url_);
      net::set_header(request.headers, "accept", "text/event-stream");
      if (!last_id.empty()) net::set_header(request.headers, "last-event-id", last_id);
      auto response = co_await exchange(std::move(request));
      if (!response || (*response)->head().status != 200) co_return;
      net::SseParser parser(kMaxHttpMessageBytes);
      static_cast<void>(co_await read_events(**response, parser));
      if (!parser.last_id().empty()) last_id = parser.last_id();
      co_await async::sleep_for(parser.retry().value_or(kReopenPause));
    }
  }

  Task<> listen_old_style(std::optional<Error>& failure) {
    net::HttpRequest request = make_request("GET", url_);
    net::set_header(request.headers, "accept", "text/event-stream");
    auto response = co_await exchange(std::move(request));
    if (!response) {
      failure = response.error();
    } else if (const int status = (*response)->head().status; status != 200) {
      failure = refused(status, "");
    }
    if (failure) {
      endpoint_known_.notify_all();
      co_return;
    }
    net::SseParser parser(kMaxHttpMessageBytes);
    const auto read = co_await read_events(**response, parser);
    if (events_.on_closed)
      events_.on_closed(read ? Error{ErrorKind::kNetwork, "the server ended its stream", "", ""}
                             : read.error());
  }

  net::HttpClient& http_;
  std::string url_;
  net::Headers headers_;
  bool old_style_;
  std::unique_ptr<TokenSource> tokens_;
  bool lacks_scope_ = false;
  std::string post_url_;
  std::string session_;
  std::string revision_;
  TransportEvents events_;
  async::Event endpoint_known_;
  async::TaskGroup tasks_;
};

}  // namespace

std::unique_ptr<Transport> make_http_transport(Executor executor, net::HttpClient& http, std::string url,
                                               net::Headers headers, bool old_style,
                                               std::unique_ptr<TokenSource> tokens) {
  return std::make_unique<HttpTransport>(std::move(executor), http, std::move(url), std::move(headers),
                                         old_style, std::move(tokens));
}

}  // namespace awl::mcp
