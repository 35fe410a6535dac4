// The hooks that are configured, and which of them an event runs. Source: product documentation, "hooks".
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hooks/hook_matcher.h"
#include "json/json.h"

namespace awl::hooks {

/// What runs. Which fields count depends on the type; see the page for their meaning.
struct HookHandler {
  enum class Type { kCommand, kHttp, kMcpTool, kPrompt, kAgent, kCallback };
  Type type = Type::kCommand;
  std::string command;                           ///< kCommand: a shell command, or, with `args`, a program
  std::optional<std::vector<std::string>> args;  ///< kCommand
  std::string shell;                             ///< kCommand: "bash", or "" for sh
  std::string condition;                         ///< `if`: a permission rule; empty: none
  std::optional<std::chrono::milliseconds> timeout;
  bool in_background = false;      ///< `async`
  bool wakes = false;              ///< `asyncRewake`
  bool once = false;               ///< for skills: the first time alone
  bool fail_closed = false;        ///< a hook that fails blocks, where its event can
  bool continue_on_block = false;  ///< kPrompt
  std::string url;                 ///< kHttp
  std::vector<std::pair<std::string, std::string>> headers;  ///< kHttp
  std::vector<std::string> allowed_variables;                ///< kHttp: what headers may hold
  std::string server;                                        ///< kMcpTool
  std::string tool;                                          ///< kMcpTool
  std::string input_json;                                    ///< kMcpTool
  std::string prompt;                                        ///< kPrompt, kAgent
  std::string model;                                         ///< kPrompt, kAgent; empty: the small one
  std::string callback_id;                                   ///< kCallback: of the program that drives awl
  std::string label;                                         ///< for people: the command, URL, …
  std::string source;                                        ///< for people: the file
  std::string scope;                                         ///< of its HookSource
  std::map<std::string, std::string> variables;  ///< CLAUDE_PLUGIN_ROOT and the like, for its environment
  std::string identity;                          ///< equal for copies of one handler, which run once
};

/// Where hooks were written.
struct HookSource {
  std::string name;                              ///< for people
  std::string scope;                             ///< copies within one scope of this name run once
  std::map<std::string, std::string> variables;  ///< see HookHandler::variables
};

class HookTable {
 public:
  /// Adds the groups of a `hooks` object: {Event: [{matcher, hooks: [handler…]}…]…}. What cannot be used is
  /// left out and gets a sentence in `problems`; the rest counts.
  void add(const json::Value& hooks, const HookSource& source, std::vector<std::string>& problems);
  /// Adds one handler that a program gave.
  void add_handler(const std::string& event, HookMatcher matcher, HookHandler handler);

  bool has(std::string_view event) const { return groups_.contains(event); }
  bool empty() const { return groups_.empty(); }
  /// The handlers for an occurrence of `event`, whose matcher's field is `name`; copies come once. Valid
  /// until the table changes.
  std::vector<const HookHandler*> find(std::string_view event, std::string_view name) const;
  /// The matchers of an event, as they were written.
  std::vector<std::string> matchers(std::string_view event) const;
  /// All handlers.
  std::vector<const HookHandler*> all() const;
  /// Puts the handlers of `table` in the place of those of this scope, in front of the others.
  void replace(std::string_view scope, const HookTable& table);
  /// Takes a handler out, which runs a single time.
  void remove(const HookHandler* handler);

 private:
  struct Group {
    HookMatcher matcher;
    std::vector<HookHandler> handlers;
  };
  std::map<std::string, std::vector<Group>, std::less<>> groups_;
};

/// True when exit code 2, or a decision, of a hook of this event stops something.
bool can_block(std::string_view event);
/// False for events at which nobody waits for the judgement of a model.
bool can_be_judged(std::string_view event);

}  // namespace awl::hooks
