// Which tools a session has.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "json/schema.h"
#include "json/value.h"
#include "permission/policy.h"
#include "tools/tool.h"

namespace awl::agent {

/// What the person said about tools.
struct ToolSelection {
  std::optional<std::vector<std::string>>
      only;                        ///< --tools: just these ("default" stands for the usual ones); empty: none
  std::vector<std::string> named;  ///< tool names that rules of --allowedTools mention
};

/// A tool with its compiled schema.
struct OfferedTool {
  std::unique_ptr<tools::Tool> tool;
  json::Value schema_json;
  json::Schema schema;
};

/// The tools that the model is offered, in a fixed order.
class ToolSet {
 public:
  /// Of `all`, those that the selection and the deny rules leave. Grep and Glob are offered only when they
  /// are named or Bash is not there.
  ToolSet(std::vector<std::unique_ptr<tools::Tool>> all, const ToolSelection& selection,
          const permission::Rules& rules);

  /// Offers one more tool, last.
  void add(std::unique_ptr<tools::Tool> tool);

  /// nullptr when the model is not offered a tool of this name.
  OfferedTool* find(std::string_view name);
  std::vector<std::string> names() const;
  /// {name, description, input_schema} as JSON objects, for requests.
  std::vector<std::string> definitions() const;

 private:
  std::vector<OfferedTool> tools_;
};

}  // namespace awl::agent
