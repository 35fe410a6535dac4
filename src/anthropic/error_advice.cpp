#include "anthropic/error_advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>

#include "base/strings.h"
#include "net/http_date.h"

namespace awl::anthropic {

namespace {

// AWS refuses signatures that are five minutes off; some of it is the way here.
constexpr std::chrono::seconds kTolerated{240};
constexpr std::string_view kServicePrefix = "aws-external-anthropic:";

bool says_any(std::string_view text, std::initializer_list<std::string_view> signs) {
  return std::ranges::any_of(signs, [text](std::string_view sign) { return text.contains(sign); });
}

// The word that begins with `start`, without the punctuation of the sentence around it.
std::string word_from(std::string_view text, std::string_view start) {
  const size_t at = text.find(start);
  if (at == std::string_view::npos) return "";
  std::string_view word = text.substr(at, text.find_first_of(" \t\n\"'<>", at) - at);
  while (!word.empty() && std::string_view(".,;:)").contains(word.back())) word.remove_suffix(1);
  return std::string(word);
}

std::string workspace_arn(const Provider& provider) {
  return fmt::format("arn:aws:aws-external-anthropic:{}:<account>:workspace/{}", provider.region,
                     provider.workspace_id.empty() ? "<workspace>" : provider.workspace_id);
}

std::string region_words(const Provider& provider) {
  return fmt::format("the region in use is {}{}", provider.region,
                     provider.region_source.empty() ? "" : fmt::format(" (from {})", provider.region_source));
}

std::string about_signature(const AdviceFacts& facts) {
  std::string hint = fmt::format(
      "The signature does not fit: check the secret key, and that AWS_REGION is the region of the workspace; "
      "{}.",
      region_words(facts.provider));
  if (!facts.provider.base_url_source.empty() && facts.provider.sign_host.empty()) {
    hint += fmt::format(
        " {} sends requests through another host: when that forwards them unchanged, awsSignHost or "
        "AWL_AWS_SIGN_HOST says "
        "which host to sign for.",
        facts.provider.base_url_source);
  }
  return hint;
}

std::string about_key(const AdviceFacts& facts) {
  return fmt::format(
      "{0} is used instead of AWS credentials. A key that has expired or was deleted is refused: make a new "
      "one (AWS console, "
      "Claude Platform on AWS, API keys; or `awl auth token`), or unset {0} to sign with AWS credentials.",
      facts.provider.auth_source);
}

std::string about_expired(const AdviceFacts& facts) {
  if (!facts.refresh_command.empty()) {
    return fmt::format("Run `{}` (or `awl auth login`) and send the message again.", facts.refresh_command);
  }
  return "Renew the AWS credentials (`aws sso login`, `aws login`, or whatever gives you yours) and send the "
         "message again; the "
         "setting awsAuthRefresh names a command that does it by itself. `awl status` shows where they come "
         "from.";
}

std::string about_permission(const CallError& error, const AdviceFacts& facts) {
  std::string action = word_from(error.error.message, kServicePrefix);
  if (action.empty()) action = std::string(kServicePrefix) + "CreateInference";
  std::string resource = word_from(error.error.message, "arn:aws:aws-external-anthropic:");
  if (resource.empty()) resource = workspace_arn(facts.provider);
  std::string hint = fmt::format(
      "Allow the action {} on {} to the identity that sent this (IAM; `awl doctor --iam` prints a policy)",
      action, resource);
  hint += facts.provider.auth == AuthMethod::kApiKey
              ? ". " + about_key(facts)
              : "; `aws sts get-caller-identity` says which identity that is.";
  return hint;
}

std::string about_workspace(const AdviceFacts& facts) {
  return fmt::format(
      "Check ANTHROPIC_AWS_WORKSPACE_ID ({}), and that AWS_REGION is the region that the workspace is bound "
      "to; {}.",
      facts.provider.workspace_id.empty() ? "not set" : facts.provider.workspace_id,
      region_words(facts.provider));
}

// A 401 or 403 of Claude Platform on AWS. The order is from the surest sign to the vaguest.
std::string about_refusal(const CallError& error, const AdviceFacts& facts, std::string_view text) {
  if (says_any(text, {"outbound web identity federation is disabled"})) {
    return "Once per AWS account, an administrator must run `aws iam "
           "enable-outbound-web-identity-federation`.";
  }
  if (facts.provider.auth == AuthMethod::kBearer || facts.provider.auth == AuthMethod::kNone) {
    return fmt::format(
        "The gateway at {} decides here: CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH leaves signing to it, and {}.",
        facts.provider.base_url,
        facts.provider.auth == AuthMethod::kBearer ? "ANTHROPIC_AUTH_TOKEN is the token that it refused"
                                                   : "ANTHROPIC_AUTH_TOKEN, a token for it, is not set");
  }
  if (blames_clock(error.error.message)) {
    return "The clock of this machine is off: set it (`timedatectl set-ntp true`). Signatures are valid for "
           "five minutes.";
  }
  if (says_any(text, {"workspace"}) &&
      says_any(text, {"not found", "does not exist", "not belong", "region", "invalid", "unknown"}) &&
      !says_any(text, {"not authorized"})) {
    return about_workspace(facts);
  }
  if (says_any(text, {"not authorized to perform", "accessdenied", "access denied", "permission_error",
                      "explicit deny", "no identity-based policy"})) {
    return about_permission(error, facts);
  }
  if (facts.provider.auth == AuthMethod::kApiKey) return about_key(facts);
  if (says_any(text, {"signaturedoesnotmatch", "signature we calculated", "invalidsignature",
                      "credential should be scoped"}))
    return about_signature(facts);
  if (says_any(text, {"expired", "invalidclienttokenid", "unrecognizedclient", "security token"}))
    return about_expired(facts);
  return *error.status == 401 ? about_expired(facts) : about_permission(error, facts);
}

std::string about_money(std::string_view text) {
  if (says_any(text, {"credit balance"})) return "Add credit, or use another account.";
  return "It holds until the first of next month (00:00 UTC), unless the limit is raised or removed: "
         "organization limits under "
         "Settings > Billing, those of a workspace under Settings > Workspaces, in the Claude Console. "
         "Waiting does not help before.";
}

std::string about_bedrock(const AdviceFacts& facts, int status, std::string_view text) {
  if (says_any(text, {"on-demand throughput"})) {
    return "This model is served through an inference profile only: put the region's prefix before its id "
           "(us.anthropic.…), or give the ARN of your own profile.";
  }
  if (status == 403 && says_any(text, {"signature", "expired", "security token"}))
    return says_any(text, {"expired", "security token"}) ? about_expired(facts)
                                                         : "Check the secret key and AWS_REGION.";
  if (status == 403) {
    return fmt::format(
        "The identity needs bedrock:InvokeModelWithResponseStream and bedrock:InvokeModel on the model and "
        "its inference "
        "profile, and the account access to the model (Bedrock console, Model catalog) in {}.",
        facts.provider.region);
  }
  if (status == 400 && says_any(text, {"model identifier is invalid"}))
    return "`aws bedrock list-inference-profiles` lists the ids that this account may use in the region.";
  return "";
}

std::string advice_for(const CallError& error, const AdviceFacts& facts) {
  const std::string text = to_lower(error.error.message);
  const bool on_aws = facts.provider.kind == ProviderKind::kClaudePlatformOnAws;
  const int status = error.status.value_or(0);
  if (error.category == "billing_error") return about_money(text);
  if (is_too_long(error))
    return "Go on in a new session, or with a model that has a longer window (--model …[1m]).";
  if (facts.provider.kind == ProviderKind::kBedrock) {
    if (std::string hint = about_bedrock(facts, status, text); !hint.empty()) return hint;
  }
  if (facts.provider.kind == ProviderKind::kFoundry && (status == 401 || status == 403)) {
    return "Check the key (ANTHROPIC_FOUNDRY_API_KEY) or the sign-in (`az login`), and that the identity has "
           "the role Azure AI "
           "User on the resource.";
  }
  if (on_aws && (status == 401 || status == 403)) return about_refusal(error, facts, text);
  if (on_aws && (status == 400 || status == 404) && says_any(text, {"workspace"}))
    return about_workspace(facts);
  if (status == 400 && says_any(text, {"inference_geo"}))
    return "Models of before 4.6 take no inference_geo: choose another with --model, or take the field out "
           "of CLAUDE_CODE_EXTRA_BODY.";
  if (status == 429) {
    return "Limits hold for the workspace and a family of models (anthropic-ratelimit-* headers). "
           "CLAUDE_CODE_RETRY_WATCHDOG=1 "
           "waits as long as it takes; another --model has limits of its own.";
  }
  if (error.category == "overloaded" && !facts.has_fallback)
    return "--fallback-model names a model that stands in when this one is overloaded.";
  return "";
}

// The sentence that people search for, before what the server said.
std::string_view lead_for(const CallError& error, const AdviceFacts& facts) {
  if (is_too_long(error)) return "Prompt is too long";
  if (facts.provider.kind != ProviderKind::kClaudePlatformOnAws || facts.provider.auth != AuthMethod::kSigV4)
    return "";
  if (error.status == 401) return "AWS credentials expired or invalid";
  return error.status == 403 ? "AWS authentication failed" : "";
}

}  // namespace

void advise(CallError& error, const AdviceFacts& facts) {
  std::string hint = advice_for(error, facts);
  if (error.error.hint.empty()) error.error.hint = std::move(hint);
  if (const std::string_view lead = lead_for(error, facts);
      !lead.empty() && !error.error.message.starts_with(lead))
    error.error.message = fmt::format("{}. {}", lead, error.error.message);
}

std::optional<std::chrono::seconds> clock_skew(const net::Headers& headers, TimePoint now) {
  const std::string* date = net::find_header(headers, "date");
  const auto theirs = date == nullptr ? std::nullopt : net::parse_http_date(*date);
  if (!theirs) return std::nullopt;
  const auto behind = std::chrono::duration_cast<std::chrono::seconds>(*theirs - now);
  if (std::chrono::abs(behind) < kTolerated) return std::nullopt;
  return behind;
}

bool blames_clock(std::string_view message) {
  const std::string text = to_lower(message);
  return says_any(text, {"signature expired", "signature not yet current", "requesttimetooskewed",
                         "requestexpired", "request has expired"});
}

}  // namespace awl::anthropic
