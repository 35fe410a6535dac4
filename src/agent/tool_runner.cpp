#include "agent/tool_runner.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <set>

#include "agent/reminder.h"
#include "agent/result_bounds.h"
#include "async/task_group.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "memory/notes.h"
#include "os/path.h"
#include "os/resolved_file.h"
#include "tools/input.h"

namespace awl::agent {

namespace {

constexpr std::chrono::seconds kSlowRound{5};

// Results that say the call itself was wrong are wrapped, so that the model tells them from what a tool
// printed.
tools::ToolResult call_error(std::string_view sentence) {
  return tools::ToolResult::error(fmt::format("<tool_use_error>{}</tool_use_error>", sentence));
}

// A call of a tool whose parameters the model may never have seen.
std::string load_advice(const OfferedTool& offered) {
  if (!offered.deferred) return "";
  return fmt::format(" ToolSearch with the query select:{} shows its parameters.", offered.tool->spec().name);
}

std::string result_block(const std::string& tool_use_id, const tools::ToolResult& result) {
  const std::string content = result.content_json.empty() ? json::quote(result.text) : result.content_json;
  return fmt::format(R"({{"type":"tool_result","tool_use_id":{},"content":{}{}}})", json::quote(tool_use_id),
                     content, result.is_error ? R"(,"is_error":true)" : "");
}

// Identical calls beside each other in one answer count once.
std::string describe_calls(const std::vector<const anthropic::ContentBlock*>& calls) {
  std::set<std::string> distinct;
  for (const anthropic::ContentBlock* call : calls)
    distinct.insert(call->tool_name + json::dump(call->tool_input));
  return fmt::format("{}", fmt::join(distinct, "\n"));
}

// Such a call is made to wait, and made again when what it waits for has not come.
bool waits(const anthropic::ContentBlock& call) {
  if (call.tool_name == "TaskOutput" || call.tool_name == "BashOutput") return true;
  const std::string command = json::string_or_empty(call.tool_input, "command");
  return command.contains("sleep") || command.contains("wait") || command.contains("watch");
}

CallRound make_round(const std::vector<const anthropic::ContentBlock*>& calls,
                     const std::vector<tools::ToolResult>& results, bool slow) {
  CallRound round;
  round.calls = describe_calls(calls);
  for (const tools::ToolResult& result : results) {
    round.results += result.text + result.content_json + (result.is_error ? "!" : ".");
    // A command that changes something without a word may well be repeated.
    if (!result.is_error && result.structured_json.contains(R"("stdout":"")")) round.may_progress = true;
  }
  round.may_progress = round.may_progress || slow;
  round.waits = std::ranges::any_of(calls, [](const anthropic::ContentBlock* call) { return waits(*call); });
  return round;
}

}  // namespace

ToolRunner::ToolRunner(ToolSet& tools, tools::Session& session, protocol::Host& host,
                       ToolRunnerOptions options)
    : tools_(tools), session_(session), host_(host), options_(std::move(options)), task_reminder_(tools) {}

std::string ToolRunner::interrupted_result(const std::string& tool_use_id) {
  return result_block(tool_use_id,
                      tools::ToolResult::error("The person interrupted this call before it ended."));
}

bool ToolRunner::may_read(const os::Path& path) const {
  const tools::Access access{.kind = tools::Access::Kind::kRead, .paths = {path}, .command = {}, .url = {}};
  const permission::Verdict verdict =
      permission::decide(rules(), situation(), "Read", access, {{"file_path", path.string()}});
  return verdict.behavior == permission::Behavior::kAllow;
}

bool ToolRunner::names_host(const std::string& url) const {
  return permission::is_host_named(rules(), "WebFetch", url);
}

ToolRunner::Prepared ToolRunner::prepare(const anthropic::ContentBlock& call) {
  Prepared prepared;
  prepared.call = &call;
  prepared.tool = tools_.find(call.tool_name);
  if (prepared.tool == nullptr) {
    const OfferedTool* similar = tools_.find_any_case(call.tool_name);
    prepared.refused = call_error(
        fmt::format("There is no tool named {} here.{}", to_utf8(call.tool_name),
                    similar == nullptr ? "" : fmt::format(" It is called {}.", similar->tool->spec().name)));
    return prepared;
  }
  if (!call.tool_input_error.empty()) {
    prepared.refused =
        call_error(fmt::format("The input of {} cannot be read: {}.", call.tool_name, call.tool_input_error));
    return prepared;
  }
  json::Value given = call.tool_input;
  tools::rename_keys(given, prepared.tool->tool->spec().renamed_keys);
  auto input = tools::coerce(given, prepared.tool->schema_json);
  const Result<> valid = input ? prepared.tool->schema.validate(*input) : std::unexpected(input.error());
  if (!valid) {
    prepared.refused = call_error(fmt::format("The input of {} does not fit: {}.{}", call.tool_name,
                                              valid.error().message, load_advice(*prepared.tool)));
    return prepared;
  }
  if (loop_refusal_) {
    prepared.refused = tools::ToolResult::error(*loop_refusal_);
    return prepared;
  }
  prepared.input = prepared.tool->tool->complete(std::move(*input), session_);
  auto access = prepared.tool->tool->access(prepared.input, session_);
  if (!access) {
    prepared.refused = call_error(describe(access.error()));
    return prepared;
  }
  prepared.access = std::move(*access);
  prepared.read_only = prepared.tool->tool->is_read_only(prepared.input) ||
                       (prepared.access.kind == tools::Access::Kind::kShell &&
                        permission::is_read_only_command(prepared.access.command, situation()) &&
                        // The calls after it are to see the folder that it moves to.
                        !permission::changes_folder(prepared.access.command));
  return prepared;
}

permission::Situation ToolRunner::situation() const {
  permission::Situation now{options_.mode,
                            session_.project_dir,
                            session_.additional_dirs,
                            session_.cwd,
                            session_.home,
                            session_.notes_dir,
                            auto_mode_ != nullptr && auto_mode_->options().classify_all_shell,
                            session_.plan_file};
  // The model is told to read long outputs there.
  now.additional_dirs.push_back(session_.output_dir);
  return now;
}

// With paths absolute: what is told to people and programs cannot be misread.
json::Value ToolRunner::shown_input(const Prepared& prepared) const {
  json::Value input = prepared.input;
  for (const char* key : {"file_path", "notebook_path", "path"}) {
    if (const auto path = json::get_string(input, key))
      input[key] = os::absolute_path(*path, session_.cwd, session_.home).string();
  }
  return input;
}

void ToolRunner::note_denial(const Prepared& prepared) {
  denials_.push_back(
      {prepared.call->tool_name, prepared.call->tool_use_id, json::dump(shown_input(prepared))});
}

permission::Verdict ToolRunner::judge(const Prepared& prepared) const {
  const std::string& name = prepared.tool->tool->spec().name;
  permission::Situation now = situation();
  // A hook answers the question that nobody else decided; deny and ask rules it does not beat.
  if (prepared.approved && now.mode != permission::Mode::kPlan) now.mode = permission::Mode::kBypass;
  permission::Verdict verdict = permission::decide(rules(), now, name, prepared.access, prepared.input);
  if (prepared.must_ask && verdict.behavior == permission::Behavior::kAllow)
    verdict = {permission::Behavior::kAsk, prepared.hook_reason};
  return verdict;
}

void ToolRunner::grant(const permission::Rules& more) {
  if (!granted_) granted_ = options_.rules;
  const auto add = [](std::vector<permission::Rule>& to, const std::vector<permission::Rule>& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  add(granted_->allow, more.allow);
  add(granted_->ask, more.ask);
  add(granted_->deny, more.deny);
}

Task<Result<tools::ToolResult>> ToolRunner::run_if_allowed(std::string tool_name, json::Value input,
                                                           bool heed_hooks) {
  anthropic::ContentBlock call;
  call.tool_name = std::move(tool_name);
  call.tool_use_id = "toolu_" + make_uuid();
  call.tool_input = std::move(input);
  Prepared prepared = prepare(call);
  if (prepared.refused) co_return fail(ErrorKind::kInvalidInput, prepared.refused->text);
  std::optional<std::string> objection;
  if (heed_hooks) objection = co_await ask_hooks_before(prepared);
  if (objection) co_return fail(ErrorKind::kPermissionDenied, *objection);
  if (prepared.refused) co_return fail(ErrorKind::kInvalidInput, prepared.refused->text);
  const permission::Verdict verdict = judge(prepared);
  if (verdict.behavior != permission::Behavior::kAllow)
    co_return fail(ErrorKind::kPermissionDenied, verdict.reason);
  auto result = co_await start(prepared);
  if (result.is_error) co_return fail(ErrorKind::kInvalidInput, result.text);
  co_return result;
}

Task<tools::ToolResult> ToolRunner::run_call(anthropic::ContentBlock call) {
  Prepared prepared = prepare(call);
  tools::ToolResult result;
  co_await run_into(prepared, result, [](const protocol::ToolFinished&) {});
  co_return result;
}

Task<tools::ToolResult> ToolRunner::run_one(Prepared& prepared) {
  if (prepared.refused) co_return *prepared.refused;
  auto refused = co_await ask_hooks_before(prepared);
  if (prepared.refused) co_return *prepared.refused;
  if (!deferred_.empty()) co_return tools::ToolResult::error("It was put off.");
  if (refused || prepared.approved) prepared.decided_by = "hook";
  if (!refused) refused = co_await refusal(prepared);
  if (prepared.refused) co_return *prepared.refused;
  tell_decision(prepared, !refused);
  if (refused) {
    note_denial(prepared);
    co_return tools::ToolResult::error(std::move(*refused));
  }
  const auto started = std::chrono::steady_clock::now();
  const os::Path cwd = session_.cwd;
  prepared.ran = true;
  if (checkpoints_ != nullptr && prepared.access.kind == tools::Access::Kind::kEdit) {
    for (const os::Path& path : prepared.access.paths) checkpoints_->save(path);
  }
  auto result = co_await start(prepared);
  prepared.took =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
  if (options_.fixed_folder) session_.cwd = cwd;
  if (hooks_ != nullptr && session_.cwd != cwd) {
    const json::Value fields{{"old_cwd", cwd.string()}, {"new_cwd", session_.cwd.string()}};
    const auto outcome = co_await hooks_->run({"CwdChanged", "", json::dump(fields)});
    if (on_watch_paths) on_watch_paths(outcome.watch_paths);
  }
  co_return result;
}

Task<tools::ToolResult> ToolRunner::start(Prepared& prepared) {
  std::string cause;
  try {
    auto result = co_await prepared.tool->tool->run(prepared.input, prepared.access,
                                                    prepared.call->tool_use_id, session_);
    co_return result;
  } catch (const boost::system::system_error& error) {
    if (error.code() == boost::asio::error::operation_aborted) throw;
    cause = error.what();
  } catch (const std::exception& error) {
    cause = error.what();
  }
  // A bug in one tool must not cost the person the session.
  co_return tools::ToolResult::error(
      fmt::format("{} failed with an internal error: {}.", prepared.call->tool_name, cause));
}

// The index of the notes is told at the start of every session, up to a limit.
void ToolRunner::mind_notes(const Prepared& prepared, tools::ToolResult& result) const {
  const os::Path index = session_.notes_dir / memory::kNotesIndex;
  if (session_.notes_dir.empty() || result.is_error || prepared.access.kind != tools::Access::Kind::kEdit ||
      std::ranges::find(prepared.access.paths, index) == prepared.access.paths.end())
    return;
  const auto text = os::read_resolved_file(index, memory::kMaxIndexRead);
  if (!text) return;
  const std::string advice = memory::advice_on_index(*text);
  if (!advice.empty()) append_text(result, reminder(advice));
}

Task<> ToolRunner::run_into(Prepared& prepared, tools::ToolResult& result, const OnFinished& on_finished) {
  result = co_await run_one(prepared);
  if (!deferred_.empty()) co_return;  // it has no result yet
  if (prepared.ran) co_await tell_hooks_after(prepared, result);
  if (prepared.ran) mind_notes(prepared, result);
  if (prepared.ran && !prepared.comment.empty())
    append_text(result, reminder("The person allowed this call and adds: " + prepared.comment));
  bound_result(result, prepared.tool == nullptr ? "tool" : prepared.tool->tool->spec().name, session_);
  const std::string structured = result.structured_json.empty()
                                     ? json::quote(result.is_error ? "Error: " + result.text : result.text)
                                     : result.structured_json;
  const std::string& id = prepared.call->tool_use_id;
  on_finished({.uuid = make_uuid(),
               .tool_use_id = id,
               .result_block_json = result_block(id, result),
               .structured_json = structured,
               .took = prepared.took});
}

Task<std::vector<tools::ToolResult>> ToolRunner::run_all(const Calls& calls, const OnFinished& on_finished) {
  std::vector<tools::ToolResult> results(calls.size());
  size_t next = 0;
  while (next < calls.size()) {
    // Prepared just before they run: an earlier call may have moved the working folder.
    std::vector<Prepared> batch;
    batch.push_back(prepare(*calls[next]));
    while (batch.back().read_only && next + batch.size() < calls.size() &&
           batch.size() < static_cast<size_t>(options_.max_concurrency)) {
      Prepared candidate = prepare(*calls[next + batch.size()]);
      if (!candidate.read_only) break;
      batch.push_back(std::move(candidate));
    }
    if (batch.size() == 1) {
      co_await run_into(batch.front(), results[next], on_finished);
    } else {
      const Executor executor = co_await boost::asio::this_coro::executor;
      async::TaskGroup group(executor);
      for (size_t i = 0; i < batch.size(); ++i)
        group.spawn(run_into(batch[i], results[next + i], on_finished));
      co_await group.join();
    }
    next += batch.size();
  }
  co_return results;
}

// What the product has to say about a round goes into its last result: nothing that was sent before changes.
Task<> ToolRunner::add_notes(const Calls& calls, std::vector<tools::ToolResult>& results, bool slow) {
  if (results.empty()) co_return;
  if (!loop_refusal_) {
    const auto note = loop_guard_.add(make_round(calls, results, slow));
    if (note) append_text(results.back(), reminder(*note));
  }
  for (const anthropic::ContentBlock* call : calls) task_reminder_.note_call(call->tool_name);
  const auto task_reminder = co_await task_reminder_.take(session_);
  if (task_reminder) append_text(results.back(), *task_reminder);
}

Task<std::vector<std::string>> ToolRunner::run(const std::vector<const anthropic::ContentBlock*>& calls,
                                               OnFinished on_finished) {
  if (before_round) co_await before_round();
  const auto started = std::chrono::steady_clock::now();
  deferrable_ = calls.size() == 1 ? calls.front()->tool_use_id : "";
  loop_refusal_ = loop_guard_.refusal(describe_calls(calls));
  std::vector<tools::ToolResult> results = co_await run_all(calls, on_finished);
  co_await tell_hooks_of_batch(calls, results);
  const bool slow = std::chrono::steady_clock::now() - started >= kSlowRound;
  co_await add_notes(calls, results, slow);
  std::vector<std::string> blocks;
  for (size_t i = 0; i < calls.size(); ++i) blocks.push_back(result_block(calls[i]->tool_use_id, results[i]));
  co_return blocks;
}

}  // namespace awl::agent
