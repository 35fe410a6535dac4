// Identity-based IAM policies: what a principal may do. Every element of a document is evaluated or refused
// when it is read; none is passed over. Source: AWS IAM User Guide, "IAM JSON policy element reference" and
// "Policy evaluation logic".
#pragma once

#include <span>
#include <string>
#include <vector>

#include "emulator/iam_condition.h"
#include "os/file.h"

namespace awl::emulator {

class Node;

struct IamStatement {
  std::string sid;
  bool is_deny = false;
  std::vector<IamTemplate> actions;
  bool is_not_action = false;
  std::vector<IamTemplate> resources;
  bool is_not_resource = false;
  std::vector<IamCondition> conditions;
};

struct IamPolicy {
  std::string name;  ///< a managed policy's name, or the file
  std::vector<IamStatement> statements;
  std::vector<std::string> warnings;  ///< what is valid and has no effect, a sentence each
};

/// `source` is the whole document, or the file that `node` is a part of.
/// Errors: kInvalidInput "file:line: place: …".
Result<IamPolicy> read_iam_policy(const Node& node, std::string name);
/// Errors: kParse too.
Result<IamPolicy> parse_iam_policy(std::string text, const std::string& file);
/// Errors: those of reading a file too.
Result<IamPolicy> load_iam_policy(const os::Path& file);

/// The managed policy of that name or ARN ("AnthropicInferenceAccess"). Errors: kNotFound, listing the names.
Result<IamPolicy> managed_iam_policy(std::string_view name);
/// True for what managed_iam_policy() has, rather than a file's path.
bool is_managed_iam_policy(std::string_view name);

struct IamRequest {
  std::string action;    ///< "aws-external-anthropic:CreateInference"
  std::string resource;  ///< an ARN, or "*" for what is bound to none
  IamContext context;
};

struct IamDecision {
  enum class Kind { kAllow, kImplicitDeny, kExplicitDeny };
  Kind kind = Kind::kImplicitDeny;
  std::string policy;  ///< whose statement decided; empty for an implicit denial
  std::string sid;
};

/// An explicit denial beats every permission; without a permission it is denied.
IamDecision evaluate(std::span<const IamPolicy> policies, const IamRequest& request);

}  // namespace awl::emulator
