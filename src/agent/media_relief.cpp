#include "agent/media_relief.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/strings.h"

namespace awl::agent {

namespace {

using anthropic::MediaPlace;

constexpr size_t kMaxRequestBytes = 32 << 20;
constexpr size_t kReservedBytes = 1 << 20;  // for the system prompt and the tools
constexpr size_t kMaxConversationBytes = kMaxRequestBytes - kReservedBytes;
// Room for some more turns, so that the cached start of the conversation is not lost again at once.
constexpr size_t kComfortableBytes = kMaxConversationBytes / 4 * 3;
constexpr int64_t kLongWindow = 1'000'000;
constexpr std::string_view kNote =
    "[An image or document that was here was taken out, because the conversation had become too large to "
    "send.]";

double megabytes(size_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

// The number behind `key` in a path such as messages.3.content.0.image.
std::optional<size_t> number_after(std::string_view text, std::string_view key) {
  const size_t at = text.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = text.substr(at + key.size());
  const auto number = parse_integer(rest.substr(0, rest.find_first_not_of("0123456789")));
  if (!number || *number < 0) return std::nullopt;
  return static_cast<size_t>(*number);
}

bool is_about_media(const anthropic::CallError& error) {
  if (error.status == 413) return true;
  if (error.status != 400) return false;
  constexpr std::array<std::string_view, 4> kWords{"image", "pdf", "document", "media_type"};
  const std::string message = to_lower(error.error.message);
  return std::ranges::any_of(kWords,
                             [&](std::string_view word) { return message.find(word) != std::string::npos; });
}

// What to take out: the block that the error names; else all of the newest message that has any.
std::vector<MediaPlace> refused_places(const anthropic::CallError& error, std::vector<MediaPlace> all) {
  const std::string& message = error.error.message;
  const auto named_message = number_after(message, "messages.");
  const auto named_block = number_after(message, ".content.");
  for (const MediaPlace& place : all) {
    if (place.message == named_message && place.block == named_block) return {place};
  }
  if (all.empty()) return all;
  const size_t newest = all.back().message;
  std::erase_if(all, [newest](const MediaPlace& place) { return place.message != newest; });
  return all;
}

}  // namespace

size_t max_images(const anthropic::ModelChoice& model) {
  return model.context_window >= kLongWindow ? 600 : 100;
}

Result<std::optional<std::string>> MediaRelief::make_room(size_t image_limit) {
  const size_t before = conversation_.size_bytes();
  if (before <= kMaxConversationBytes && conversation_.image_count() <= image_limit) return std::nullopt;
  size_t taken_out = 0;
  for (const MediaPlace& place : conversation_.media()) {
    // What was just sent is what the person asks about: it leaves only when the request cannot be made with
    // it.
    const bool is_new = place.message + 1 == conversation_.size();
    const size_t bytes_wanted = is_new ? kMaxConversationBytes : kComfortableBytes;
    const size_t images_wanted = is_new ? image_limit : image_limit / 2;  // half: room, for the same reason
    const bool too_large = before > kMaxConversationBytes && conversation_.size_bytes() > bytes_wanted;
    const bool too_many = conversation_.image_count() > image_limit ||
                          (before <= kMaxConversationBytes && conversation_.image_count() > images_wanted);
    if (!too_large && !too_many) break;
    conversation_.replace_media(place, kNote);
    ++taken_out;
  }
  if (conversation_.size_bytes() > kMaxConversationBytes) {
    return fail(
        ErrorKind::kInvalidInput,
        fmt::format("The conversation has {:.1f} MB; a request may have 32 MB, and no image or document is "
                    "left to take out",
                    megabytes(conversation_.size_bytes())),
        "Start a new session, and give large files by their path instead of their content.");
  }
  if (taken_out == 0) return std::nullopt;
  const std::string reason =
      before > kMaxConversationBytes
          ? fmt::format("{:.1f} MB with its images and documents; a request may have 32 MB",
                        megabytes(before))
          : fmt::format("more than {} images, the most that a request may have", image_limit);
  return fmt::format("The conversation had {}. The oldest were taken out of it.", reason);
}

std::optional<std::string> MediaRelief::after_refusal(const anthropic::CallError& error) {
  if (refusals_left_ == 0 || !is_about_media(error)) return std::nullopt;
  const std::vector<MediaPlace> places = refused_places(error, conversation_.media());
  if (places.empty()) return std::nullopt;
  --refusals_left_;
  const std::string note =
      fmt::format("[An image or document that was here was taken out, because the platform refused it: {}]",
                  error.error.message);
  for (const MediaPlace& place : places) conversation_.replace_media(place, note);
  return fmt::format("An image or document was refused and taken out of the conversation. {}",
                     error.error.message);
}

}  // namespace awl::agent
