// The property: whatever key a project's settings hold, they decide nothing that the table does not let them.
#include "config/key_limits.h"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

namespace awl::config {
namespace {

constexpr Scope kScopes[] = {Scope::kUser, Scope::kProject, Scope::kLocal, Scope::kFlag, Scope::kManaged};

// Keys that anybody may set: they tighten, or change nothing about what may run.
constexpr const char* kOpenKeys[] = {"alwaysThinkingEnabled",
                                     "autoCompactEnabled",
                                     "autoMemoryEnabled",
                                     "claudeMdExcludes",
                                     "deniedMcpServers",
                                     "disableAutoMode",
                                     "disabledMcpjsonServers",
                                     "disableSkillShellExecution",
                                     "effortLevel",
                                     "fallbackModel",
                                     "hooks",
                                     "model",
                                     "outputStyle",
                                     "permissions.ask",
                                     "permissions.deny",
                                     "permissions.disableAutoMode",
                                     "permissions.disableBypassPermissionsMode",
                                     "skillOverrides",
                                     "switchModelsOnFlag",
                                     "ultracode",
                                     "worktree.baseRef",
                                     "agent",
                                     "aKeyOfTomorrow"};

json::Value object_with(std::string_view key) {
  json::Value value = "x";
  for (size_t dot = key.rfind('.'); dot != std::string_view::npos; dot = key.rfind('.')) {
    value = json::Value{{std::string(key.substr(dot + 1)), value}};
    key = key.substr(0, dot);
  }
  return json::Value{{std::string(key), value}};
}

// What is left of a file with this key alone; the other out: how many problems were told.
json::Value filtered(std::string_view key, Scope scope, bool trusted, int& problems) {
  json::Value root = object_with(key);
  remove_limited_keys(root, scope, trusted, [&](std::string_view, std::string_view) { ++problems; });
  return root;
}

TEST(KeyLimits, EveryKeyInEveryScopeIsKeptOrRemovedAsTheTableSays) {
  for (const LimitedKey& limited : limited_keys()) {
    for (const Scope scope : kScopes) {
      for (const bool trusted : {false, true}) {
        int problems = 0;
        const bool kept = filtered(limited.key, scope, trusted, problems) == object_with(limited.key);
        EXPECT_EQ(kept, may_set(limited.limit, scope, trusted)) << limited.key << " " << to_string(scope);
        EXPECT_EQ(problems, kept ? 0 : 1) << limited.key;
      }
    }
  }
  for (const char* key : kOpenKeys) {
    for (const Scope scope : kScopes) {
      int problems = 0;
      EXPECT_EQ(filtered(key, scope, false, problems), object_with(key)) << key;
      EXPECT_EQ(problems, 0);
    }
  }
}

TEST(KeyLimits, AProjectThatIsNotTrustedSetsNoKeyOfTheTableAndTheManagedSettingsAll) {
  for (const LimitedKey& limited : limited_keys()) {
    for (const Scope scope : {Scope::kProject, Scope::kLocal})
      EXPECT_FALSE(may_set(limited.limit, scope, /*trusted=*/false)) << limited.key;
    EXPECT_TRUE(may_set(limited.limit, Scope::kManaged, /*trusted=*/false)) << limited.key;
  }
}

TEST(KeyLimits, NoKeyIsListedTwice) {
  std::map<std::string_view, int> seen;
  for (const LimitedKey& limited : limited_keys()) EXPECT_EQ(++seen[limited.key], 1) << limited.key;
}

TEST(KeyLimits, WhatIsNoObjectOnTheWayIsLeftAlone) {
  json::Value root{{"permissions", "all"}, {"sandbox", {{"network", 3}}}};
  const json::Value before = root;
  remove_limited_keys(root, Scope::kProject, false,
                      [](std::string_view key, std::string_view) { FAIL() << key; });
  EXPECT_EQ(root, before);
}

}  // namespace
}  // namespace awl::config
