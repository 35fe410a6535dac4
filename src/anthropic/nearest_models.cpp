#include <algorithm>
#include <numeric>
#include <utility>

#include "anthropic/models.h"

namespace awl::anthropic {

namespace {

constexpr size_t kMost = 3;
constexpr size_t kMaxIdBytes = 200;

// Levenshtein's, by one row of the table.
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::vector<std::string> nearest_models(std::string_view id, const ModelList& listed) {
  if (id.size() > kMaxIdBytes) return {};
  std::vector<std::pair<size_t, std::string>> candidates;
  const auto consider = [&](std::string_view other) {
    const size_t distance = edit_distance(id, other);
    if (other == id || distance > std::max<size_t>(4, id.size() / 3)) return;
    candidates.emplace_back(distance, other);
  };
  for (const ListedModel& model : listed) consider(model.id);
  // Without the platform's own list, what is known here may be offered there.
  for (const ModelInfo& row : model_table()) {
    if (listed.empty()) consider(row.id);
  }
  std::sort(candidates.begin(), candidates.end());
  std::vector<std::string> ids;
  for (const auto& [distance, name] : candidates) {
    if (ids.size() < kMost) ids.push_back(name);
  }
  return ids;
}

}  // namespace awl::anthropic
