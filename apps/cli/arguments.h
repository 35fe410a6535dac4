// The command line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace awl::cli {

enum class Command { kPrint, kStatus, kVersion, kHelp };
enum class OutputFormat { kText, kJson, kStreamJson };

struct Arguments {
  Command command = Command::kPrint;
  std::string help;  ///< for kHelp

  bool print = false;
  std::string prompt;
  OutputFormat output_format = OutputFormat::kText;
  bool verbose = false;
  bool stream_input = false;  ///< --input-format stream-json
  bool include_partial_messages = false;
  bool replay_user_messages = false;
  std::optional<std::string> model;
  std::optional<std::string> fallback_model;  ///< a list, separated by commas
  std::optional<std::string> effort;
  std::vector<std::string> allowed_tools;  ///< as given: each may hold several rules
  std::vector<std::string> disallowed_tools;
  std::optional<std::vector<std::string>> tools;
  std::optional<std::string> permission_mode;
  bool skip_permissions = false;
  std::vector<std::string> add_dirs;
  std::optional<std::string> settings;
  std::optional<std::string> setting_sources;
  int max_turns = 0;
  double max_budget_usd = 0;
  std::string json_schema;
  std::optional<std::string> system_prompt;
  std::string append_system_prompt;
  std::optional<std::string> session_id;

  bool status_as_json = false;
};

/// Errors: kInvalidInput with the sentence to print.
Result<Arguments> parse_arguments(int argc, const char* const* argv);

}  // namespace awl::cli
