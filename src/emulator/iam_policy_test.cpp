#include "emulator/iam_policy.h"

#include <gtest/gtest.h>

#include "emulator/platform_routes.h"

namespace awl::emulator {
namespace {

using Kind = IamDecision::Kind;

constexpr const char* kWorkspaceArn =
    "arn:aws:aws-external-anthropic:us-west-2:123456789012:workspace/wrkspc_01AbCdEf23GhIj";

IamPolicy policy_of(const std::string& statements) {
  auto policy = parse_iam_policy(R"({"Version":"2012-10-17","Statement":)" + statements + "}", "p.json");
  EXPECT_TRUE(policy) << describe(policy.error());
  return policy.value_or(IamPolicy{});
}

Kind decide(const std::vector<IamPolicy>& policies, std::string_view action,
            const std::string& resource = kWorkspaceArn, IamContext context = {}) {
  return evaluate(policies, {"aws-external-anthropic:" + std::string(action), resource, std::move(context)})
      .kind;
}

std::string mistake_in(const std::string& text) {
  const auto policy = parse_iam_policy(text, "p.json");
  return policy ? "accepted" : policy.error().message;
}

TEST(IamPolicy, DeniesByDefaultAndDenialBeatsPermission) {
  EXPECT_EQ(decide({}, "CreateInference"), Kind::kImplicitDeny);
  const IamPolicy allow =
      policy_of(R"({"Effect":"Allow","Action":"aws-external-anthropic:createINFERENCE","Resource":"*"})");
  EXPECT_EQ(decide({allow}, "CreateInference"), Kind::kAllow);
  EXPECT_EQ(decide({allow}, "CountTokens"), Kind::kImplicitDeny);
  const IamPolicy deny =
      policy_of(R"([{"Sid":"No","Effect":"Deny","Action":"aws-external-anthropic:Create*","Resource":"*"}])");
  EXPECT_EQ(decide({allow, deny}, "CreateInference"), Kind::kExplicitDeny);
  EXPECT_EQ(decide({deny, allow}, "CreateInference"), Kind::kExplicitDeny);
  const IamDecision decision =
      evaluate(std::vector{allow, deny}, {"aws-external-anthropic:CreateInference", kWorkspaceArn, {}});
  EXPECT_EQ(decision.policy, "p.json");
  EXPECT_EQ(decision.sid, "No");
}

TEST(IamPolicy, NotActionAndNotResource) {
  const IamPolicy policy = policy_of(
      R"([{"Effect":"Allow","NotAction":["aws-external-anthropic:Delete*","aws-external-anthropic:CreateFile"],
           "NotResource":"arn:aws:aws-external-anthropic:*:*:workspace/wrkspc_other"}])");
  EXPECT_EQ(decide({policy}, "CreateInference"), Kind::kAllow);
  EXPECT_EQ(decide({policy}, "DeleteFile"), Kind::kImplicitDeny);
  EXPECT_EQ(decide({policy}, "CreateInference",
                   "arn:aws:aws-external-anthropic:us-west-2:1:workspace/wrkspc_other"),
            Kind::kImplicitDeny);
}

TEST(IamPolicy, ConditionsAndVariables) {
  const IamPolicy policy = policy_of(R"([{"Effect":"Allow","Action":"*",
    "Resource":"arn:aws:aws-external-anthropic:${aws:RequestedRegion}:*:workspace/*",
    "Condition":{"StringEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}}}])");
  IamContext context = {{"aws:requestedregion", {"us-west-2"}},
                        {"aws:resourcetag/team", {"red"}},
                        {"aws:principaltag/team", {"red"}}};
  EXPECT_EQ(decide({policy}, "CreateInference", kWorkspaceArn, context), Kind::kAllow);
  context["aws:principaltag/team"] = {"blue"};
  EXPECT_EQ(decide({policy}, "CreateInference", kWorkspaceArn, context), Kind::kImplicitDeny);
  EXPECT_EQ(decide({policy}, "CreateInference", kWorkspaceArn), Kind::kImplicitDeny);
}

TEST(IamPolicy, AccountActionsNeedTheWholeAccount) {
  const IamPolicy isolated = policy_of(std::string(R"([{"Effect":"Allow","Action":"aws-external-anthropic:*",
    "Resource":")") + kWorkspaceArn + R"("}])");
  EXPECT_EQ(decide({isolated}, "CreateInference"), Kind::kAllow);
  EXPECT_EQ(decide({isolated}, "CallWithBearerToken", "*"), Kind::kImplicitDeny);
  EXPECT_EQ(decide({isolated}, "ListWorkspaces", "*"), Kind::kImplicitDeny);
}

TEST(IamPolicy, MistakesNameFileLineAndPlace) {
  const auto with = [](const std::string& statement) {
    return mistake_in("{\"Version\":\"2012-10-17\",\n\"Statement\":[\n" + statement + "]}");
  };
  EXPECT_EQ(mistake_in("{}"), "p.json:1: the top level: expected a field \"Statement\"");
  EXPECT_TRUE(mistake_in("{").starts_with("p.json: not valid JSON at line 1"));
  EXPECT_TRUE(
      mistake_in(R"({"Version":"2012","Statement":[]})").contains("Version: expected \"2012-10-17\""));
  EXPECT_TRUE(mistake_in(R"({"Statement":[]})").contains("Statement: expected at least one element"));
  EXPECT_TRUE(
      mistake_in(R"({"Statements":[]})").contains("Statements: expected one of Version, Id, Statement"));
  EXPECT_TRUE(with(R"({"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"})")
                  .starts_with("p.json:3: Statement[0]: a policy of an identity has no Principal"));
  EXPECT_TRUE(
      with(R"({"Effect":"allow","Action":"*","Resource":"*"})").contains("Effect: expected \"Allow\""));
  EXPECT_TRUE(with(R"({"Effect":"Allow","Action":"*"})").contains("expected either Resource or NotResource"));
  EXPECT_TRUE(with(R"({"Effect":"Allow","Action":"*","NotAction":"*","Resource":"*"})")
                  .contains("expected either Action or NotAction"));
  EXPECT_TRUE(with(R"({"Effect":"Allow","Action":"CreateInference","Resource":"*"})")
                  .contains("Statement[0].Action: expected \"*\", or a service and an action"));
  EXPECT_TRUE(with(R"({"Effect":"Allow","Action":[],"Resource":"*"})").contains("at least one element"));
  EXPECT_TRUE(with(R"({"Effect":"Allow","Action":"*","Resource":"wrkspc_1"})").contains("or an ARN"));
  EXPECT_TRUE(
      with(R"({"Effect":"Allow","Action":"*","Resource":"arn:aws:aws-ext*:*"})").contains("no wildcards"));
  EXPECT_TRUE(
      with(R"({"Sid":"a b","Effect":"Allow","Action":"*","Resource":"*"})").contains("letters and digits"));
  EXPECT_TRUE(with(R"({"Sid":"a","Effect":"Allow","Action":"*","Resource":"*"},
    {"Sid":"a","Effect":"Deny","Action":"*","Resource":"*"})")
                  .contains("p.json:4: Statement[1].Sid: the Sid"));
  EXPECT_TRUE(
      with(R"({"Effect":"Allow","Action":"*","Resource":"*","MaxSessions":1})").contains("not this key"));
  EXPECT_TRUE(with(R"({"Effect":"Allow","Effect":"Deny","Action":"*","Resource":"*"})")
                  .contains("\"Effect\" stands twice"));
}

TEST(IamPolicy, ActionsWithoutEffectAreMentioned) {
  const IamPolicy policy = policy_of(
      R"([{"Effect":"Allow","Action":["aws-external-anthropic:CreateInferences","s3:Get*"],"Resource":"*"}])");
  ASSERT_EQ(policy.warnings.size(), 2U);
  EXPECT_TRUE(
      policy.warnings[0].contains("p.json:1: Statement[0].Action[0]: \"aws-external-anthropic:CreateInf"));
}

TEST(ManagedPolicies, GrantWhatIsDocumented) {
  const auto decide_managed = [](std::string_view name, std::string_view action) {
    const auto policy = managed_iam_policy(name);
    EXPECT_TRUE(policy);
    const std::string resource = is_account_action(action) ? "*" : kWorkspaceArn;
    return decide({*policy}, action, resource) == Kind::kAllow;
  };
  for (const std::string_view action : platform_actions())
    EXPECT_TRUE(decide_managed("AnthropicFullAccess", action)) << action;
  EXPECT_TRUE(decide_managed("AnthropicReadOnlyAccess", "GetModel"));
  EXPECT_FALSE(decide_managed("AnthropicReadOnlyAccess", "CreateInference"));
  EXPECT_TRUE(decide_managed("AnthropicInferenceAccess", "CreateInference"));
  EXPECT_TRUE(decide_managed("AnthropicInferenceAccess", "CallWithBearerToken"));
  EXPECT_FALSE(decide_managed("AnthropicInferenceAccess", "CreateFile"));
  EXPECT_FALSE(decide_managed("AnthropicInferenceAccess", "CreateAgent"));
  EXPECT_TRUE(decide_managed("AnthropicLimitedAccess", "RotateWebhookSecret"));
  EXPECT_FALSE(decide_managed("AnthropicLimitedAccess", "AssumeConsole"));
  EXPECT_FALSE(decide_managed("AnthropicSelfHostedEnvironmentAccess", "CreateInference"));
  EXPECT_TRUE(decide_managed("arn:aws:iam::aws:policy/AnthropicInferenceAccess", "CountTokens"));
  EXPECT_FALSE(is_managed_iam_policy("./AnthropicInferenceAccess"));
  EXPECT_TRUE(managed_iam_policy("Anthropic").error().hint.contains("AnthropicLimitedAccess"));
}

TEST(PlatformRoutes, NameTheActionOfEachRoute) {
  const auto action = [](std::string_view method, std::string_view path) -> std::string_view {
    const PlatformRoute* route = find_platform_route(method, path);
    return route == nullptr ? "" : route->action;
  };
  EXPECT_EQ(action("POST", "/v1/messages"), "CreateInference");
  EXPECT_EQ(action("POST", "/v1/messages/count_tokens"), "CountTokens");
  EXPECT_EQ(action("GET", "/v1/models"), "ListModels");
  EXPECT_EQ(action("GET", "/v1/models/claude-opus-5"), "GetModel");
  EXPECT_EQ(action("GET", "/v1/environments/e/work/poll"), "ProcessEnvironmentWork");
  EXPECT_EQ(action("GET", "/v1/environments/e/work/w"), "GetEnvironment");
  EXPECT_EQ(action("DELETE", "/v1/skills/s/versions/1"), "UpdateSkill");
  EXPECT_EQ(action("GET", "/v1/models/"), "");
  EXPECT_EQ(action("GET", "/v1/organizations/users"), "");
  EXPECT_TRUE(is_platform_path("/v1/messages"));
  EXPECT_EQ(platform_actions().size(), 66U);
}

}  // namespace
}  // namespace awl::emulator
