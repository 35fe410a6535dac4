// Messages as they come in on standard input with --input-format stream-json: one JSON object a line.
#pragma once

#include "agent/engine.h"
#include "async/task.h"
#include "base/error.h"
#include "headless/control_desk.h"

namespace awl::headless {

/// Posts each {"type":"user","message":{"role":"user","content":…}} line to the engine, and EndInput at the
/// end of input. One with "shouldQuery":false waits for the next and is sent before it. The desk gets
/// control requests and responses. keep_alive is passed over. `descriptor` stays open and the caller's.
/// Errors: kParse, for a line that is none of these: it names the line.
Task<Result<>> read_stream_json(int descriptor, agent::Engine& engine, ControlDesk& desk);

}  // namespace awl::headless
