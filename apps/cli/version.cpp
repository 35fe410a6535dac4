#include "cli/version.h"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "base/strings.h"

#define AWL_INTERFACE_VERSION "2.1.197"

namespace awl::cli {

namespace {

// "2.1.150" as numbers; nullopt: it is no version.
std::optional<std::vector<long long>> parse_version(const std::string& text) {
  std::vector<long long> numbers;
  for (const std::string_view part : split(trim(text), '.')) {
    const auto number = parse_integer(part);
    if (!number) return std::nullopt;
    numbers.push_back(*number);
  }
  return numbers.size() == 3 ? std::optional(numbers) : std::nullopt;
}

}  // namespace

Result<> check_version(const std::string& minimum, const std::string& maximum) {
  const auto mine = parse_version(AWL_INTERFACE_VERSION);
  const auto least = parse_version(minimum);
  const auto most = parse_version(maximum);
  if (least && *mine < *least) {
    return fail(
        ErrorKind::kInvalidInput,
        fmt::format("the managed settings ask for version {} or newer (requiredMinimumVersion), and this "
                    "one implements " AWL_INTERFACE_VERSION,
                    minimum),
        "Install a newer Awl in the way that your organisation provides.");
  }
  if (most && *mine > *most) {
    return fail(
        ErrorKind::kInvalidInput,
        fmt::format("the managed settings ask for version {} or older (requiredMaximumVersion), and this "
                    "one implements " AWL_INTERFACE_VERSION,
                    maximum),
        "Install an older Awl in the way that your organisation provides.");
  }
  return {};
}

std::string_view interface_version() { return AWL_INTERFACE_VERSION; }
std::string_view version_line() { return AWL_INTERFACE_VERSION " (Awl " AWL_VERSION ")"; }
std::string_view user_agent() { return "awl/" AWL_VERSION; }

}  // namespace awl::cli
