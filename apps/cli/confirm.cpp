#include "cli/confirm.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <string>

#include "base/strings.h"

namespace awl::cli {

bool confirm(std::string_view question) {
  if (::isatty(STDIN_FILENO) == 0) return false;
  fmt::print(stderr, "{} [y/N] ", question);
  std::fflush(stderr);
  std::string line;
  if (!std::getline(std::cin, line)) return false;
  const std::string answer = to_lower(trim(line));
  return answer == "y" || answer == "yes";
}

}  // namespace awl::cli
