// What a flag's values do to the arguments.
#pragma once

#include "cli/arguments.h"
#include "cli/flag.h"

namespace awl::cli {

template <auto Member>
Result<> turn_on(Arguments& arguments, Flag::Values /*values*/) {
  arguments.*Member = true;
  return {};
}

template <auto Member>
Result<> turn_off(Arguments& arguments, Flag::Values /*values*/) {
  arguments.*Member = false;
  return {};
}

template <Command Value>
Result<> set_command(Arguments& arguments, Flag::Values /*values*/) {
  arguments.command = Value;
  return {};
}

template <auto Member>
Result<> set_text(Arguments& arguments, Flag::Values values) {
  arguments.*Member = values.front();
  return {};
}

template <auto Member>
Result<> append(Arguments& arguments, Flag::Values values) {
  auto& list = arguments.*Member;
  list.insert(list.end(), values.begin(), values.end());
  return {};
}

Result<> ignore(Arguments& arguments, Flag::Values values);
Result<> set_max_turns(Arguments& arguments, Flag::Values values);
Result<> set_budget(Arguments& arguments, Flag::Values values);
Result<> set_output_format(Arguments& arguments, Flag::Values values);
Result<> set_input_format(Arguments& arguments, Flag::Values values);
Result<> set_schema(Arguments& arguments, Flag::Values values);
Result<> set_effort(Arguments& arguments, Flag::Values values);
Result<> set_thinking(Arguments& arguments, Flag::Values values);
Result<> set_thinking_tokens(Arguments& arguments, Flag::Values values);
Result<> set_thinking_display(Arguments& arguments, Flag::Values values);
Result<> set_tools(Arguments& arguments, Flag::Values values);
Result<> set_session_id(Arguments& arguments, Flag::Values values);
Result<> set_worktree(Arguments& arguments, Flag::Values values);
Result<> set_from_pr(Arguments& arguments, Flag::Values values);
Result<> set_resume(Arguments& arguments, Flag::Values values);
/// A number of tokens from 100,000 to a million: "200000", "500k", "1M", or thousands: "200".
std::optional<int64_t> parse_window(const std::string& text);
Result<> set_autocompact(Arguments& arguments, Flag::Values values);
Result<> set_debug(Arguments& arguments, Flag::Values values);
Result<> set_debug_file(Arguments& arguments, Flag::Values values);

/// A flag that says something about stream-json alone.
inline constexpr std::string_view kStreamFlags[] = {"--prompt-suggestions"};
template <size_t Index>
Result<> note_stream_flag(Arguments& arguments, Flag::Values /*values*/) {
  arguments.stream_only_flags.emplace_back(kStreamFlags[Index]);
  return {};
}

/// --init, --init-only, --maintenance.
template <size_t Index>
Result<> set_setup(Arguments& arguments, Flag::Values /*values*/) {
  arguments.setup_trigger = Index == 2 ? "maintenance" : "init";
  if (Index == 1) arguments.print = arguments.setup_only = true;
  return {};
}

}  // namespace awl::cli
