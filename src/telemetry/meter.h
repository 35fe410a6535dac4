// Counters between two exports.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "telemetry/otlp.h"

namespace awl::telemetry {

class Meter {
 public:
  /// `now`: nanoseconds since the epoch, as everywhere here.
  Meter(bool cumulative, int64_t now) : cumulative_(cumulative), start_(now), last_(now) {}

  /// `amount` int64_t or double, the same for all of one name.
  void add(const std::string& name, const std::string& unit, Attributes attributes, Value amount);
  bool empty() const { return !changed_; }
  /// What was counted since the last take, or, when cumulative, since the start.
  std::vector<Metric> take(int64_t now);

 private:
  struct Counter {
    std::string unit;
    std::map<Attributes, Value> points;
  };
  bool cumulative_;
  int64_t start_;
  int64_t last_;
  bool changed_ = false;
  std::map<std::string, Counter> counters_;
};

}  // namespace awl::telemetry
