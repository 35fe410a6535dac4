#include "cli/trust_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"

namespace awl::cli {

namespace {

constexpr size_t kMaxShown = 400;  // bytes of one item

bool holds(const std::vector<std::string>& labels, const std::string& label) {
  return std::ranges::find(labels, label) != labels.end();
}

}  // namespace

std::string state_of(const config::Trust& trust) {
  if (trust.trusted) return "trusted";
  return trust.accepted ? "not trusted any more" : "not trusted";
}

std::string describe_items(const config::Trust& trust) {
  if (trust.items.empty() && trust.removed.empty())
    return "It starts nothing by itself: no hooks, no MCP servers, no helper commands.\n";
  std::string text = "What it starts by itself:\n";
  for (const config::ExecutableItem& item : trust.items) {
    const std::string shown(utf8_prefix(item.text, kMaxShown));
    text += fmt::format("  {} {}\n      {}{}\n", holds(trust.added, item.label) ? "new:" : "-", item.label,
                        shown, shown.size() < item.text.size() ? " …" : "");
  }
  for (const std::string& label : trust.removed) text += fmt::format("  gone: {}\n", label);
  return text;
}

}  // namespace awl::cli
