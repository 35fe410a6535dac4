#include "emulator/control.h"

#include <fmt/format.h>

#include "emulator/fault_file.h"
#include "emulator/node.h"

namespace awl::emulator {

namespace {

ControlAnswer refused(int status, std::string_view message) {
  return {status, json::dump({{"error", std::string(message)}})};
}

json::Value state_json(const ServiceState& state, const Config& config) {
  json::Value faults = json::Value::array();
  for (const std::string& text : state.faults.texts()) faults.push_back(text);
  json::Value expired = json::Value::array();
  for (const std::string& id : state.expired_keys) expired.push_back(id);
  return {{"region", config.region},
          {"requests", state.requests},
          {"cache_entries", state.cache.size()},
          {"faults", std::move(faults)},
          {"expired_access_keys", std::move(expired)}};
}

Result<FaultPlan> read_faults(const std::string& body, uint64_t seed) {
  const JsonSource source{"request body", body, "docs/emulator.md describes the format."};
  AWL_TRY(const json::Value root, parse_source(source));
  const Node node(root, source);
  AWL_CHECK(node.object({"faults", "seed"}));
  const auto faults = node.find("faults");
  if (!faults) return node.expected("a field \"faults\"");
  AWL_TRY(auto rules, read_fault_rules(*faults));
  AWL_CHECK(optional_field(node, "seed", [&](const Node& field) -> Result<> {
    AWL_TRY(const long long value, field.integer(0, INT64_MAX));
    seed = static_cast<uint64_t>(value);
    return {};
  }));
  return FaultPlan(std::move(rules), seed);
}

}  // namespace

bool is_control_target(std::string_view target) {
  return target == "/emulator" || target.starts_with("/emulator/");
}

ControlAnswer control(ServiceState& state, const Config& config, const net::ServerRequest& request) {
  if (!is_loopback(request.remote_address))
    return refused(403, "only clients on the emulator's own machine may ask");
  // A page in a browser could send these requests too, but it cannot keep the browser from saying so.
  for (const char* name : {"origin", "sec-fetch-site"}) {
    if (net::find_header(request.headers, name) != nullptr) return refused(403, "web pages may not ask");
  }
  const std::string what = request.method + " " + request.target;
  if (what == "POST /emulator/faults") {
    auto plan = read_faults(request.body, config.seed);
    if (!plan) return refused(400, describe(plan.error()));
    state.faults = std::move(*plan);
  } else if (what == "DELETE /emulator/faults") {
    state.faults = FaultPlan();
  } else if (what == "POST /emulator/reset") {
    state.faults = FaultPlan(config.faults, config.seed);
    state.cache.clear();
    state.limits.clear();
    state.expired_keys.clear();
  } else if (what != "GET /emulator/state") {
    return refused(404,
                   fmt::format("{} is none of GET /emulator/state, POST and DELETE /emulator/faults, POST "
                               "/emulator/reset",
                               what));
  }
  return {200, json::dump(state_json(state, config))};
}

}  // namespace awl::emulator
