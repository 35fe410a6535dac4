// The answer as JSON of a given schema (--json-schema): a tool that the model must call last.
#pragma once

#include <memory>
#include <string>

#include "tools/tool.h"

namespace awl::agent {

/// What a session wants and has of structured output.
struct StructuredOutput {
  bool wanted = false;
  int retries_left = 0;    ///< how often a model that ends without it is told to give it
  std::string value_json;  ///< what the model gave, valid against the schema; empty: nothing yet
};

/// The tool `StructuredOutput` with `schema_json` as its input schema. It stores its input in `output`, which
/// outlives it.
std::unique_ptr<tools::Tool> make_structured_output_tool(const std::string& schema_json,
                                                         StructuredOutput& output);

}  // namespace awl::agent
