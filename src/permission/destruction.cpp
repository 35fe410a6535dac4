#include "permission/destruction.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "permission/bash_rules.h"
#include "permission/wrappers.h"

namespace awl::permission {
namespace {

using Words = std::span<const Word>;

bool has(Words words, std::string_view text) {
  return std::ranges::any_of(words, [text](const Word& word) { return word.text == text; });
}

bool has_start(Words words, std::string_view start) {
  return std::ranges::any_of(words, [start](const Word& word) { return word.text.starts_with(start); });
}

// A letter among those of -f, -fd, -xdf.
bool has_letter(Words words, char letter) {
  return std::ranges::any_of(words, [letter](const Word& word) {
    return word.text.size() > 1 && word.text[0] == '-' && word.text[1] != '-' && word.text.contains(letter);
  });
}

// `words` from the first operand on; flags in `with_value` take the word behind them.
template <typename List>
Words skip_flags(Words words, const List& with_value) {
  size_t i = 0;
  while (i < words.size() && words[i].text.starts_with('-')) {
    const bool takes = std::ranges::find(with_value, words[i].text) != with_value.end();
    i += takes ? 2 : 1;
  }
  return words.subspan(std::min(i, words.size()));
}

bool destroys_with_push(Words words) {
  return has_start(words, "--force") || has_letter(words, 'f') || has(words, "--delete") ||
         has_letter(words, 'd') || has(words, "--mirror") || has(words, "--prune") || has_start(words, "+") ||
         has_start(words, ":");
}

bool destroys_with_git(std::string_view verb, Words rest) {
  if (verb == "push") return destroys_with_push(rest);
  if (verb == "reset") return has(rest, "--hard");
  if (verb == "clean") return has_letter(rest, 'f') || has(rest, "--force");
  if (verb == "branch") return has_letter(rest, 'D') || (has(rest, "--delete") && has(rest, "--force"));
  if (verb == "stash") return has(rest, "drop") || has(rest, "clear");
  if (verb == "reflog") return has(rest, "expire") || has(rest, "delete");
  if (verb == "update-ref") return has(rest, "-d") || has(rest, "--stdin");
  if (verb == "gc" || verb == "prune") return verb == "prune" || has_start(rest, "--prune");
  if (verb == "worktree") return has(rest, "remove") && (has_letter(rest, 'f') || has(rest, "--force"));
  return verb == "filter-branch" || verb == "filter-repo";
}

bool destroys_with_terraform(std::string_view verb, Words rest) {
  if (verb == "apply") return has_start(rest, "-destroy") || has_start(rest, "--destroy");
  if (verb == "state") return has(rest, "rm") || has(rest, "push");
  if (verb == "workspace") return has(rest, "delete");
  return verb == "destroy" || verb == "force-unlock";
}

bool destroys_with_kubectl(std::string_view verb, Words rest) {
  if (verb == "apply") return has_start(rest, "--prune");
  if (verb == "replace") return has_start(rest, "--force");
  if (verb == "scale") return has(rest, "--replicas=0");
  return verb == "delete" || verb == "drain";
}

bool destroys_with_aws(std::string_view service, Words rest) {
  static constexpr std::array<std::string_view, 9> kStarts = {
      "delete-", "batch-delete-",         "terminate-", "deregister-", "purge-", "remove-",
      "revoke-", "schedule-key-deletion", "release-"};
  if (service == "s3") return has(rest, "rm") || has(rest, "rb") || has(rest, "mv") || has(rest, "--delete");
  return std::ranges::any_of(kStarts, [&](std::string_view start) { return has_start(rest, start); });
}

struct Program {
  std::string_view name;
  std::vector<std::string_view> flags_with_value;  // before the verb
  bool (*destroys)(std::string_view verb, Words rest);
};

const std::vector<Program>& programs() {
  static const std::vector<Program> kPrograms = {
      {"git", {"-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path"}, destroys_with_git},
      {"terraform", {}, destroys_with_terraform},
      {"tofu", {}, destroys_with_terraform},
      {"kubectl",
       {"-n", "--namespace", "--context", "--cluster", "--user", "--kubeconfig", "-s", "--server", "--token"},
       destroys_with_kubectl},
      {"aws",
       {"--profile", "--region", "--output", "--query", "--endpoint-url", "--color", "--ca-bundle",
        "--cli-read-timeout", "--cli-connect-timeout", "--cli-binary-format"},
       destroys_with_aws}};
  return kPrograms;
}

}  // namespace

std::optional<std::string> find_destruction(Words words) {
  if (words.empty()) return std::nullopt;
  const std::string_view name = base_name(words[0].text);
  const auto& known = programs();
  const auto program = std::ranges::find(known, name, &Program::name);
  if (program == known.end()) return std::nullopt;
  const Words from_verb = skip_flags(words.subspan(1), program->flags_with_value);
  if (from_verb.empty()) return std::nullopt;
  // aws has its verb behind the service.
  const size_t verbs = name == "aws" && from_verb.size() > 1 ? 2 : 1;
  for (const Word& word : from_verb.first(verbs)) {
    if (!word.is_literal()) return fmt::format("what {} is to do comes out of {}", name, word.source);
  }
  if (!program->destroys(from_verb[0].text, from_verb.subspan(1))) return std::nullopt;
  return fmt::format("`{}` destroys what nobody gets back", join_words(words));
}

}  // namespace awl::permission
