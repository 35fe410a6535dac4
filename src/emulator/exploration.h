// What the explorer knows at one point of a turn. Everything is read from the request: the explorer keeps
// nothing.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "json/json.h"

namespace awl::emulator {

/// A tool call of this turn and what came back.
struct Call {
  enum class Purpose { kList, kSearch, kRead };
  Purpose purpose = Purpose::kList;
  std::string tool;
  std::string target;  ///< pattern, command, search term or path
  bool failed = false;
  std::string output;
};

/// How one search, listing or read is asked for.
struct PlannedCall {
  Call::Purpose purpose;
  std::string tool;
  std::string target;
  std::string input;  ///< JSON object
};

struct Exploration {
  std::string question;
  std::set<std::string> tools;
  size_t answers = 0;   ///< given in this turn
  bool thinks = false;  ///< the request asks for thinking
  std::vector<Call> calls;

  std::vector<std::string> files;  ///< relative paths, from all listings that worked; sorted
  bool is_cut = false;             ///< a listing says that it is not whole
  std::string search_term;         ///< what the question asks to find; may be empty

  bool offers(const std::string& tool) const { return tools.contains(tool); }
  /// The answered call with that input, or nullptr.
  const Call* find_call(const std::string& tool, const std::string& target) const;
  /// The answered call that read `path`, or nullptr.
  const Call* reading_of(const std::string& path) const;
};

/// `request` is valid.
Exploration read_exploration(const json::Value& request);

/// The word, name or quoted text that a question asks to find; "" when there is none.
std::string search_term_of(std::string_view question);

/// The paths in the output of listings: made relative, without what is no path and what builds leave behind.
std::vector<std::string> paths_in(std::string_view output);

/// The file's text without the line numbers that reading tools put in front.
std::string without_line_numbers(std::string_view output);

/// Files worth reading for the question, best first: what it names, the README, a manifest.
std::vector<std::string> files_to_read(const Exploration& exploration);

/// The next calls; empty when it is time to report.
std::vector<PlannedCall> plan(const Exploration& exploration);

/// The answer, composed from what the calls gave.
std::string compose_report(const Exploration& exploration);

}  // namespace awl::emulator
