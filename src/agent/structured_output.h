// The answer as JSON of a given schema (--json-schema): a tool that the model must call last.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "tools/tool.h"

namespace awl::agent {

inline constexpr std::string_view kStructuredOutputTool = "StructuredOutput";

/// What a session wants and has of structured output.
struct StructuredOutput {
  bool wanted = false;
  int max_retries =
      0;  ///< of a turn: how often a model that ends without it, or gives what does not fit, goes on
  int retries_left = 0;    ///< of the turn that runs
  std::string value_json;  ///< what the model gave, valid against the schema; empty: nothing yet

  void begin_turn() {
    retries_left = max_retries;
    value_json.clear();
  }
};

/// The tool `StructuredOutput` with `schema_json` as its input schema. It stores its input in `output`, which
/// outlives it.
std::unique_ptr<tools::Tool> make_structured_output_tool(const std::string& schema_json,
                                                         StructuredOutput& output);

}  // namespace awl::agent
