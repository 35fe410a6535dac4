// Answers what the program that drives a session asks.
#pragma once

#include <string>

#include "agent/engine.h"
#include "async/task_group.h"
#include "headless/control_channel.h"

namespace awl::headless {

class ControlDesk {
 public:
  /// Everything referred to outlives it.
  ControlDesk(Executor executor, agent::Engine& engine, ControlChannel& channel, std::string version,
              os::Path folder);

  /// A control_request: each is answered, also one that nobody knows.
  void take_request(const json::Value& message);
  void take_response(const json::Value& message) { channel_.take_response(message); }
  /// The program said its last.
  void close() { channel_.close(); }
  /// Ends what is still being answered.
  Task<> stop();

 private:
  using Answer = Result<json::Value>;
  Task<> answer(std::string id, json::Value request);
  void reply(const std::string& id, const Answer& told);
  Task<Answer> serve(std::string subtype, json::Value request);
  Answer serve_at_once(const std::string& subtype, const json::Value& request, bool& known);
  Task<Answer> serve_mcp(const std::string& subtype, const json::Value& request);
  Answer introduce(const json::Value& request);
  Answer read_file(const json::Value& request) const;
  Answer describe_cost() const;

  agent::Engine& engine_;
  agent::Controls& controls_;
  ControlChannel& channel_;
  std::string version_;
  os::Path folder_;
  async::TaskGroup tasks_;
};

}  // namespace awl::headless
