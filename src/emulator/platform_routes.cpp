#include "emulator/platform_routes.h"

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "emulator/contains.h"

namespace awl::emulator {

namespace {

// Fixed segments stand before "{}" in the same place, so that the first row that fits is the right one.
constexpr std::array kRoutes = {
    PlatformRoute{"GET", "/v1/agents", "ListAgents"},
    PlatformRoute{"POST", "/v1/agents", "CreateAgent"},
    PlatformRoute{"GET", "/v1/agents/{}", "GetAgent"},
    PlatformRoute{"POST", "/v1/agents/{}", "UpdateAgent"},
    PlatformRoute{"POST", "/v1/agents/{}/archive", "ArchiveAgent"},
    PlatformRoute{"GET", "/v1/agents/{}/versions", "GetAgent"},
    PlatformRoute{"GET", "/v1/compliance/activities", "ListComplianceActivities"},
    PlatformRoute{"GET", "/v1/environments", "ListEnvironments"},
    PlatformRoute{"POST", "/v1/environments", "CreateEnvironment"},
    PlatformRoute{"DELETE", "/v1/environments/{}", "DeleteEnvironment"},
    PlatformRoute{"GET", "/v1/environments/{}", "GetEnvironment"},
    PlatformRoute{"POST", "/v1/environments/{}", "UpdateEnvironment"},
    PlatformRoute{"POST", "/v1/environments/{}/archive", "ArchiveEnvironment"},
    PlatformRoute{"GET", "/v1/environments/{}/work", "GetEnvironment"},
    PlatformRoute{"GET", "/v1/environments/{}/work/poll", "ProcessEnvironmentWork"},
    PlatformRoute{"GET", "/v1/environments/{}/work/stats", "GetEnvironment"},
    PlatformRoute{"GET", "/v1/environments/{}/work/{}", "GetEnvironment"},
    PlatformRoute{"POST", "/v1/environments/{}/work/{}", "ProcessEnvironmentWork"},
    PlatformRoute{"POST", "/v1/environments/{}/work/{}/ack", "ProcessEnvironmentWork"},
    PlatformRoute{"POST", "/v1/environments/{}/work/{}/heartbeat", "ProcessEnvironmentWork"},
    PlatformRoute{"POST", "/v1/environments/{}/work/{}/stop", "ProcessEnvironmentWork"},
    PlatformRoute{"GET", "/v1/files", "ListFiles"},
    PlatformRoute{"POST", "/v1/files", "CreateFile"},
    PlatformRoute{"DELETE", "/v1/files/{}", "DeleteFile"},
    PlatformRoute{"GET", "/v1/files/{}", "GetFile"},
    PlatformRoute{"GET", "/v1/files/{}/content", "GetFile"},
    PlatformRoute{"GET", "/v1/memory_stores", "ListMemoryStores"},
    PlatformRoute{"POST", "/v1/memory_stores", "CreateMemoryStore"},
    PlatformRoute{"DELETE", "/v1/memory_stores/{}", "DeleteMemoryStore"},
    PlatformRoute{"GET", "/v1/memory_stores/{}", "GetMemoryStore"},
    PlatformRoute{"POST", "/v1/memory_stores/{}", "UpdateMemoryStore"},
    PlatformRoute{"POST", "/v1/memory_stores/{}/archive", "ArchiveMemoryStore"},
    PlatformRoute{"GET", "/v1/memory_stores/{}/memories", "GetMemoryStore"},
    PlatformRoute{"POST", "/v1/memory_stores/{}/memories", "UpdateMemoryStore"},
    PlatformRoute{"DELETE", "/v1/memory_stores/{}/memories/{}", "UpdateMemoryStore"},
    PlatformRoute{"GET", "/v1/memory_stores/{}/memories/{}", "GetMemoryStore"},
    PlatformRoute{"POST", "/v1/memory_stores/{}/memories/{}", "UpdateMemoryStore"},
    PlatformRoute{"GET", "/v1/memory_stores/{}/memory_versions", "GetMemoryStore"},
    PlatformRoute{"GET", "/v1/memory_stores/{}/memory_versions/{}", "GetMemoryStore"},
    PlatformRoute{"POST", "/v1/memory_stores/{}/memory_versions/{}/redact", "UpdateMemoryStore"},
    PlatformRoute{"POST", "/v1/messages", "CreateInference"},
    PlatformRoute{"GET", "/v1/messages/batches", "ListBatchInferences"},
    PlatformRoute{"POST", "/v1/messages/batches", "CreateBatchInference"},
    PlatformRoute{"DELETE", "/v1/messages/batches/{}", "DeleteBatchInference"},
    PlatformRoute{"GET", "/v1/messages/batches/{}", "GetBatchInference"},
    PlatformRoute{"POST", "/v1/messages/batches/{}/cancel", "CancelBatchInference"},
    PlatformRoute{"GET", "/v1/messages/batches/{}/results", "GetBatchInference"},
    PlatformRoute{"POST", "/v1/messages/count_tokens", "CountTokens"},
    PlatformRoute{"GET", "/v1/models", "ListModels"},
    PlatformRoute{"GET", "/v1/models/{}", "GetModel"},
    PlatformRoute{"GET", "/v1/organizations/workspaces", "ListWorkspaces"},
    PlatformRoute{"POST", "/v1/organizations/workspaces", "CreateWorkspace"},
    PlatformRoute{"GET", "/v1/organizations/workspaces/{}", "GetWorkspace"},
    PlatformRoute{"POST", "/v1/organizations/workspaces/{}", "UpdateWorkspace"},
    PlatformRoute{"POST", "/v1/organizations/workspaces/{}/archive", "ArchiveWorkspace"},
    PlatformRoute{"GET", "/v1/sessions", "ListSessions"},
    PlatformRoute{"POST", "/v1/sessions", "CreateSession"},
    PlatformRoute{"DELETE", "/v1/sessions/{}", "DeleteSession"},
    PlatformRoute{"GET", "/v1/sessions/{}", "GetSession"},
    PlatformRoute{"POST", "/v1/sessions/{}", "UpdateSession"},
    PlatformRoute{"POST", "/v1/sessions/{}/archive", "ArchiveSession"},
    PlatformRoute{"GET", "/v1/sessions/{}/events", "GetSession"},
    PlatformRoute{"POST", "/v1/sessions/{}/events", "UpdateSession"},
    PlatformRoute{"GET", "/v1/sessions/{}/events/stream", "GetSession"},
    PlatformRoute{"GET", "/v1/sessions/{}/resources", "GetSession"},
    PlatformRoute{"POST", "/v1/sessions/{}/resources", "UpdateSession"},
    PlatformRoute{"DELETE", "/v1/sessions/{}/resources/{}", "UpdateSession"},
    PlatformRoute{"GET", "/v1/sessions/{}/resources/{}", "GetSession"},
    PlatformRoute{"POST", "/v1/sessions/{}/resources/{}", "UpdateSession"},
    PlatformRoute{"GET", "/v1/skills", "ListSkills"},
    PlatformRoute{"POST", "/v1/skills", "CreateSkill"},
    PlatformRoute{"DELETE", "/v1/skills/{}", "DeleteSkill"},
    PlatformRoute{"GET", "/v1/skills/{}", "GetSkill"},
    PlatformRoute{"GET", "/v1/skills/{}/versions", "GetSkill"},
    PlatformRoute{"POST", "/v1/skills/{}/versions", "UpdateSkill"},
    PlatformRoute{"DELETE", "/v1/skills/{}/versions/{}", "UpdateSkill"},
    PlatformRoute{"GET", "/v1/skills/{}/versions/{}", "GetSkill"},
    PlatformRoute{"GET", "/v1/skills/{}/versions/{}/content", "GetSkill"},
    PlatformRoute{"GET", "/v1/user_profiles", "ListUserProfiles"},
    PlatformRoute{"POST", "/v1/user_profiles", "CreateUserProfile"},
    PlatformRoute{"GET", "/v1/user_profiles/{}", "GetUserProfile"},
    PlatformRoute{"POST", "/v1/user_profiles/{}", "UpdateUserProfile"},
    PlatformRoute{"GET", "/v1/vaults", "ListVaults"},
    PlatformRoute{"POST", "/v1/vaults", "CreateVault"},
    PlatformRoute{"DELETE", "/v1/vaults/{}", "DeleteVault"},
    PlatformRoute{"GET", "/v1/vaults/{}", "GetVault"},
    PlatformRoute{"POST", "/v1/vaults/{}", "UpdateVault"},
    PlatformRoute{"POST", "/v1/vaults/{}/archive", "ArchiveVault"},
    PlatformRoute{"GET", "/v1/vaults/{}/credentials", "GetVault"},
    PlatformRoute{"POST", "/v1/vaults/{}/credentials", "UpdateVault"},
    PlatformRoute{"DELETE", "/v1/vaults/{}/credentials/{}", "UpdateVault"},
    PlatformRoute{"GET", "/v1/vaults/{}/credentials/{}", "GetVault"},
    PlatformRoute{"POST", "/v1/vaults/{}/credentials/{}", "UpdateVault"},
    PlatformRoute{"POST", "/v1/vaults/{}/credentials/{}/archive", "UpdateVault"},
    PlatformRoute{"GET", "/v1/webhooks", "ListWebhooks"},
    PlatformRoute{"POST", "/v1/webhooks", "CreateWebhook"},
    PlatformRoute{"DELETE", "/v1/webhooks/{}", "DeleteWebhook"},
    PlatformRoute{"GET", "/v1/webhooks/{}", "GetWebhook"},
    PlatformRoute{"POST", "/v1/webhooks/{}", "UpdateWebhook"},
    PlatformRoute{"POST", "/v1/webhooks/{}/regenerate_signing_secret", "RotateWebhookSecret"},
};

constexpr std::array<std::string_view, 66> kActions = {
    "ArchiveAgent",
    "ArchiveEnvironment",
    "ArchiveMemoryStore",
    "ArchiveSession",
    "ArchiveVault",
    "ArchiveWorkspace",
    "AssumeConsole",
    "CallWithBearerToken",
    "CancelBatchInference",
    "CountTokens",
    "CreateAgent",
    "CreateBatchInference",
    "CreateEnvironment",
    "CreateFile",
    "CreateInference",
    "CreateMemoryStore",
    "CreateSession",
    "CreateSkill",
    "CreateUserProfile",
    "CreateVault",
    "CreateWebhook",
    "CreateWorkspace",
    "DeleteBatchInference",
    "DeleteEnvironment",
    "DeleteFile",
    "DeleteMemoryStore",
    "DeleteSession",
    "DeleteSkill",
    "DeleteVault",
    "DeleteWebhook",
    "GetAgent",
    "GetBatchInference",
    "GetEnvironment",
    "GetFile",
    "GetMemoryStore",
    "GetModel",
    "GetSession",
    "GetSkill",
    "GetUserProfile",
    "GetVault",
    "GetWebhook",
    "GetWorkspace",
    "ListAgents",
    "ListBatchInferences",
    "ListComplianceActivities",
    "ListEnvironments",
    "ListFiles",
    "ListMemoryStores",
    "ListModels",
    "ListSessions",
    "ListSkills",
    "ListUserProfiles",
    "ListVaults",
    "ListWebhooks",
    "ListWorkspaces",
    "ProcessEnvironmentWork",
    "RotateWebhookSecret",
    "UpdateAgent",
    "UpdateEnvironment",
    "UpdateMemoryStore",
    "UpdateSession",
    "UpdateSkill",
    "UpdateUserProfile",
    "UpdateVault",
    "UpdateWebhook",
    "UpdateWorkspace",
};

constexpr std::array<std::string_view, 5> kAccountActions = {
    "AssumeConsole", "CallWithBearerToken", "CreateWorkspace", "ListComplianceActivities", "ListWorkspaces"};

bool fits(std::string_view pattern, std::string_view path) {
  const auto wanted = split(pattern, '/');
  const auto given = split(path, '/');
  if (wanted.size() != given.size()) return false;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == "{}" ? given[i].empty() : wanted[i] != given[i]) return false;
  }
  return true;
}

}  // namespace

const PlatformRoute* find_platform_route(std::string_view method, std::string_view path) {
  const auto found = std::ranges::find_if(
      kRoutes, [&](const PlatformRoute& route) { return route.method == method && fits(route.path, path); });
  return found == kRoutes.end() ? nullptr : &*found;
}

bool is_platform_path(std::string_view path) {
  return std::ranges::any_of(kRoutes, [&](const PlatformRoute& route) { return fits(route.path, path); });
}

std::span<const std::string_view> platform_actions() { return kActions; }

bool is_account_action(std::string_view action) { return contains(kAccountActions, action); }

}  // namespace awl::emulator
