// What fills the model's window: for people, and for programs that drive a session.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace awl::agent {

/// In tokens. What the platform has not counted is estimated from its length.
struct ContextReport {
  struct Item {
    std::string name;
    std::string source;  ///< a server, a file; may be empty
    int64_t tokens = 0;
  };
  std::string model;
  int64_t window = 0;
  int64_t compacts_at = 0;  ///< 0: never by itself
  int64_t system_prompt = 0;
  int64_t tools = 0;     ///< the built-in ones that are not waiting
  int64_t messages = 0;  ///< without the files and lists that they begin with
  int64_t total = 0;
  size_t message_count = 0;
  size_t tools_waiting = 0;  ///< behind ToolSearch
  std::vector<Item> mcp_tools;
  std::vector<Item> memory_files;
  std::vector<Item> skills;
  std::vector<Item> agents;
};

int64_t sum_of(const std::vector<ContextReport::Item>& items);

/// Lines for people. Without `all`, long lists end after their largest items.
std::string to_text(const ContextReport& report, bool all);
/// As the control protocol's get_context_usage answers it.
std::string to_json(const ContextReport& report);

}  // namespace awl::agent
