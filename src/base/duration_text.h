#pragma once

#include <chrono>
#include <string>

namespace awl {

/// "9 s", "2 min 5 s"
std::string describe_duration(std::chrono::steady_clock::duration duration);

}  // namespace awl
