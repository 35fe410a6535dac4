// A tool: what the model may call. Each is a pair of files: edit.cpp does it, edit.md describes it to the
// model.
//
// The life of a call: the runner (src/agent) validates the input against the schema, asks the tool what the
// call touches (access), asks the permission layer about exactly that, and only then runs it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "async/task.h"
#include "base/error.h"
#include "json/json.h"
#include "os/file.h"
#include "permission/access.h"

namespace awl::tools {

struct Session;  // tools/session.h

/// What the model is told about a tool. The name is the wire name: rules, hooks and clients match it exactly.
struct ToolSpec {
  std::string name;
  std::string description;
  std::string input_schema;  ///< JSON text of an object schema, flat, keys in a fixed order
  /// Rarely needed: with tool search on, the model is told its name only, until it asks for the tool.
  bool deferred = false;
  std::vector<std::string> aliases = {};  ///< former names, which calls and rules may still use
  /// Keys that models write for others, as (written, meant).
  std::vector<std::pair<std::string, std::string>> renamed_keys = {};
};

/// What a call is about to touch; the permission layer is asked about exactly this.
using Access = permission::Access;

struct ToolResult {
  std::string text;  ///< for the model, valid UTF-8
  std::string
      content_json;  ///< when not empty: a JSON array of content blocks that is sent instead of `text`
  std::string
      structured_json;  ///< `tool_use_result` of the stream: a JSON value; empty: the text as a string
  bool is_error = false;

  static ToolResult error(std::string text) { return {std::move(text), {}, {}, true}; }
};

class Tool {
 public:
  virtual ~Tool() = default;
  virtual const ToolSpec& spec() const = 0;
  /// The input as people, programs and hooks are shown it and as it runs: with what is not the model's to
  /// say. `input` is valid against the schema.
  virtual json::Value complete(json::Value input, const Session& /*session*/) const { return input; }
  /// True when the call changes nothing, so that it may run beside others. `input` is valid against the
  /// schema.
  virtual bool is_read_only(const json::Value& input) const = 0;
  /// Errors: kInvalidInput, for what a schema cannot say; the call is then answered with it and not run.
  virtual Result<Access> access(const json::Value& input, const Session& session) const = 0;
  /// Runs the call. Never fails as a coroutine but by cancellation: what goes wrong is an error result.
  /// `access` is what access() gave for this `input` and what was allowed: the tool touches those paths and
  /// resolves none again, so that nobody can move one in between. `tool_use_id` is the API's id of the call.
  /// All arguments outlive the task.
  virtual Task<ToolResult> run(const json::Value& input, const Access& access, const std::string& tool_use_id,
                               Session& session) = 0;
};

}  // namespace awl::tools
