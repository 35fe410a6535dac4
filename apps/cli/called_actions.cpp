#include "cli/called_actions.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "json/json.h"

namespace awl::cli {

namespace {

constexpr std::string_view kActionsFile = "called-actions.json";
constexpr uint64_t kMaxActionsBytes = 1 << 20;

struct RouteAction {
  std::string_view method;
  std::string_view path;
  std::string_view action;
};
constexpr RouteAction kRouteActions[] = {{"POST", "/v1/messages", "CreateInference"},
                                         {"POST", "/v1/messages/count_tokens", "CountTokens"},
                                         {"GET", "/v1/models", "ListModels"}};

std::string_view action_of(const net::HttpRequest& request, std::string_view base_url) {
  std::string_view path = request.url;
  if (!path.starts_with(base_url)) return "";
  path.remove_prefix(base_url.size());
  path = path.substr(0, path.find('?'));
  for (const RouteAction& route : kRouteActions) {
    if (route.method == request.method && route.path == path) return route.action;
  }
  return "";
}

class NotingClient final : public net::HttpClient {
 public:
  NotingClient(net::HttpClient& inner, std::string base_url, CalledActions& actions)
      : inner_(inner), base_url_(std::move(base_url)), actions_(actions) {}

  Task<Result<std::unique_ptr<net::HttpResponse>>> send(net::HttpRequest request) override {
    const std::string action(action_of(request, base_url_));
    const bool with_key = net::find_header(request.headers, "x-api-key") != nullptr;
    auto sent = co_await inner_.send(std::move(request));
    if (sent && (*sent)->head().status == 200 && !action.empty()) {
      actions_.insert(action);
      if (with_key) actions_.insert(std::string(kBearerAction));
    }
    co_return sent;
  }

 private:
  net::HttpClient& inner_;
  std::string base_url_;
  CalledActions& actions_;
};

json::Value read_actions(const os::Path& state_dir) {
  const auto text = os::read_file(state_dir / kActionsFile, kMaxActionsBytes);
  if (!text) return json::Value::object();
  auto root = json::parse(*text);
  return root && root->is_object() ? std::move(*root) : json::Value::object();
}

}  // namespace

std::unique_ptr<net::HttpClient> make_noting_client(net::HttpClient& inner,
                                                    const anthropic::Provider& provider,
                                                    CalledActions& actions) {
  return std::make_unique<NotingClient>(inner, provider.base_url, actions);
}

CalledActions load_actions(const os::Path& state_dir, const std::string& workspace) {
  CalledActions actions;
  const json::Value known = read_actions(state_dir);
  const json::Value* list = json::find(known, workspace);
  if (list == nullptr || !list->is_array()) return actions;
  for (const json::Value& action : *list) {
    if (action.is_string()) actions.insert(action.get<std::string>());
  }
  return actions;
}

Result<> store_actions(const os::Path& state_dir, const std::string& workspace,
                       const CalledActions& actions) {
  CalledActions known = load_actions(state_dir, workspace);
  if (std::ranges::includes(known, actions)) return {};
  known.insert(actions.begin(), actions.end());
  json::Value root = read_actions(state_dir);
  root[workspace] = known;
  AWL_CHECK(os::make_directories(state_dir, 0700));
  return os::write_file_atomic(state_dir / kActionsFile, json::dump(root) + "\n", 0600);
}

}  // namespace awl::cli
