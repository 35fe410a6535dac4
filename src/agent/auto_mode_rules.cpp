// The built-in rules of the mode auto, in words. What they cover: product documentation, "permission-modes",
// "What the classifier blocks by default".
#include "agent/auto_mode.h"

namespace awl::agent {

AutoModeRules default_auto_mode_rules() {
  AutoModeRules rules;
  rules.environment = {
      "Work folder: the folder that the session works in, and the additional folders that the person named.",
      "Repository: the repository of the work folder and the remotes that it had when the session began; a "
      "remote "
      "that was added or changed since then is foreign.",
      "Own machine: programs and ports on localhost that this session started.",
  };
  rules.allow = {
      "Local work: making, changing, moving and removing files of the work folder that this session made or "
      "that are "
      "under version control and committed.",
      "Building and testing: compilers, test runners, linters and formatters of the project.",
      "Declared dependencies: installing what the project's manifests or lock files name, from where they "
      "name it.",
      "Own credentials to their own service: sending a credential of the project's environment to the "
      "service that "
      "it belongs to.",
      "Reading from the network: requests that only read, and carry nothing of the machine.",
      "Pushing: pushing commits of this session to a branch of the repository, the default one included, "
      "when the "
      "branch's name does not mark it as one that is deployed or published from.",
      "Own jobs: stopping and deleting exactly what this session itself started.",
      "Security work: reading, reviewing and writing code about security as the task asks for.",
  };
  rules.soft_deny = {
      "Foreign code: downloading something and running it, or running an installer that the project does not "
      "name.",
      "Version control: force pushes, rewriting or deleting remote branches, tags or releases; amending a "
      "commit that "
      "this session did not make or that is pushed already.",
      "Uncommitted work: what throws away changes that are not committed, such as reset --hard, checkout or "
      "restore "
      "of files, clean -f, and dropping a stash.",
      "Destroying: deleting or overwriting files that were there before the session and are not recoverable; "
      "deletes "
      "by wildcard in temporary or shared folders; recursive deletes whose target is a variable of unknown "
      "value.",
      "Production: deploying, migrating data or changing configuration of what others use; switching feature "
      "flags.",
      "Infrastructure: destroying resources, applying a plan that destroys some, draining machines, deleting "
      "in "
      "cloud storage on a large scale, changing DNS, certificates or secret stores.",
      "Access: granting permissions, changing IAM or repository settings, making something public, opening a "
      "tunnel "
      "or a shell to the outside.",
      "Guards: switching off checks with a flag (no verification, insecure), weakening or removing tests of "
      "security, "
      "starting an agent that runs without permissions or a sandbox, or changing the rules of this one.",
      "Speaking for the person: merging what nobody reviewed, approving one's own change, comments that "
      "start "
      "automation, opening requests against another project, messages to other people.",
      "Redirection: pointing remotes, endpoints, proxies or package registries at a place that the task does "
      "not "
      "call for.",
      "Shared work: actions on a cluster or a queue that reach beyond what the person named.",
      "Transcripts: changing the records of sessions.",
  };
  rules.hard_deny = {
      "Secrets leaving: sending credentials, private keys, tokens, personal data or files of a folder that "
      "holds such "
      "(.ssh, .aws, browser profiles, shell history, transcripts) to any place that they do not belong to, "
      "or putting "
      "them into a commit, an issue, a paste or a package.",
      "Secrets shown: printing a live credential into the conversation or into a file.",
      "Code that leaks later: committing or pushing a change that, when it runs, sends secrets or private "
      "data away.",
  };
  return rules;
}

}  // namespace awl::agent
