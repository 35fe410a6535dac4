#include "emulator/iam_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "emulator/contains.h"
#include "emulator/node.h"
#include "emulator/platform_routes.h"

namespace awl::emulator {

namespace {

constexpr uint64_t kMaxPolicyBytes = 1 << 20;
constexpr std::string_view kPolicyHint =
    "AWS describes the language in \"IAM JSON policy element reference\"; docs/emulator.md says what of it "
    "is "
    "evaluated.";

bool is_name(std::string_view text, std::string_view also) {
  return std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || also.contains(c);
  });
}

class PolicyReader {
 public:
  explicit PolicyReader(IamPolicy& out) : out_(out) {}

  Result<> read(const Node& node) {
    AWL_CHECK(node.object({"Version", "Id", "Statement"}));
    AWL_CHECK(optional_field(node, "Version", [&](const Node& field) -> Result<> {
      AWL_TRY(const std::string version, field.text());
      if (version != "2012-10-17" && version != "2008-10-17")
        return field.expected("\"2012-10-17\" or \"2008-10-17\"");
      with_variables_ = version == "2012-10-17";
      return {};
    }));
    AWL_CHECK(optional_field(node, "Id", [](const Node& field) -> Result<> {
      AWL_TRY(std::ignore, field.text());
      return {};
    }));
    const auto statements = node.find("Statement");
    if (!statements) return node.expected("a field \"Statement\"");
    return one_or_more(*statements, [&](const Node& statement) { return read_statement(statement); });
  }

 private:
  Result<> read_statement(const Node& node) {
    if (node.value().is_object() && (node.find("Principal") || node.find("NotPrincipal")))
      return node.wrong("a policy of an identity has no Principal: it belongs to whom it is attached to");
    AWL_CHECK(node.object({"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}));
    IamStatement statement;
    AWL_CHECK(read_sid(node, statement));
    AWL_TRY(const std::string effect, node.required_text("Effect"));
    if (effect != "Allow" && effect != "Deny")
      return node.child("Effect").expected("\"Allow\" or \"Deny\", in this case of letters");
    statement.is_deny = effect == "Deny";
    AWL_TRY(statement.is_not_action, which(node, "Action", "NotAction"));
    AWL_CHECK(one_or_more(node.child(statement.is_not_action ? "NotAction" : "Action"),
                          [&](const Node& action) { return read_action(action, statement); }));
    AWL_TRY(statement.is_not_resource, which(node, "Resource", "NotResource"));
    AWL_CHECK(one_or_more(node.child(statement.is_not_resource ? "NotResource" : "Resource"),
                          [&](const Node& resource) { return read_resource(resource, statement); }));
    AWL_CHECK(optional_field(node, "Condition", [&](const Node& field) {
      return read_iam_conditions(field, with_variables_, statement.conditions);
    }));
    out_.statements.push_back(std::move(statement));
    return {};
  }

  Result<> read_sid(const Node& node, IamStatement& statement) {
    return optional_field(node, "Sid", [&](const Node& field) -> Result<> {
      AWL_TRY(statement.sid, field.text());
      if (!is_name(statement.sid, "")) return field.expected("letters and digits alone");
      if (!statement.sid.empty() && !sids_.insert(statement.sid).second)
        return field.wrong(fmt::format("the Sid \"{}\" stands twice in this policy", statement.sid));
      return {};
    });
  }

  /// True when the second of two elements is given. Errors: none or both are.
  static Result<bool> which(const Node& node, std::string_view element, std::string_view negated) {
    const bool has_element = node.find(element).has_value();
    const bool has_negated = node.find(negated).has_value();
    if (has_element == has_negated) return node.expected(fmt::format("either {} or {}", element, negated));
    return has_negated;
  }

  Result<> read_action(const Node& node, IamStatement& statement) {
    AWL_TRY(const std::string text, node.text());
    const size_t colon = text.find(':');
    const bool is_whole = text == "*";
    const bool is_sound = colon != std::string::npos && colon > 0 && is_name(text.substr(0, colon), "-") &&
                          colon + 1 < text.size() && is_name(text.substr(colon + 1), "*?");
    if (!is_whole && !is_sound)
      return node.expected(
          "\"*\", or a service and an action such as aws-external-anthropic:CreateInference");
    AWL_TRY(IamTemplate pattern, parse_iam_template(text, false));
    warn_when_idle(node, text, pattern);
    statement.actions.push_back(std::move(pattern));
    return {};
  }

  void warn_when_idle(const Node& node, const std::string& text, const IamTemplate& pattern) {
    const IamGlob glob = *expand(pattern, {}, true);
    const bool is_used = std::ranges::any_of(platform_actions(), [&](std::string_view action) {
      return glob_matches(glob, fmt::format("{}:{}", kPlatformService, action), true);
    });
    if (is_used) return;
    out_.warnings.push_back(fmt::format("{}:{}: {}: \"{}\" is no action of {}; it has no effect here",
                                        node.source().file, node.line(), node.place(), text,
                                        kPlatformService));
  }

  Result<> read_resource(const Node& node, IamStatement& statement) {
    AWL_TRY(const std::string text, node.text());
    auto pattern = parse_iam_template(text, with_variables_);
    if (!pattern) return node.wrong(pattern.error().message);
    if (text != "*" && !text.starts_with("arn:")) {
      return node.expected(
          "\"*\" or an ARN such as "
          "arn:aws:aws-external-anthropic:us-east-1:123456789012:workspace/wrkspc_01");
    }
    if (text != "*") {
      AWL_CHECK(check_service(node, text));
    }
    statement.resources.push_back(std::move(*pattern));
    return {};
  }

  static Result<> check_service(const Node& node, std::string_view arn) {
    for (int skipped = 0; skipped < 2; ++skipped) {
      const size_t colon = arn.find(':');
      if (colon == std::string_view::npos) return {};
      arn.remove_prefix(colon + 1);
    }
    const std::string_view service = arn.substr(0, arn.find(':'));
    if (service.find_first_of("*?") == std::string_view::npos || service == "*") return {};
    return node.wrong("the service of an ARN has no wildcards");
  }

  IamPolicy& out_;
  bool with_variables_ = false;
  std::set<std::string> sids_;
};

bool action_applies(const IamStatement& statement, const std::string& action) {
  const bool any = std::ranges::any_of(statement.actions, [&](const IamTemplate& pattern) {
    const auto glob = expand(pattern, {}, true);
    return glob && glob_matches(*glob, action, true);
  });
  return any != statement.is_not_action;
}

bool resource_applies(const IamStatement& statement, const IamRequest& request) {
  const bool any = std::ranges::any_of(statement.resources, [&](const IamTemplate& pattern) {
    const auto glob = expand(pattern, request.context, true);
    return glob && arn_matches(*glob, request.resource);
  });
  return any != statement.is_not_resource;
}

bool applies(const IamStatement& statement, const IamRequest& request) {
  return action_applies(statement, request.action) && resource_applies(statement, request) &&
         std::ranges::all_of(statement.conditions, [&](const IamCondition& condition) {
           return holds(condition, request.context);
         });
}

}  // namespace

Result<IamPolicy> read_iam_policy(const Node& node, std::string name) {
  IamPolicy policy;
  policy.name = std::move(name);
  AWL_CHECK(PolicyReader(policy).read(node));
  return policy;
}

Result<IamPolicy> parse_iam_policy(std::string text, const std::string& file) {
  const JsonSource source{file, std::move(text), std::string(kPolicyHint)};
  AWL_TRY(const json::Value root, parse_source(source));
  return read_iam_policy(Node(root, source), file);
}

Result<IamPolicy> load_iam_policy(const os::Path& file) {
  AWL_TRY(std::string text, os::read_file(file, kMaxPolicyBytes));
  return parse_iam_policy(std::move(text), file.string());
}

IamDecision evaluate(std::span<const IamPolicy> policies, const IamRequest& request) {
  IamDecision decision;
  for (const IamPolicy& policy : policies) {
    for (const IamStatement& statement : policy.statements) {
      if (decision.kind == IamDecision::Kind::kAllow && !statement.is_deny) continue;
      if (!applies(statement, request)) continue;
      const auto kind = statement.is_deny ? IamDecision::Kind::kExplicitDeny : IamDecision::Kind::kAllow;
      decision = {kind, policy.name, statement.sid};
      if (statement.is_deny) return decision;
    }
  }
  return decision;
}

}  // namespace awl::emulator
