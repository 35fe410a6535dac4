// The models that may answer in a session, and how they are asked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "anthropic/client.h"
#include "anthropic/models.h"
#include "anthropic/request_builder.h"

namespace awl::agent {

struct EngineOptions;
class ToolSet;

/// A model and the requests to it.
struct ModelRoute {
  anthropic::ModelChoice model;
  anthropic::RequestBuilder requests;
  std::string not_found_hint;  ///< for the person, when the platform does not know the model; may be empty
};

/// The session's model, then its fallbacks in order. What they need to know of the session is `options`,
/// which follow when the model changes; both references outlive it.
class ModelRoutes {
 public:
  ModelRoutes(EngineOptions& options, const ToolSet& tools) : options_(options), tools_(tools) {}

  /// Another model, or another effort, answers until end_turn().
  void use_for_turn(anthropic::RequestSettings settings);
  void end_turn();

  /// The tools are others now: later requests offer them.
  void refresh();

  bool are_ready() const { return !list_.empty(); }
  void prepare(std::vector<std::string> system_texts);
  /// Empty before prepare().
  std::vector<ModelRoute>& list() { return list_; }

  /// A deferred tool was loaded: later requests offer it.
  void add_tool(const std::string& definition);
  /// After a refusal: true when the session goes on with the model that stands in for the one that refused.
  bool switch_model(const anthropic::StopDetails& refusal);
  /// The upstream does not know these parts of a request. False when later requests would not change.
  bool leave_out(const std::vector<std::string>& features);

 private:
  ModelRoute make(anthropic::RequestSettings settings) const;
  const anthropic::RequestSettings& first() const;

  EngineOptions& options_;
  const ToolSet& tools_;
  std::vector<std::string> system_texts_;
  std::optional<anthropic::RequestSettings> for_turn_;
  std::vector<ModelRoute> list_;
};

}  // namespace awl::agent
