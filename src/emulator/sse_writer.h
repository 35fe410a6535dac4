// A message as the Messages API streams it. Source: platform docs, "Streaming messages".
#pragma once

#include <string>
#include <vector>

#include "emulator/message.h"

namespace awl::emulator {

/// The events in order, each as the bytes that go out ("event: …\ndata: …\n\n"). Deltas carry at most
/// `chunk_bytes` bytes and never split a character.
std::vector<std::string> message_events(const Message& message, size_t chunk_bytes);

}  // namespace awl::emulator
