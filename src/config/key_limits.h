// Who may decide which key of the settings. Source: product documentation, "settings-reference" (the scope of
// each key), and DESIGN.md, "What the sources leave open".
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "config/settings.h"
#include "json/json.h"

namespace awl::config {

enum class KeyLimit {
  kTrusted,     ///< not a project that the person does not trust
  kNotShared,   ///< not .claude/settings.json; .claude/settings.local.json only in a trusted folder
  kNotProject,  ///< never a project
  kManaged,     ///< the managed settings alone
};

struct LimitedKey {
  std::string_view key;  ///< with dots: permissions.allow
  KeyLimit limit = KeyLimit::kTrusted;
};

/// Every key that not everybody may set: what widens, redirects, authenticates, starts something by itself or
/// deletes. What is not here only tightens, or changes nothing about what may run.
std::span<const LimitedKey> limited_keys();

/// May a file of `scope` set a key of this limit?
bool may_set(KeyLimit limit, Scope scope, bool trusted);

/// Takes out of `root` what `scope` may not set; `problem` is told each key and what became of it.
void remove_limited_keys(json::Value& root, Scope scope, bool trusted,
                         const std::function<void(std::string_view key, std::string_view sentence)>& problem);

}  // namespace awl::config
