// Dates and addresses in conditions.
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/strings.h"
#include "emulator/iam_condition.h"

namespace awl::emulator {

namespace {

/// Reads a date from its front to its back.
class DateText {
 public:
  explicit DateText(std::string_view text) : rest_(text) {}

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Exactly so many digits.
  std::optional<int> number(size_t digits) {
    if (rest_.size() < digits) return std::nullopt;
    const auto value = parse_integer(rest_.substr(0, digits));
    if (value) rest_.remove_prefix(digits);
    return value ? std::optional<int>(static_cast<int>(*value)) : std::nullopt;
  }
  void skip_digits() {
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') rest_.remove_prefix(1);
  }
  bool is_done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

/// "Z" or "+01:00", as what is to be subtracted.
std::optional<std::chrono::minutes> read_offset(DateText& text) {
  if (text.take('Z')) return std::chrono::minutes(0);
  const bool is_west = text.take('-');
  if (!is_west && !text.take('+')) return std::nullopt;
  const auto hours = text.number(2);
  text.take(':');
  const auto minutes = text.number(2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::chrono::minutes offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return is_west ? -offset : offset;
}

}  // namespace

std::optional<TimePoint> parse_iam_date(std::string_view text) {
  if (const auto seconds = parse_integer(text); seconds && text.size() > 4 && *seconds < 100'000'000'000)
    return TimePoint(std::chrono::seconds(*seconds));
  DateText reader(text);
  const auto year = reader.number(4);
  if (!year || !reader.take('-')) return std::nullopt;
  const auto month = reader.number(2);
  if (!month || !reader.take('-')) return std::nullopt;
  const auto day = reader.number(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  TimePoint time = std::chrono::sys_days(date);
  if (reader.is_done()) return time;
  if (!reader.take('T')) return std::nullopt;
  const auto hour = reader.number(2);
  if (!hour || *hour > 23 || !reader.take(':')) return std::nullopt;
  const auto minute = reader.number(2);
  if (!minute || *minute > 59) return std::nullopt;
  time += std::chrono::hours(*hour) + std::chrono::minutes(*minute);
  if (reader.take(':')) {
    const auto second = reader.number(2);
    if (!second || *second > 59) return std::nullopt;
    time += std::chrono::seconds(*second);
    if (reader.take('.')) reader.skip_digits();
  }
  const auto offset = read_offset(reader);
  if (!offset || !reader.is_done()) return std::nullopt;
  return time - *offset;
}

std::optional<IamAddressBlock> parse_address_block(std::string_view text) {
  const size_t slash = text.find('/');
  const std::string address(text.substr(0, slash));
  IamAddressBlock block;
  int bits = 128;
  std::array<uint8_t, 4> v4{};
  if (inet_pton(AF_INET, address.c_str(), v4.data()) == 1) {
    bits = 32;
    block.address[10] = block.address[11] = 0xff;
    std::ranges::copy(v4, block.address.begin() + 12);
  } else if (inet_pton(AF_INET6, address.c_str(), block.address.data()) != 1) {
    return std::nullopt;
  }
  if (slash == std::string_view::npos) return block;
  const auto prefix = parse_integer(text.substr(slash + 1));
  if (!prefix || *prefix > bits) return std::nullopt;
  block.prefix_bits = static_cast<int>(*prefix) + 128 - bits;
  return block;
}

}  // namespace awl::emulator
