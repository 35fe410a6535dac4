#include <fmt/format.h>

#include <algorithm>

#include "async/timeout.h"
#include "base/strings.h"
#include "hooks/handler_run.h"

namespace awl::hooks {

namespace {

constexpr size_t kMaxAnswerBytes = 4 << 20;

bool may_hold(const HandlerCall& call, const std::string& name) {
  const auto lists = [&name](const std::vector<std::string>& names) {
    return std::ranges::find(names, name) != names.end();
  };
  return lists(call.handler.allowed_variables) &&
         (!call.options.allowed_variables || lists(*call.options.allowed_variables));
}

// $NAME and ${NAME}; what may not be told is empty.
std::string fill_in_variables(const std::string& text, const HandlerCall& call,
                              const Environment& environment) {
  std::string filled;
  for (size_t i = 0; i < text.size();) {
    const bool braced = text.compare(i, 2, "${") == 0;
    size_t begin = i + (braced ? 2 : 1);
    size_t end = begin;
    while (text[i] == '$' && end < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_'))
      ++end;
    if (text[i] != '$' || end == begin || (braced && (end >= text.size() || text[end] != '}'))) {
      filled += text[i++];
      continue;
    }
    const std::string name = text.substr(begin, end - begin);
    if (may_hold(call, name)) filled += environment.get(name);
    i = end + (braced ? 1 : 0);
  }
  return filled;
}

Task<HookRun> exchange(HandlerCall call, net::HttpRequest request) {
  auto response = co_await call.options.http->send(std::move(request));
  if (!response) co_return failed(describe(response.error()));
  const int status = (*response)->head().status;
  auto body = co_await net::read_all(**response, kMaxAnswerBytes);
  if (!body) co_return failed(describe(body.error()));
  if (status < 200 || status >= 300)
    co_return failed(fmt::format("{} answered with HTTP status {}", call.handler.url, status));
  HookRun run;
  run.out = std::move(*body);
  run.wants_json = true;
  co_return run;
}

}  // namespace

Task<HookRun> run_http_hook(HandlerCall call) {
  const HookRunnerOptions& options = call.options;
  if (options.http == nullptr) co_return failed("nothing can be requested in this run");
  const std::string& url = call.handler.url;
  if (options.allowed_urls && std::ranges::none_of(*options.allowed_urls, [&url](const std::string& pattern) {
        return matches_wildcards(pattern, url);
      }))
    co_return failed(fmt::format("{} is not among allowedHttpHookUrls", url));
  const auto environment = co_await options.environment();
  if (!environment) co_return failed(describe(environment.error()));
  net::HttpRequest request;
  request.method = "POST";
  request.url = url;
  for (const auto& [name, value] : call.handler.headers)
    net::set_header(request.headers, name, fill_in_variables(value, call, *environment));
  net::set_header(request.headers, "content-type", "application/json");
  if (const auto valid = net::check_headers(request.headers); !valid)
    co_return failed(describe(valid.error()));
  request.body = call.input_json;
  request.total_timeout = call.limit;
  auto run = co_await async::with_timeout(exchange(call, std::move(request)), call.limit);
  if (!run) co_return timed_out(call.limit);
  co_return std::move(*run);
}

}  // namespace awl::hooks
