// Which tools a session has, and which of them the model is told about from the start.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/tool_policy.h"
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
  bool minimal = false;            ///< --bare: the usual ones are Bash, Read and Edit
  TaskTools task_tools = TaskTools::kList;   ///< which of them belong to the usual ones
  std::vector<std::string> not_served = {};  ///< tools whose service the provider lacks
  ToolSearchPolicy search = {};
  bool more_may_come = false;  ///< of MCP servers, which wait behind ToolSearch
};

/// A tool with its compiled schema.
struct OfferedTool {
  std::unique_ptr<tools::Tool> tool;
  json::Value schema_json;
  json::Schema schema;
  bool deferred = false;  ///< known to the model by name only, until it is loaded
  bool gone = false;      ///< its server does not offer it any more
};

/// The tools of a session, in a fixed order.
class ToolSet {
 public:
  /// Of `all`, those that the selection and the deny rules leave. Grep and Glob are offered only when they
  /// are named or Bash is not there. Tools that --tools names are not deferred, and without ToolSearch none
  /// is.
  ToolSet(std::vector<std::unique_ptr<tools::Tool>> all, const ToolSelection& selection,
          const permission::Rules& rules);
  ToolSet(const ToolSet&) = delete;  // ToolSearch holds a reference to it
  ToolSet& operator=(const ToolSet&) = delete;

  /// Adds one more tool, last.
  void add(std::unique_ptr<tools::Tool> tool);
  /// Puts `tools` in the place of those whose names begin with `prefix`; what is denied, or has a schema that
  /// cannot be used (a sentence in `problems`), is left out. True when requests must be made anew.
  bool replace_group(const std::string& prefix, std::vector<std::unique_ptr<tools::Tool>> tools,
                     const permission::Rules& rules, std::vector<std::string>& problems);
  /// Takes all but these away.
  void restrict_to(const std::vector<std::string>& names);
  /// What ToolSearch waits for before it looks: tools that are still to come.
  std::function<Task<>()> before_search;

  /// By name or former name; nullptr when there is no such tool.
  OfferedTool* find(std::string_view name);
  const OfferedTool* find_any_case(std::string_view name) const;
  /// All of them, the deferred ones included.
  std::vector<std::string> names() const;
  bool has(std::string_view name) const;

  /// {name, description, input_schema} as JSON objects, for requests: the tools that are not deferred.
  std::vector<std::string> definitions() const;
  /// The same of loaded tools, in the order of their loading, with defer_loading. The list only grows at its
  /// end, so that a request begins with the bytes of the one before.
  const std::vector<std::string>& loaded_definitions() const { return loaded_definitions_; }

  bool search_is_on() const { return search_is_on_; }
  std::vector<const OfferedTool*> deferred() const;
  std::vector<std::string> deferred_names() const;
  /// The next request describes this deferred tool. Nothing happens when it is loaded already, or not
  /// deferred.
  void load(std::string_view name);
  /// `hear` is told the definition of each tool that is loaded.
  void on_loaded(std::function<void(const std::string&)> hear) { on_loaded_ = std::move(hear); }

 private:
  void set_up_search(const ToolSelection& selection, const permission::Rules& rules);
  /// Errors: its schema cannot be used.
  Result<> try_add(std::unique_ptr<tools::Tool> tool);
  std::deque<OfferedTool> tools_;  // whoever runs one keeps a pointer to it
  std::vector<std::string> loaded_;
  std::vector<std::string> loaded_definitions_;
  std::function<void(const std::string&)> on_loaded_;
  bool search_is_on_ = false;
};

}  // namespace awl::agent
