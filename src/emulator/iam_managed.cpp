// The platform's managed policies. Source: platform docs, "IAM actions for Claude Platform on AWS".
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "emulator/iam_policy.h"
#include "emulator/platform_routes.h"

namespace awl::emulator {

namespace {

struct Managed {
  std::string_view name;
  std::string_view actions;  ///< separated by spaces
};

constexpr std::string_view kReadOnly = "Get* List* CallWithBearerToken";
constexpr std::string_view kInference =
    "Get* List* CreateInference CreateBatchInference CancelBatchInference DeleteBatchInference CountTokens "
    "CallWithBearerToken";
/// Inference, and every action of managed agents.
constexpr std::string_view kLimited =
    "Get* List* CreateInference CreateBatchInference CancelBatchInference DeleteBatchInference CountTokens "
    "CallWithBearerToken "
    "CreateAgent UpdateAgent ArchiveAgent CreateSession UpdateSession ArchiveSession DeleteSession "
    "CreateEnvironment UpdateEnvironment ArchiveEnvironment DeleteEnvironment ProcessEnvironmentWork "
    "CreateVault UpdateVault ArchiveVault DeleteVault CreateMemoryStore UpdateMemoryStore ArchiveMemoryStore "
    "DeleteMemoryStore CreateWebhook UpdateWebhook DeleteWebhook RotateWebhookSecret";
constexpr std::string_view kSelfHosted =
    "GetEnvironment ProcessEnvironmentWork GetSession UpdateSession GetSkill CallWithBearerToken";

constexpr std::array kManaged = {
    Managed{"AnthropicFullAccess", "*"},
    Managed{"AnthropicReadOnlyAccess", kReadOnly},
    Managed{"AnthropicInferenceAccess", kInference},
    Managed{"AnthropicLimitedAccess", kLimited},
    Managed{"AnthropicSelfHostedEnvironmentAccess", kSelfHosted},
};

constexpr std::string_view kArnPrefix = "arn:aws:iam::aws:policy/";

std::string_view without_arn(std::string_view name) {
  if (name.starts_with(kArnPrefix)) name.remove_prefix(kArnPrefix.size());
  return name;
}

IamTemplate literal(std::string text) {
  return {{{.is_variable = false, .text = std::move(text), .fallback = {}}}};
}

}  // namespace

bool is_managed_iam_policy(std::string_view name) {
  return std::ranges::find(kManaged, without_arn(name), &Managed::name) != kManaged.end();
}

Result<IamPolicy> managed_iam_policy(std::string_view name) {
  const auto found = std::ranges::find(kManaged, without_arn(name), &Managed::name);
  if (found == kManaged.end()) {
    std::vector<std::string> names;
    for (const Managed& managed : kManaged) names.emplace_back(managed.name);
    return fail(ErrorKind::kNotFound, fmt::format("there is no managed policy \"{}\"", name),
                "They are " + join(names, ", ") + ".");
  }
  IamPolicy policy;
  policy.name = std::string(found->name);
  IamStatement statement;
  for (const std::string_view action : split(found->actions, ' '))
    statement.actions.push_back(literal(fmt::format("{}:{}", kPlatformService, action)));
  statement.resources.push_back(literal("*"));
  policy.statements.push_back(std::move(statement));
  return policy;
}

}  // namespace awl::emulator
