// The built-in tools without a conversation, for a program that calls them itself.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/engine.h"
#include "json/value.h"
#include "tools/tool.h"

namespace awl::agent {

class ToolService {
 public:
  virtual ~ToolService() = default;
  /// {name, description, input_schema} of each as JSON, in a fixed order.
  virtual std::vector<std::string> definitions() const = 0;
  /// By name or former name.
  virtual bool has(std::string_view name) = 0;
  /// Runs one call under the rules, the mode and the hooks of the session. What would be asked is refused.
  /// Calls that only read run side by side, the others one after the other. Cancellable: what it started
  /// ends.
  virtual Task<tools::ToolResult> call(std::string name, json::Value input) = 0;
  /// Ends what goes on in the background. Nothing may be called afterwards.
  virtual Task<> close() = 0;
};

/// `options` are those of an engine; of them, what tools are made of counts. Tools that belong to a person or
/// a conversation are left out. `client` serves the tools that ask a model, and outlives the service. `tell`
/// hears what the person should know, a sentence.
std::unique_ptr<ToolService> make_tool_service(Executor executor, EngineOptions options,
                                               anthropic::MessagesClient& client,
                                               std::function<void(const std::string&)> tell);

}  // namespace awl::agent
