#include "emulator/fault_file.h"

#include <fmt/format.h>

namespace awl::emulator {

namespace {

/// An object in the notation of the command line.
Result<std::string> as_text(const Node& node) {
  if (node.value().is_string()) return node.text();
  if (!node.value().is_object()) return node.expected("a text such as \"status=529,every=3\", or an object");
  std::string text;
  for (const auto& item : node.value().items()) {
    const Node field = node.child(item.key());
    const json::Value& value = item.value();
    if (item.key().find_first_of(",=") != std::string::npos) return field.expected("a name of a fault");
    if (!text.empty()) text += ',';
    text += item.key();
    if (value.is_boolean() && value.get<bool>()) continue;
    if (!value.is_string() && !value.is_number()) return field.expected("a number, a text, or true");
    const std::string written = value.is_string() ? value.get<std::string>() : json::dump(value);
    if (written.contains(',')) return field.expected("a text without commas");
    text += "=" + written;
  }
  return text;
}

}  // namespace

Result<std::vector<FaultRule>> read_fault_rules(const Node& node) {
  std::vector<FaultRule> rules;
  AWL_CHECK(each_element(node, [&](const Node& element) -> Result<> {
    AWL_TRY(const std::string text, as_text(element));
    auto rule = parse_fault_rule(text);
    if (!rule) return element.wrong(rule.error().message);
    rules.push_back(std::move(*rule));
    return {};
  }));
  return rules;
}

Result<Limits> read_limits(const Node& node) {
  AWL_CHECK(node.object({"requests_per_minute", "input_tokens_per_minute", "output_tokens_per_minute",
                         "spend_limit_usd", "workspace_spend_limit_usd", "spend_cap_usd"}));
  Limits limits;
  const auto count = [](std::optional<long long>& out) {
    return [&out](const Node& field) -> Result<> {
      AWL_TRY(out, field.integer(1, 1'000'000'000'000));
      return {};
    };
  };
  const auto usd = [](std::optional<double>& out) {
    return [&out](const Node& field) -> Result<> {
      AWL_TRY(out, field.number(0, 1e9));
      return {};
    };
  };
  AWL_CHECK(optional_field(node, "requests_per_minute", count(limits.requests_per_minute)));
  AWL_CHECK(optional_field(node, "input_tokens_per_minute", count(limits.input_tokens_per_minute)));
  AWL_CHECK(optional_field(node, "output_tokens_per_minute", count(limits.output_tokens_per_minute)));
  AWL_CHECK(optional_field(node, "spend_limit_usd", usd(limits.spend_limit_usd)));
  AWL_CHECK(optional_field(node, "workspace_spend_limit_usd", usd(limits.workspace_spend_limit_usd)));
  AWL_CHECK(optional_field(node, "spend_cap_usd", usd(limits.spend_cap_usd)));
  return limits;
}

}  // namespace awl::emulator
