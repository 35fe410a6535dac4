#include "agent/context_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "json/json.h"

namespace awl::agent {

namespace {

using Items = std::vector<ContextReport::Item>;

constexpr size_t kShownItems = 8;
constexpr int kBarCells = 40;
// From here on a part of the window is worth a word.
constexpr int64_t kHeavyPercent = 10;

// 12,345
std::string grouped(int64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<size_t>(at), ",");
  return text;
}

double percent_of(int64_t part, int64_t window) {
  return window > 0 ? 100.0 * static_cast<double>(part) / static_cast<double>(window) : 0;
}

void add_row(std::string& text, std::string_view name, int64_t tokens, int64_t window) {
  text += fmt::format("  {:<16}{:>12}  {:>5.1f} %\n", name, grouped(tokens), percent_of(tokens, window));
}

void add_list(std::string& text, std::string_view title, Items items, bool all) {
  if (items.empty()) return;
  std::ranges::stable_sort(items, std::greater<>(), &ContextReport::Item::tokens);
  const size_t shown = all ? items.size() : std::min(items.size(), kShownItems);
  text += fmt::format("\n{}\n", title);
  for (size_t i = 0; i < shown; ++i)
    text += fmt::format("  {:>8}  {}{}\n", grouped(items[i].tokens), items[i].name,
                        items[i].source.empty() ? "" : fmt::format("  ({})", items[i].source));
  if (shown < items.size()) text += fmt::format("  … and {} more (/context all)\n", items.size() - shown);
}

std::string bar_of(const ContextReport& report) {
  const auto cells = static_cast<int>(percent_of(report.total, report.window) * kBarCells / 100);
  const auto used = static_cast<size_t>(std::clamp(cells, 0, kBarCells));
  return fmt::format("[{}{}]", std::string(used, '#'), std::string(kBarCells - used, '.'));
}

// What the person could do about it.
std::string advice_on(const ContextReport& report) {
  std::string text;
  if (report.total > report.window)
    text += fmt::format(
        "\nThe conversation is {} tokens longer than the window holds. /compact makes room, /clear "
        "begins anew.\n",
        grouped(report.total - report.window));
  const auto is_heavy = [&report](int64_t tokens) { return tokens * 100 > report.window * kHeavyPercent; };
  if (is_heavy(sum_of(report.memory_files)))
    text +=
        "\nMemory files take up much: rules with `paths` are read only with the files that they are about.\n";
  if (is_heavy(sum_of(report.mcp_tools)))
    text +=
        "\nTools of MCP servers take up much: ENABLE_TOOL_SEARCH=auto lets them wait until they are "
        "needed.\n";
  return text;
}

json::Value items_json(const Items& items, const char* name_key, const char* source_key) {
  json::Value list = json::Value::array();
  for (const ContextReport::Item& item : items)
    list.push_back({{name_key, item.name}, {source_key, item.source}, {"tokens", item.tokens}});
  return list;
}

}  // namespace

int64_t sum_of(const std::vector<ContextReport::Item>& items) {
  int64_t sum = 0;
  for (const ContextReport::Item& item : items) sum += item.tokens;
  return sum;
}

std::string to_text(const ContextReport& report, bool all) {
  std::string text =
      fmt::format("{} {} of {} tokens ({:.0f} %), {}\n\n", bar_of(report), grouped(report.total),
                  grouped(report.window), percent_of(report.total, report.window), report.model);
  const int64_t window = report.window;
  add_row(text, "System prompt", report.system_prompt, window);
  add_row(text, "Tools", report.tools, window);
  if (!report.mcp_tools.empty()) add_row(text, "MCP tools", sum_of(report.mcp_tools), window);
  if (!report.memory_files.empty()) add_row(text, "Memory files", sum_of(report.memory_files), window);
  if (!report.skills.empty()) add_row(text, "Skills", sum_of(report.skills), window);
  if (!report.agents.empty()) add_row(text, "Subagents", sum_of(report.agents), window);
  add_row(text, fmt::format("Messages ({})", report.message_count), report.messages, window);
  add_row(text, "Free", std::max<int64_t>(0, window - report.total), window);
  if (report.compacts_at > 0)
    text += fmt::format("\nThe conversation is compacted at about {} tokens.\n", grouped(report.compacts_at));
  if (report.tools_waiting > 0)
    text += fmt::format("\n{} tools wait behind ToolSearch and take up nothing but their names.\n",
                        report.tools_waiting);
  add_list(text, "Memory files", report.memory_files, all);
  add_list(text, "MCP tools", report.mcp_tools, all);
  add_list(text, "Skills", report.skills, all);
  return text + advice_on(report);
}

std::string to_json(const ContextReport& report) {
  json::Value categories = json::Value::array();
  const auto add = [&categories](const char* name, int64_t tokens, const char* color) {
    categories.push_back({{"name", name}, {"tokens", tokens}, {"color", color}});
  };
  add("System prompt", report.system_prompt, "blue");
  add("System tools", report.tools, "gray");
  if (!report.mcp_tools.empty()) add("MCP tools", sum_of(report.mcp_tools), "cyan");
  if (!report.memory_files.empty()) add("Memory files", sum_of(report.memory_files), "orange");
  if (!report.skills.empty()) add("Skills", sum_of(report.skills), "yellow");
  if (!report.agents.empty()) add("Custom agents", sum_of(report.agents), "green");
  add("Messages", report.messages, "purple");
  add("Free space", std::max<int64_t>(0, report.window - report.total), "white");
  json::Value memory = json::Value::array();
  for (const ContextReport::Item& file : report.memory_files)
    memory.push_back({{"path", file.name}, {"type", file.source}, {"tokens", file.tokens}});
  return json::dump({{"categories", categories},
                     {"totalTokens", report.total},
                     {"maxTokens", report.window},
                     {"rawMaxTokens", report.window},
                     {"percentage", percent_of(report.total, report.window)},
                     {"gridRows", json::Value::array()},
                     {"model", report.model},
                     {"memoryFiles", memory},
                     {"mcpTools", items_json(report.mcp_tools, "name", "serverName")},
                     {"agents", items_json(report.agents, "agentType", "source")},
                     {"isAutoCompactEnabled", report.compacts_at > 0}});
}

}  // namespace awl::agent
