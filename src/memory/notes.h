// Notes that the model keeps for later sessions of a project. Source: product documentation, "memory", "Auto
// memory".
#pragma once

#include <string>
#include <string_view>

#include "os/file.h"

namespace awl::memory {

/// The index of a folder of notes; what is behind these limits is not told at the start of a session.
inline constexpr std::string_view kNotesIndex = "MEMORY.md";
inline constexpr size_t kIndexLines = 200;
inline constexpr size_t kIndexBytes = 25 << 10;
inline constexpr uint64_t kMaxIndexRead = 4 << 20;

/// What of an index is told.
std::string told_part(std::string_view index);
/// What the model should know of an index that it has just written; "" while there is room.
std::string advice_on_index(std::string_view index);
/// The part of the system prompt about notes.
std::string describe_notes(const os::Path& folder);

}  // namespace awl::memory
