// The engine, in parts: engine.cpp runs the session, engine_turn.cpp one message of it.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "agent/agent_types.h"
#include "agent/compaction.h"
#include "agent/context_guard.h"
#include "agent/context_report.h"
#include "agent/engine.h"
#include "agent/instruction_reminders.h"
#include "agent/mentions.h"
#include "agent/model_routes.h"
#include "agent/plan_mode.h"
#include "agent/session_hooks.h"
#include "agent/skill_set.h"
#include "agent/slash_command.h"
#include "agent/structured_output.h"
#include "agent/subagents.h"
#include "agent/tool_runner.h"
#include "agent/tool_set.h"
#include "agent/turn.h"
#include "agent/usage_ledger.h"
#include "anthropic/conversation.h"
#include "async/event.h"
#include "async/task_group.h"
#include "os/file_watch.h"
#include "tools/background_tasks.h"
#include "tools/side_model.h"

namespace awl::agent {

/// A message that waits for its turn.
struct QueuedMessage {
  std::vector<std::string> blocks;
  std::string origin;                                          ///< see TurnEnded::origin
  protocol::MessageAccepted accepted;                          ///< of the person's message
  bool interrupted = false;                                    ///< before its turn began
  std::optional<protocol::SumUpBefore> sum_up = std::nullopt;  ///< that it is instead
};

class EngineImpl final : public Engine, private Controls {
 public:
  EngineImpl(Executor executor, EngineOptions options, anthropic::MessagesClient& client,
             protocol::Host& host);

  void post(protocol::Command command) override;
  Task<std::optional<protocol::Event>> next_event() override { return events_.pop(); }
  Task<> run() override;
  Controls& controls() override { return *this; }

 private:
  // engine_controls.cpp
  Result<> introduce(Introduction introduction) override;
  std::string describe_session_json() const override;
  Result<> set_mode(const std::string& mode) override;
  void set_model(const std::string& model) override;
  void set_thinking(std::optional<int64_t> tokens) override;
  std::string mcp_status_json() const override;
  Task<std::string> set_mcp_servers(std::string servers_json) override;
  Task<Result<>> restart_mcp_server(std::string name) override;
  Task<Result<>> enable_mcp_server(std::string name, bool enabled) override;
  Task<Result<std::string>> call_mcp_tool_by_name(std::string tool, std::string arguments_json) override;
  std::string rules_json() const override;
  std::string refusals_json() const override;
  std::string context_usage_json() const override;
  protocol::TurnEnded usage() const override { return local_end(""); }
  Task<bool> stop_task(std::string id) override;
  bool cancel_message(const std::string& uuid) override;
  Result<std::string> rewind_files(const std::string& message_uuid, bool dry_run) override;
  Result<> register_folder(const std::string& folder) override;
  void rename(const std::string& title) override;
  Task<Result<std::string>> ask_aside(std::string system, std::string question) override;
  Task<Result<std::string>> sum_up_from(std::string message_uuid, std::string wishes) override;
  Result<> update_permissions(const std::string& updates_json) override;
  Result<> become_agent(const std::string& name);
  void take_wish();
  // engine_hooks.cpp
  void tell_hooks_of_instructions(bool after_compaction);
  std::shared_ptr<void> note_asking(const std::string& tool);
  void notify(const char* type, const std::string& message);
  Task<> notify_later(std::chrono::milliseconds wait, const char* type, std::string message);
  void watch_files(const std::vector<std::string>& names);
  void on_file_change(const os::FileChange& change);
  Task<> tell_of_change(std::string name, std::string fields_json);
  Result<> add_folder(const std::string& folder);
  void tell_of_folder(const os::Path& folder, const char* source);
  void heed_start(const hooks::HookOutcome& outcome);
  // engine_plan.cpp
  Result<> check_mode(permission::Mode mode) const;  // engine_controls.cpp
  void change_mode(permission::Mode mode);
  void on_mode_changed(permission::Mode before);
  ModeSwitch mode_switch();
  std::string plan_advice() const;
  void add_plan_reminder(std::vector<std::string>& blocks);

  void emit(protocol::Event event);
  void emit_notices(const std::vector<std::string>& problems);
  void want_structured_output(const std::string& schema_json);
  void on_background(const tools::BackgroundTask& task);
  void interrupt();

  Task<std::optional<QueuedMessage>> next_message();
  bool may_notify() const;
  QueuedMessage notification(std::vector<std::string> texts);
  Task<> serve_background();
  Task<> wait_for_background(std::optional<tools::BackgroundTask>& task);

  // False when the turn was interrupted.
  Task<bool> run_turn(QueuedMessage message);
  Task<> start_session();
  Task<> open_turn(QueuedMessage& message, std::optional<protocol::TurnEnded>& ended);
  Task<> submit_prompt(QueuedMessage& message, std::optional<protocol::TurnEnded>& ended);
  Task<bool> answer(QueuedMessage message);
  Task<> run_to_end(Turn& turn, std::vector<std::string> blocks, std::string message_uuid);
  Task<> follow_settings();  // settings_watch.cpp
  Task<> prepare_requests();
  Task<std::string> environment_facts();
  anthropic::RequestSettings request_for(const std::string& model, const std::string& effort) const;
  std::vector<std::unique_ptr<tools::Tool>> make_tools(SkillSet& skills,
                                                       std::function<void(std::string)> deliver,
                                                       int agent_depth);
  SkillSetOptions skill_options() const;
  SubagentContext subagent_context();
  void add_skill_hooks(const extensions::Skill& skill);
  // engine_mcp.cpp
  mcp::ConnectionsOptions mcp_options();
  void on_mcp_changed();
  void tell_server_changes();
  Task<> wait_for_hosted();
  Task<std::string> elicit(std::string server, std::string params_json);
  Task<Result<std::string>> call_mcp_tool(std::string server, std::string tool, std::string input_json);
  Task<bool> run_mcp_prompt(const SlashCommand& command, QueuedMessage& message,
                            std::optional<protocol::TurnEnded>& ended);
  std::vector<std::string> take_mcp_notices();
  // engine_commands.cpp
  Task<> run_command(SlashCommand command, QueuedMessage& message, std::optional<protocol::TurnEnded>& ended);
  Task<> invoke_skills(std::vector<SlashCommand> commands, QueuedMessage& message,
                       std::optional<protocol::TurnEnded>& ended);
  Task<tools::ToolResult> fork_skill(const extensions::Skill& skill, std::string text,
                                     std::string tool_use_id, int depth);
  Task<> attach_files(std::vector<std::string>& blocks);
  Task<std::string> show_mention(const Mention& mention);
  ContextReport measure_context() const;
  std::string describe_memory() const;
  void clear_conversation();
  void add_first_reminders(std::vector<std::string>& blocks);
  void add_standing_reminders(std::vector<std::string>& told);
  void add_contexts(std::vector<std::string>& blocks);
  std::vector<std::string> take_notices();
  TurnContext turn_context(int rounds_left);
  protocol::SessionStarted session_started() const;
  protocol::TurnEnded local_end(std::string text) const;
  protocol::TurnEnded forget_message(const std::string& notice);

  Task<> compact(std::string wishes, std::optional<size_t> kept, std::string& error);
  Task<bool> run_compact(const std::string& wishes, std::optional<size_t> kept);
  Task<bool> sum_up(const protocol::SumUpBefore& wish);
  std::vector<std::string> reminders_after_compaction();

  Executor executor_;
  EngineOptions options_;
  InstructionReminders instructions_;
  anthropic::MessagesClient& client_;
  protocol::Host& face_;
  std::unique_ptr<session::Checkpoints> checkpoints_;  // null: none are kept
  std::unique_ptr<mcp::Connections> mcp_;
  std::unique_ptr<protocol::Host> prompt_tool_;  // null: the face answers
  protocol::Host& host_;
  RequestWish wish_;                                  // of the program that drives the session
  std::vector<std::string> hosted_;                   // servers that it told
  std::set<std::string> added_servers_;               // that it added later
  std::map<std::string, mcp::Status> server_states_;  // as they were told
  std::set<std::string> told_tools_;                  // deferred ones of MCP servers, by name
  std::set<std::string> told_servers_;                // whose instructions or failure the model knows
  std::unique_ptr<SessionHooks> hooks_;
  AgentTypes agent_types_;
  std::shared_ptr<const std::vector<extensions::Skill>> skill_list_;
  std::unique_ptr<SkillSet> skills_;
  std::vector<std::string> skill_texts_;  // that follow the next results
  ToolSet tools_;
  ToolRunner runner_;
  std::unique_ptr<tools::BackgroundTasks> background_;
  ModelRoutes routes_;
  UsageLedger ledger_;
  std::unique_ptr<tools::SideModel> side_model_;
  std::unique_ptr<AutoMode> auto_mode_;
  std::optional<std::string> facts_;  // of the environment
  std::unique_ptr<Subagents> subagents_;
  ContextGuard guard_;
  Compaction compaction_;
  anthropic::PrefixWatch prefix_watch_;
  anthropic::Conversation conversation_;
  StructuredOutput structured_output_;
  std::deque<QueuedMessage> messages_;
  async::Event work_;  // a message came, the input ended, or a background command did
  async::Channel<protocol::Event> events_;
  async::TaskGroup turn_;      // what an Interrupt ends
  std::string facts_message_;  // for the first message
  permission::Mode mode_before_plan_ = permission::Mode::kDefault;
  os::FileWatch watch_;
  std::string deferred_call_;    // that the restored conversation ends with
  std::string initial_message_;  // of a SessionStart hook, before the person's
  async::TaskGroup watchers_;    // of files, and notifications that wait
  std::string plan_workflow_;    // of the program that drives the session, instead of the usual steps
  bool plan_is_told_ = false;    // the model knows that the session is in the mode plan
  bool session_started_ = false;
  bool input_ended_ = false;
  bool interrupted_ = false;
  bool idle_is_told_ = false;  // that nothing has been said for a minute
  int rounds_used_ = 0;        // of tool calls since the last message of the person
  int notifications_ = 0;      // turns about background commands since then
};

}  // namespace awl::agent
