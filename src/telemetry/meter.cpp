#include "telemetry/meter.h"

#include <utility>

namespace awl::telemetry {

void Meter::add(const std::string& name, const std::string& unit, Attributes attributes, Value amount) {
  Counter& counter = counters_[name];
  counter.unit = unit;
  changed_ = true;
  const auto [point, is_new] = counter.points.try_emplace(std::move(attributes), amount);
  if (is_new) return;
  if (auto* sum = std::get_if<int64_t>(&point->second)) {
    if (const auto* more = std::get_if<int64_t>(&amount)) *sum += *more;
  } else if (auto* real = std::get_if<double>(&point->second)) {
    if (const auto* more = std::get_if<double>(&amount)) *real += *more;
  }
}

std::vector<Metric> Meter::take(int64_t now) {
  std::vector<Metric> metrics;
  for (const auto& [name, counter] : counters_) {
    Metric metric{.name = name,
                  .unit = counter.unit,
                  .points = {},
                  .start = cumulative_ ? start_ : last_,
                  .time = now,
                  .cumulative = cumulative_};
    for (const auto& [attributes, value] : counter.points) metric.points.push_back({attributes, value});
    metrics.push_back(std::move(metric));
  }
  if (!cumulative_) counters_.clear();
  last_ = now;
  changed_ = false;
  return metrics;
}

}  // namespace awl::telemetry
