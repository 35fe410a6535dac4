#include "emulator/prompt_cache.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "crypto/sha256.h"
#include "emulator/models.h"
#include "emulator/prompt_blocks.h"
#include "emulator/token_estimate.h"

namespace awl::emulator {

namespace {

using std::chrono::minutes;

constexpr size_t kLookbackBlocks = 20;
constexpr long long kUsualMinimumTokens = 1'024;

/// One block and everything before it.
struct Position {
  std::string prefix;
  long long tokens = 0;  ///< of the prefix
  std::optional<minutes> marker;
  bool can_be_marked = true;
};

std::optional<minutes> marker_in(const json::Value& holder) {
  const json::Value* control = json::find(holder, "cache_control");
  if (control == nullptr || !control->is_object()) return std::nullopt;
  return minutes(json::string_or_empty(*control, "ttl") == "1h" ? 60 : 5);
}

/// The block's own marker, or the last one of a tool result's content.
std::optional<minutes> marker_of(const json::Value& block) {
  if (const auto own = marker_in(block)) return own;
  const json::Value* content = json::find(block, "content");
  if (content == nullptr || !content->is_array()) return std::nullopt;
  std::optional<minutes> last;
  for (const json::Value& element : *content) {
    if (const auto marker = marker_in(element)) last = marker;
  }
  return last;
}

/// What is compared: the block without its markers; a string is the text block that it stands for.
std::string comparable(const json::Value& block) {
  if (block.is_string()) return json::dump({{"type", "text"}, {"text", block}});
  json::Value copy = block;
  if (copy.is_object()) copy.erase("cache_control");
  if (json::find(copy, "content") != nullptr && copy["content"].is_array()) {
    for (json::Value& element : copy["content"]) {
      if (element.is_object()) element.erase("cache_control");
    }
  }
  return json::dump(copy);
}

bool can_be_marked(const json::Value& block) {
  const std::string type = json::string_or_empty(block, "type");
  if (type == "thinking" || type == "redacted_thinking") return false;
  const json::Value* text = json::find(block, "text");
  return !(type == "text" && text != nullptr && text->is_string() &&
           text->get_ref<const std::string&>().empty());
}

std::string dump_field(const json::Value& request, std::string_view key) {
  const json::Value* value = json::find(request, key);
  return value == nullptr ? "" : json::dump(*value);
}

/// What is rendered into the messages' part of the prompt beside the messages.
std::string message_settings(const json::Value& request) {
  const json::Value* output = json::find(request, "output_config");
  const std::string effort = output == nullptr ? "" : json::string_or_empty(*output, "effort");
  const bool has_images = dump_field(request, "messages").contains(R"("type":"image")");
  return dump_field(request, "tool_choice") + "\n" + dump_field(request, "thinking") + "\n" +
         (effort.empty() ? "high" : effort) + (has_images ? "\nimages" : "");
}

std::vector<Position> positions_of(const std::string& workspace, const json::Value& request) {
  std::vector<Position> positions;
  std::string chain = crypto::sha256(workspace + "\n" + json::string_or_empty(request, "model"));
  long long tokens = 0;
  auto level = PromptBlock::Level::kTools;
  for_each_prompt_block(request, [&](const PromptBlock& block) {
    std::string link = chain;
    if (block.level != level && block.level == PromptBlock::Level::kMessages)
      link += message_settings(request);
    if (block.level != level) link += dump_field(request, "speed");
    level = block.level;
    link += static_cast<char>('0' + static_cast<int>(level));
    if (block.begins_message) link += "\n" + block.role + "\n";
    chain = crypto::sha256(link + comparable(*block.value));
    tokens += estimate_block_tokens(*block.value);
    positions.push_back({chain, tokens, marker_of(*block.value), can_be_marked(*block.value)});
  });
  return positions;
}

bool has_markers(const json::Value& request) {
  if (marker_in(request)) return true;
  bool any = false;
  for_each_prompt_block(request, [&](const PromptBlock& block) { any = any || marker_of(*block.value); });
  return any;
}

/// The request's own cache_control marks the last block that can be marked.
void mark_automatically(const json::Value& request, std::vector<Position>& positions) {
  const auto lifetime = marker_in(request);
  if (!lifetime) return;
  for (size_t i = positions.size(); i-- > 0;) {
    if (!positions[i].can_be_marked) continue;
    if (!positions[i].marker) positions[i].marker = lifetime;
    return;
  }
}

long long minimum_tokens(const json::Value& request) {
  const ModelInfo* model = find_model(json::string_or_empty(request, "model"));
  return model == nullptr ? kUsualMinimumTokens : model->min_cacheable_tokens;
}

}  // namespace

bool PromptCache::has(const std::string& prefix, TimePoint now) const {
  const auto found = entries_.find(prefix);
  return found != entries_.end() && found->second.end > now;
}

CachePlan PromptCache::look_up(const std::string& workspace, const json::Value& request,
                               TimePoint now) const {
  CachePlan plan;
  plan.start = now;
  if (!has_markers(request)) {
    plan.usage.input_tokens = estimate_input_tokens(request);
    return plan;
  }
  std::vector<Position> positions = positions_of(workspace, request);
  mark_automatically(request, positions);
  const long long minimum = minimum_tokens(request);
  std::vector<size_t> marked;
  for (size_t i = 0; i < positions.size(); ++i) {
    if (positions[i].marker && positions[i].tokens >= minimum) marked.push_back(i);
  }
  // The highest position that an earlier request wrote, looked for backwards from each marker.
  std::optional<size_t> hit;
  for (size_t m = marked.size(); m-- > 0 && !hit;) {
    for (size_t back = 0; back < kLookbackBlocks && back <= marked[m] && !hit; ++back) {
      if (has(positions[marked[m] - back].prefix, now)) hit = marked[m] - back;
    }
  }
  const long long total = kTurnTokens + (positions.empty() ? 0 : positions.back().tokens);
  const long long read = hit ? positions[*hit].tokens : 0;
  long long long_lived = read;
  long long last = read;
  if (hit) plan.reads.push_back(positions[*hit].prefix);
  for (const size_t i : marked) {
    const Position& position = positions[i];
    if (has(position.prefix, now)) {
      plan.reads.push_back(position.prefix);
      continue;
    }
    plan.writes.push_back({position.prefix, *position.marker});
    if (position.tokens <= read) continue;
    if (*position.marker == minutes(60)) long_lived = position.tokens;
    last = position.tokens;
  }
  plan.usage.cache_read_input_tokens = read;
  plan.usage.cache_creation_1h_tokens = long_lived - read;
  plan.usage.cache_creation_input_tokens = last - read;
  plan.usage.input_tokens = total - last;
  return plan;
}

void PromptCache::commit(const CachePlan& plan) {
  for (const std::string& prefix : plan.reads) {
    const auto found = entries_.find(prefix);
    if (found != entries_.end())
      found->second.end = std::max(found->second.end, plan.start + found->second.lifetime);
  }
  for (const CachePlan::Write& write : plan.writes) {
    Entry& entry = entries_[write.prefix];
    entry.lifetime = write.lifetime;
    entry.end = plan.start + write.lifetime;
  }
  make_room(plan.start);
}

void PromptCache::make_room(TimePoint now) {
  if (entries_.size() <= max_entries_) return;
  std::erase_if(entries_, [&](const auto& entry) { return entry.second.end <= now; });
  if (entries_.size() <= max_entries_) return;
  // A quarter at once, so that it is not done anew for every request.
  std::vector<TimePoint> ends;
  for (const auto& [prefix, entry] : entries_) ends.push_back(entry.end);
  const auto cut = ends.begin() + static_cast<std::ptrdiff_t>(ends.size() - max_entries_ * 3 / 4);
  std::ranges::nth_element(ends, cut);
  const TimePoint limit = *cut;
  size_t surplus = entries_.size() - max_entries_ * 3 / 4;
  std::erase_if(entries_, [&](const auto& entry) {
    if (surplus == 0 || entry.second.end > limit) return false;
    --surplus;
    return true;
  });
}

}  // namespace awl::emulator
