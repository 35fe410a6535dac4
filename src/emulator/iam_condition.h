// One condition of an IAM statement: an operator, a key, and the values it is compared with.
// Source: AWS IAM User Guide, "IAM JSON policy elements: Condition operators" and "… multivalued context
// keys".
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "emulator/iam_glob.h"

namespace awl::emulator {

class Node;

/// A block of addresses; IPv4 ones are mapped into IPv6.
struct IamAddressBlock {
  std::array<uint8_t, 16> address{};
  int prefix_bits = 128;
};

using IamOperand = std::variant<IamTemplate, double, TimePoint, bool, IamAddressBlock>;

struct IamCondition {
  enum class Compare {
    kString,
    kStringIgnoreCase,
    kStringLike,
    kArn,
    kNumber,
    kDate,
    kBool,
    kAddress,
    kNull
  };
  enum class Order { kEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };
  enum class Set { kSingle, kAnyValue, kAllValues };

  Compare compare = Compare::kString;
  Order order = Order::kEqual;
  bool is_negated = false;
  bool if_exists = false;
  Set set = Set::kSingle;
  std::string key;  ///< in lower case
  std::vector<IamOperand> operands;
};

/// Reads the value of "Condition" and appends to `out`. Errors: kInvalidInput, for every operator, key and
/// value that would not be evaluated.
Result<> read_iam_conditions(const Node& node, bool with_variables, std::vector<IamCondition>& out);

bool holds(const IamCondition& condition, const IamContext& context);

/// ISO 8601 ("2026-01-02", "2026-01-02T03:04:05Z", with fractions and offsets) or seconds since the epoch.
std::optional<TimePoint> parse_iam_date(std::string_view text);
/// An address or a block such as 203.0.113.0/24.
std::optional<IamAddressBlock> parse_address_block(std::string_view text);

}  // namespace awl::emulator
