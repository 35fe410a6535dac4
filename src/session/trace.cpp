#include "session/trace.h"

#include <algorithm>

#include "base/strings.h"
#include "json/raw.h"
#include "session/mapped_text.h"
#include "session/prompts.h"

namespace awl::session {

namespace {

int64_t number_of(const json::RawObject& line, std::string_view key) {
  return parse_integer(line.find(key)).value_or(0);
}

TracedCall read_call(const json::RawObject& line, const std::string& agent_id) {
  return {.timestamp = line.text("timestamp"),
          .model = line.text("model"),
          .request_id = line.text("requestId"),
          .aws_request_id = line.text("awsRequestId"),
          .principal = line.text("principal"),
          .workspace = line.text("workspace"),
          .agent_id = agent_id,
          .duration_ms = number_of(line, "durationMs"),
          .cost_usd = std::strtod(std::string(line.find("costUsd")).c_str(), nullptr),
          .input_tokens = number_of(line, "inputTokens"),
          .cache_read_tokens = number_of(line, "cacheReadTokens"),
          .cache_write_tokens = number_of(line, "cacheWriteTokens"),
          .output_tokens = number_of(line, "outputTokens")};
}

void note_tools(const json::RawObject& line, TracedTurn& turn) {
  const std::string_view content = json::raw_member(line.find("message"), "content");
  for (const std::string_view block : json::raw_elements(content)) {
    if (json::raw_text(block, "type") == "tool_use") turn.tools.push_back(json::raw_text(block, "name"));
  }
}

template <typename Take>
Result<> each_record(const os::Path& file, Take take) {
  AWL_TRY(const MappedText mapped, MappedText::open(file));
  for (const std::string_view text : split(mapped.view(), '\n')) {
    if (!text.starts_with('{') || !json::is_strict(text)) continue;
    take(text);
  }
  return {};
}

// Calls of subagents belong to the message that they were made for: the last one before them.
void add_subagents(const os::Path& file, std::vector<TracedTurn>& turns) {
  os::Path folder = file;
  folder.replace_extension();
  folder /= "subagents";
  const auto names = os::list_directory(folder);
  if (!names || turns.empty()) return;
  for (const std::string& name : *names) {
    if (!name.ends_with(".jsonl")) continue;
    const std::string id = os::Path(name).stem().string();
    static_cast<void>(each_record(folder / name, [&](std::string_view text) {
      const json::RawObject line(text);
      if (line.text("type") != "api-call") return;
      TracedCall call = read_call(line, id);
      auto turn = turns.begin();
      for (auto later = turns.begin(); later != turns.end() && later->timestamp <= call.timestamp; ++later)
        turn = later;
      turn->calls.push_back(std::move(call));
    }));
  }
  for (TracedTurn& turn : turns) std::ranges::stable_sort(turn.calls, {}, &TracedCall::timestamp);
}

}  // namespace

Result<std::vector<TracedTurn>> trace_session(const os::Path& file) {
  std::vector<TracedTurn> turns;
  AWL_CHECK(each_record(file, [&turns](std::string_view text) {
    const json::RawObject line(text);
    const std::string type = line.text("type");
    if (const auto prompt = prompt_of(text)) {
      turns.push_back({*prompt, line.text("timestamp"), {}, {}});
    } else if (turns.empty()) {
      return;
    } else if (type == "api-call") {
      turns.back().calls.push_back(read_call(line, ""));
    } else if (type == "assistant") {
      note_tools(line, turns.back());
    }
  }));
  add_subagents(file, turns);
  return turns;
}

}  // namespace awl::session
