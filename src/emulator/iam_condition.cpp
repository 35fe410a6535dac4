#include "emulator/iam_condition.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/strings.h"
#include "emulator/iam_keys.h"
#include "emulator/node.h"

namespace awl::emulator {

namespace {

using Compare = IamCondition::Compare;
using Order = IamCondition::Order;
using Set = IamCondition::Set;

struct Operator {
  std::string_view name;
  Compare compare;
  Order order = Order::kEqual;
  bool is_negated = false;
};

constexpr std::array kOperators = {
    Operator{"StringEquals", Compare::kString},
    Operator{"StringNotEquals", Compare::kString, Order::kEqual, true},
    Operator{"StringEqualsIgnoreCase", Compare::kStringIgnoreCase},
    Operator{"StringNotEqualsIgnoreCase", Compare::kStringIgnoreCase, Order::kEqual, true},
    Operator{"StringLike", Compare::kStringLike},
    Operator{"StringNotLike", Compare::kStringLike, Order::kEqual, true},
    Operator{"ArnEquals", Compare::kArn},
    Operator{"ArnLike", Compare::kArn},
    Operator{"ArnNotEquals", Compare::kArn, Order::kEqual, true},
    Operator{"ArnNotLike", Compare::kArn, Order::kEqual, true},
    Operator{"NumericEquals", Compare::kNumber},
    Operator{"NumericNotEquals", Compare::kNumber, Order::kEqual, true},
    Operator{"NumericLessThan", Compare::kNumber, Order::kLess},
    Operator{"NumericLessThanEquals", Compare::kNumber, Order::kLessOrEqual},
    Operator{"NumericGreaterThan", Compare::kNumber, Order::kGreater},
    Operator{"NumericGreaterThanEquals", Compare::kNumber, Order::kGreaterOrEqual},
    Operator{"DateEquals", Compare::kDate},
    Operator{"DateNotEquals", Compare::kDate, Order::kEqual, true},
    Operator{"DateLessThan", Compare::kDate, Order::kLess},
    Operator{"DateLessThanEquals", Compare::kDate, Order::kLessOrEqual},
    Operator{"DateGreaterThan", Compare::kDate, Order::kGreater},
    Operator{"DateGreaterThanEquals", Compare::kDate, Order::kGreaterOrEqual},
    Operator{"Bool", Compare::kBool},
    Operator{"IpAddress", Compare::kAddress},
    Operator{"NotIpAddress", Compare::kAddress, Order::kEqual, true},
    Operator{"Null", Compare::kNull},
};

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<bool> parse_bool(std::string_view text) {
  if (equals_ignore_case(text, "true")) return true;
  if (equals_ignore_case(text, "false")) return false;
  return std::nullopt;
}

/// The operator of a name such as "ForAnyValue:StringLikeIfExists".
Result<IamCondition> parse_operator(const Node& node, std::string_view name) {
  IamCondition condition;
  std::string_view rest = name;
  const auto take_prefix = [&](std::string_view prefix, Set set) {
    if (!rest.starts_with(prefix)) return;
    rest.remove_prefix(prefix.size());
    condition.set = set;
  };
  take_prefix("ForAnyValue:", Set::kAnyValue);
  if (condition.set == Set::kSingle) take_prefix("ForAllValues:", Set::kAllValues);
  if (rest.ends_with("IfExists")) {
    rest.remove_suffix(8);
    condition.if_exists = true;
  }
  const auto found = std::ranges::find(kOperators, rest, &Operator::name);
  const bool is_null = found != kOperators.end() && found->compare == Compare::kNull;
  const bool is_odd = is_null && (condition.if_exists || condition.set != Set::kSingle);
  if (found == kOperators.end() || is_odd) {
    return node.wrong(fmt::format("the emulator does not evaluate the operator \"{}\"", name));
  }
  condition.compare = found->compare;
  condition.order = found->order;
  condition.is_negated = found->is_negated;
  return condition;
}

/// IAM takes numbers and booleans where it expects their text.
Result<std::string> scalar_text(const Node& node) {
  if (node.value().is_boolean() || node.value().is_number()) return json::dump(node.value());
  if (!node.value().is_string()) return node.expected("a string, a number, or a boolean");
  return node.text();
}

template <typename Value>
Result<IamOperand> operand(const Node& node, const std::optional<Value>& value, std::string_view what) {
  if (!value) return node.expected(what);
  return IamOperand(*value);
}

Result<IamOperand> read_operand(const Node& node, Compare compare, bool with_variables) {
  AWL_TRY(const std::string text, scalar_text(node));
  switch (compare) {
    case Compare::kNumber:
      return operand(node, parse_number(text), "a number");
    case Compare::kDate:
      return operand(node, parse_iam_date(text), "a date such as 2026-01-02T03:04:05Z");
    case Compare::kBool:
    case Compare::kNull:
      return operand(node, parse_bool(text), "true or false");
    case Compare::kAddress:
      return operand(node, parse_address_block(text), "an address or a block such as 203.0.113.0/24");
    default:
      break;
  }
  auto parsed = parse_iam_template(text, with_variables);
  if (!parsed) return node.wrong(parsed.error().message);
  return IamOperand(std::move(*parsed));
}

template <typename Value>
bool is_ordered(const Value& left, const Value& right, Order order) {
  switch (order) {
    case Order::kEqual:
      return left == right;
    case Order::kLess:
      return left < right;
    case Order::kLessOrEqual:
      return left <= right;
    case Order::kGreater:
      return left > right;
    case Order::kGreaterOrEqual:
      return left >= right;
  }
  return false;
}

bool is_inside(const IamAddressBlock& block, std::string_view text) {
  const auto address = parse_address_block(text);
  if (!address) return false;
  for (int bit = 0; bit < block.prefix_bits; ++bit) {
    const auto byte = static_cast<size_t>(bit / 8);
    const int mask = 0x80 >> (bit % 8);
    if ((block.address[byte] & mask) != (address->address[byte] & mask)) return false;
  }
  return true;
}

bool text_matches(const IamCondition& condition, const IamTemplate& wanted, std::string_view value,
                  const IamContext& context) {
  const bool is_like = condition.compare == Compare::kStringLike || condition.compare == Compare::kArn;
  const auto glob = expand(wanted, context, is_like);
  if (!glob) return false;
  if (condition.compare == Compare::kArn) return arn_matches(*glob, value);
  return glob_matches(*glob, value, condition.compare == Compare::kStringIgnoreCase);
}

/// One value of the request against one of the policy.
bool matches(const IamCondition& condition, const IamOperand& wanted, const std::string& value,
             const IamContext& context) {
  if (const auto* text = std::get_if<IamTemplate>(&wanted)) {
    return text_matches(condition, *text, value, context);
  }
  if (const auto* number = std::get_if<double>(&wanted)) {
    const auto given = parse_number(value);
    return given && is_ordered(*given, *number, condition.order);
  }
  if (const auto* date = std::get_if<TimePoint>(&wanted)) {
    const auto given = parse_iam_date(value);
    return given && is_ordered(*given, *date, condition.order);
  }
  if (const auto* flag = std::get_if<bool>(&wanted)) return parse_bool(value) == *flag;
  return is_inside(std::get<IamAddressBlock>(wanted), value);
}

bool value_holds(const IamCondition& condition, const std::string& value, const IamContext& context) {
  const bool any = std::ranges::any_of(condition.operands, [&](const IamOperand& wanted) {
    return matches(condition, wanted, value, context);
  });
  return any != condition.is_negated;
}

}  // namespace

Result<> read_iam_conditions(const Node& node, bool with_variables, std::vector<IamCondition>& out) {
  if (!node.value().is_object()) return node.expected("an object of operators");
  for (const auto& operator_item : node.value().items()) {
    const Node operator_node = node.child(operator_item.key());
    AWL_TRY(const IamCondition shape, parse_operator(operator_node, operator_item.key()));
    if (!operator_node.value().is_object() || operator_node.value().empty())
      return operator_node.expected("an object of condition keys");
    for (const auto& key_item : operator_item.value().items()) {
      const Node key_node = operator_node.child(key_item.key());
      IamCondition condition = shape;
      condition.key = to_lower(key_item.key());
      if (!is_iam_key(condition.key)) {
        return key_node.wrong(
            fmt::format("the emulator does not know this condition key; it knows {}", known_iam_keys()));
      }
      AWL_CHECK(one_or_more(key_node, [&](const Node& value) -> Result<> {
        AWL_TRY(IamOperand wanted, read_operand(value, condition.compare, with_variables));
        condition.operands.push_back(std::move(wanted));
        return {};
      }));
      out.push_back(std::move(condition));
    }
  }
  return {};
}

bool holds(const IamCondition& condition, const IamContext& context) {
  const auto found = context.find(condition.key);
  const bool is_there = found != context.end() && !found->second.empty();
  if (condition.compare == Compare::kNull) {
    return std::ranges::any_of(condition.operands,
                               [&](const IamOperand& wanted) { return std::get<bool>(wanted) != is_there; });
  }
  if (!is_there) {
    if (condition.if_exists || condition.set == Set::kAllValues) return true;
    return condition.set == Set::kSingle && condition.is_negated;
  }
  const auto value_is_right = [&](const std::string& value) {
    return value_holds(condition, value, context);
  };
  // The context's keys have one value each, so that "for any" and plain operators ask the same.
  if (condition.set == Set::kAllValues) return std::ranges::all_of(found->second, value_is_right);
  return std::ranges::any_of(found->second, value_is_right);
}

}  // namespace awl::emulator
