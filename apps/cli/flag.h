// Every flag of the command line, as data: what it is called, what it takes, what becomes of it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "cli/arguments.h"

namespace awl::cli {

enum class Takes {
  kNothing,
  kOne,            ///< the next word, whatever it begins with
  kMany,           ///< all words up to the next flag; with `=`, one
  kOptional,       ///< the next word unless it is a flag
  kOptionalEqual,  ///< only with `=`
};

enum class Standing {
  kServed,
  kAccepted,  ///< taken without effect, because what it is about does not exist here or never happens
  kNotYet,    ///< refused: this version lacks what it needs
  kNotHere,   ///< refused: needs a service that this provider does not have
};

/// Where --help lists it; what is refused is not listed.
enum class Group { kRun, kOutput, kModel, kTools, kPrompt, kSession, kOther, kHidden };

struct Flag {
  using Values = const std::vector<std::string>&;
  /// Errors: kInvalidInput; the flag's name is put before the message.
  using Apply = Result<> (*)(Arguments&, Values);

  std::string_view names;  ///< separated by commas, the usual one first; short ones have one dash
  Takes takes;
  std::string_view value;  ///< what --help calls the value
  Group group;
  std::string_view text;  ///< for --help; of a refused flag: why
  Apply apply = nullptr;
  Standing standing = Standing::kServed;

  std::string_view name() const { return names.substr(0, names.find(',')); }
  bool has_name(std::string_view other) const;
};

/// Of `awl [flags] [prompt]`.
std::span<const Flag> session_flags();
/// Of the commands.
std::span<const Flag> status_flags();
std::span<const Flag> models_flags();
std::span<const Flag> auth_flags();
std::span<const Flag> token_flags();
std::span<const Flag> doctor_flags();
std::span<const Flag> policy_flags();
std::span<const Flag> sessions_flags();
std::span<const Flag> config_flags();
std::span<const Flag> mcp_flags();
std::span<const Flag> mcp_serve_flags();
std::span<const Flag> plugin_flags();
std::span<const Flag> acp_flags();
std::span<const Flag> trust_flags();
std::span<const Flag> context_flags();
std::span<const Flag> agents_flags();
std::span<const Flag> purge_flags();
std::span<const Flag> auto_mode_flags();

const Flag* find_flag(std::span<const Flag> flags, std::string_view name);

}  // namespace awl::cli
