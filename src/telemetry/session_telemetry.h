// What happens in a session, as metrics, events and spans with the documented names. Source: product
// documentation, "monitoring-usage".
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "json/value.h"
#include "protocol/event.h"
#include "telemetry/exporter.h"

namespace awl::telemetry {

struct SessionFacts {
  std::string session_id;
  std::string user_id;      ///< of the installation; made up
  std::string version;      ///< the interface's
  std::string entry_point;  ///< cli, sdk-cli, sdk-ts, …
  std::string terminal;     ///< TERM_PROGRAM; empty: unknown
  std::string workspace;    ///< of Claude Platform on AWS; empty: none
  std::string effort;
  std::string start_type;  ///< fresh, resume, continue
  std::vector<std::string> plugins;
  std::vector<std::string> builtin_agents;
};

/// Hears of everything that the engine tells.
class SessionTelemetry {
 public:
  /// `exporter` outlives it.
  SessionTelemetry(Exporter& exporter, SessionFacts facts);

  void begin();
  /// `agent`: the kind of subagent that it is about; empty: the session itself.
  void on_event(const protocol::Event& event, const std::string& agent);

 private:
  struct Call {
    std::string name;
    std::string input_json;
    std::string source;
    std::chrono::milliseconds waited{};
    int64_t began = 0;
    std::string span_id;
  };

  // session_telemetry.cpp
  void note(const protocol::MessageAccepted& message);
  void note(const protocol::AssistantBlock& block);
  void note(const protocol::CallEnded& call, const std::string& agent);
  void note(const protocol::TurnEnded& ended);
  void note(const protocol::RetryScheduled& retry);
  void note(const protocol::ModeChanged& mode);
  void note(const protocol::CompactionEnded& ended);
  void note(const protocol::HookStarted& hook);
  void note(const protocol::HookEnded& hook);
  void note(const protocol::McpServerChanged& server);
  void note_response(const protocol::CallEnded& call, const std::string& source);
  void end_interaction();

  // tool_telemetry.cpp
  void note(const protocol::ToolDecided& decided);
  void note(const protocol::ToolFinished& finished);
  void count_work(const Call& call, const json::Value& structured);
  void add_tool_span(const Call& call, const protocol::ToolFinished& finished, const std::string& error);
  std::string told_name(const std::string& tool) const;
  void add_parameters(const Call& call, Attributes& to) const;

  Attributes standard(bool of_metric) const;
  void emit(const std::string& name, Attributes attributes);
  void count(const std::string& name, const std::string& unit, Attributes attributes, Value amount);
  std::string gated(bool open, std::string text) const;
  void add_span(const std::string& name, std::string id, const std::string& parent, int64_t start,
                int64_t end, Attributes attributes, const std::string& error = {});

  Exporter& exporter_;
  SessionFacts facts_;
  std::string model_;
  std::string mode_;
  std::string prompt_id_;
  std::string response_;       // text of the answer that comes in
  std::string response_uuid_;  // of its last block
  int64_t sequence_ = 0;
  int retries_ = 0;
  int64_t compaction_began_ = 0;
  std::map<std::string, Call> calls_;  // that were allowed, by id
  // The span of the person's message; no id: none is open.
  std::string trace_id_;
  std::string interaction_;
  int64_t interaction_began_ = 0;
  int64_t interactions_ = 0;
  size_t prompt_length_ = 0;
  std::string prompt_;
};

}  // namespace awl::telemetry
