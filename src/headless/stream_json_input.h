// Messages as they come in on standard input with --input-format stream-json: one JSON object a line.
#pragma once

#include "agent/engine.h"
#include "async/task.h"
#include "base/error.h"
#include "headless/byte_sink.h"

namespace awl::headless {

/// Posts each {"type":"user","message":{"role":"user","content":…}} line to the engine, and EndInput at the
/// end of input. One with "shouldQuery":false waits for the next and is sent before it. A control_request is
/// answered on `out`: `interrupt` is obeyed, everything else is an error. keep_alive and answers to what
/// nobody asked are passed over. `descriptor` stays open and the caller's. Errors: kParse, for a line that is
/// none of these: it names the line.
Task<Result<>> read_stream_json(int descriptor, agent::Engine& engine, ByteSink& out);

}  // namespace awl::headless
