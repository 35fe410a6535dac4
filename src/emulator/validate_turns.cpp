#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "base/strings.h"
#include "emulator/contains.h"
#include "emulator/validation.h"

namespace awl::emulator {

namespace {

struct PlacedBlock {
  const json::Value* block = nullptr;  ///< nullptr: content given as a plain string
  std::string path;
};

/// Consecutive messages of one role count as one turn.
struct Turn {
  std::string role;
  size_t first_message = 0;
  std::vector<PlacedBlock> blocks;
};

std::vector<Turn> turns_of(const json::Value& messages) {
  std::vector<Turn> turns;
  for (size_t i = 0; i < messages.size(); ++i) {
    std::string role = json::string_or_empty(messages[i], "role");
    if (turns.empty() || turns.back().role != role) turns.push_back({std::move(role), i, {}});
    const json::Value& content = *json::find(messages[i], "content");
    const std::string path = fmt::format("messages.{}.content", i);
    if (content.is_string()) {
      turns.back().blocks.push_back({nullptr, path});
      continue;
    }
    for (size_t k = 0; k < content.size(); ++k)
      turns.back().blocks.push_back({&content[k], join_path(path, k)});
  }
  return turns;
}

bool is_type(const PlacedBlock& placed, std::string_view type) {
  return placed.block != nullptr && json::string_or_empty(*placed.block, "type") == type;
}

ApiResult<> check_unique_ids(const std::vector<Turn>& turns) {
  std::set<std::string> ids;
  for (const Turn& turn : turns) {
    for (const PlacedBlock& placed : turn.blocks) {
      if (!is_type(placed, "tool_use")) continue;
      const std::string id = json::string_or_empty(*placed.block, "id");
      if (!ids.insert(id).second)
        return invalid_at(placed.path, fmt::format("`tool_use` ids must be unique: {}", id));
    }
  }
  return {};
}

std::vector<std::string> tool_use_ids(const Turn& turn) {
  std::vector<std::string> ids;
  for (const PlacedBlock& placed : turn.blocks) {
    if (is_type(placed, "tool_use")) ids.push_back(json::string_or_empty(*placed.block, "id"));
  }
  return ids;
}

/// The tool results of `turn` against the calls of the turn before it.
ApiResult<std::set<std::string>> check_results(const Turn& turn, const std::vector<std::string>& called) {
  std::set<std::string> leading;
  std::set<std::string> seen;
  bool is_leading = true;
  for (const PlacedBlock& placed : turn.blocks) {
    if (!is_type(placed, "tool_result")) {
      is_leading = false;
      continue;
    }
    const std::string id = json::string_or_empty(*placed.block, "tool_use_id");
    if (!contains(called, id)) {
      return invalid_at(
          placed.path,
          fmt::format("unexpected `tool_use_id` found in `tool_result` blocks: {}. Each `tool_result` "
                      "block must have a corresponding `tool_use` block in the previous message.",
                      id));
    }
    if (!seen.insert(id).second) {
      return invalid_at(
          placed.path,
          fmt::format(
              "each tool_use must have a single result. Found multiple `tool_result` blocks with id: {}",
              id));
    }
    if (is_leading) leading.insert(id);
  }
  return leading;
}

ApiResult<> check_pairs(const std::vector<Turn>& turns) {
  std::vector<std::string> called;
  for (size_t i = 0; i <= turns.size(); ++i) {
    const bool is_user = i < turns.size() && turns[i].role == "user";
    std::set<std::string> answered;
    if (is_user) {
      AWL_TRY(answered, check_results(turns[i], called));
    }
    std::vector<std::string> open;
    std::ranges::copy_if(called, std::back_inserter(open),
                         [&](const std::string& id) { return !answered.contains(id); });
    if (!open.empty()) {
      return invalid_at(
          fmt::format("messages.{}", turns[i - 1].first_message),
          fmt::format(
              "`tool_use` ids were found without `tool_result` blocks immediately after: {}. Each `tool_use` "
              "block must have a corresponding `tool_result` block in the next message.",
              join(open, ", ")));
    }
    called.clear();
    if (i < turns.size() && turns[i].role == "assistant") called = tool_use_ids(turns[i]);
  }
  return {};
}

ApiResult<> check_system_places(const std::vector<Turn>& turns) {
  for (size_t i = 0; i < turns.size(); ++i) {
    if (turns[i].role != "system") continue;
    const bool after_user = i > 0 && turns[i - 1].role == "user";
    const bool after_server_result =
        i > 0 && turns[i - 1].role == "assistant" && !turns[i - 1].blocks.empty() &&
        turns[i - 1].blocks.back().block != nullptr &&
        json::string_or_empty(*turns[i - 1].blocks.back().block, "type").ends_with("_tool_result");
    const bool before_assistant = i + 1 == turns.size() || turns[i + 1].role == "assistant";
    if (!(after_user || after_server_result) || !before_assistant) {
      return invalid_at(
          fmt::format("messages.{}", turns[i].first_message),
          "a system message must follow a user turn, and must precede an assistant turn or be the last");
    }
  }
  return {};
}

}  // namespace

ApiResult<> validate_turns(const json::Value& messages) {
  const std::vector<Turn> turns = turns_of(messages);
  AWL_CHECK(check_system_places(turns));
  AWL_CHECK(check_unique_ids(turns));
  return check_pairs(turns);
}

}  // namespace awl::emulator
