#include "extensions/agent_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "extensions/front_matter_fields.h"
#include "extensions/markdown_files.h"
#include "markdown/front_matter.h"

namespace awl::extensions {

namespace {

constexpr uint64_t kMaxAgentFileBytes = 1 << 20;
constexpr int kMaxAgentDepth = 8;

// `tools: *` is every tool, as leaving it out is.
std::optional<std::vector<std::string>> tool_names(const json::Value& fields, std::string_view key) {
  if (json::find(fields, key) == nullptr) return std::nullopt;
  std::vector<std::string> names = rule_list(fields, key);
  if (std::ranges::find(names, "*") != names.end()) return std::nullopt;
  return names;
}

AgentDefinition read_fields(const json::Value& fields) {
  AgentDefinition agent;
  agent.name = text_field(fields, "name");
  agent.description = text_field(fields, "description");
  agent.tools = tool_names(fields, "tools");
  agent.disallowed_tools = rule_list(fields, "disallowedTools");
  agent.model = text_field(fields, "model");
  if (agent.model == "inherit") agent.model.clear();
  agent.permission_mode = text_field(fields, "permissionMode");
  agent.effort = text_field(fields, "effort");
  agent.memory = text_field(fields, "memory");
  agent.skills = rule_list(fields, "skills");
  agent.max_turns =
      static_cast<int>(std::clamp(json::get_integer(fields, "maxTurns").value_or(0), 0LL, 100'000LL));
  agent.background = flag_field(fields, "background").value_or(false);
  agent.isolated = text_field(fields, "isolation") == "worktree";
  if (const json::Value* hooks = json::find(fields, "hooks")) agent.hooks = *hooks;
  return agent;
}

void add_folder(const os::Path& folder, bool of_project, std::vector<AgentDefinition>& agents,
                std::vector<std::string>& problems) {
  for (const MarkdownFile& file : find_markdown_files(folder, kMaxAgentDepth)) {
    const auto text = os::read_file(file.path, kMaxAgentFileBytes);
    if (!text) {
      problems.push_back(describe(text.error()));
      continue;
    }
    std::string problem;
    auto agent = parse_agent(*text, problem);
    if (!problem.empty()) problems.push_back(fmt::format("{}: {}", file.path.string(), problem));
    if (!agent) continue;
    agent->of_project = of_project;
    agent->file = file.path;
    const bool known =
        std::ranges::any_of(agents, [&](const AgentDefinition& a) { return a.name == agent->name; });
    if (!known) agents.push_back(std::move(*agent));
  }
}

}  // namespace

std::optional<AgentDefinition> parse_agent(std::string_view text, std::string& problem) {
  const markdown::Document document = markdown::parse_document(text);
  problem = document.problem;
  AgentDefinition agent = read_fields(document.fields);
  if (agent.name.empty()) return std::nullopt;
  if (agent.name.starts_with('-') || agent.name.contains(':')) {
    problem = fmt::format("`name` is {}, which no agent can be called", agent.name);
    return std::nullopt;
  }
  if (agent.description.empty()) {
    problem = "an agent needs a `description`";
    return std::nullopt;
  }
  agent.prompt = std::string(trim(document.body));
  return agent;
}

Result<std::vector<AgentDefinition>> parse_agents_json(const json::Value& agents, const std::string& source) {
  if (!agents.is_object())
    return fail(ErrorKind::kInvalidInput, fmt::format("{} must be an object of agents by name", source));
  std::vector<AgentDefinition> parsed;
  for (const auto& [name, fields] : agents.items()) {
    AgentDefinition agent = read_fields(fields);
    agent.from_flag = true;
    agent.name = name;
    agent.prompt = json::string_or_empty(fields, "prompt");
    if (agent.prompt.empty() || agent.description.empty()) {
      return fail(ErrorKind::kInvalidInput,
                  fmt::format("{}: the agent {} needs a `description` and a `prompt`", source, name));
    }
    parsed.push_back(std::move(agent));
  }
  return parsed;
}

std::vector<os::Path> folders_of_project(const os::Path& project_dir) {
  std::vector<os::Path> folders;
  for (os::Path folder = project_dir;; folder = folder.parent_path()) {
    folders.push_back(folder);
    if (os::path_exists(folder / ".git")) return folders;
    if (folder == folder.parent_path()) return {project_dir};
  }
}

std::vector<AgentDefinition> find_agents(const AgentOptions& options, std::vector<std::string>& problems) {
  std::vector<AgentDefinition> agents;
  add_folder(options.managed_dir / ".claude" / "agents", false, agents, problems);
  if (options.project) {
    for (const os::Path& folder : folders_of_project(options.project_dir)) {
      if (folder / ".claude" != options.claude_dir)
        add_folder(folder / ".claude" / "agents", true, agents, problems);
    }
    for (const os::Path& folder : options.more_dirs)
      add_folder(folder / ".claude" / "agents", true, agents, problems);
  }
  if (options.user) add_folder(options.claude_dir / "agents", false, agents, problems);
  return agents;
}

void add_plugin_agents(const os::Path& folder, const std::string& plugin,
                       std::vector<AgentDefinition>& agents) {
  for (const MarkdownFile& file : find_markdown_files(folder, kMaxAgentDepth)) {
    const auto text = os::read_file(file.path, kMaxAgentFileBytes);
    if (!text) continue;
    const markdown::Document document = markdown::parse_document(*text);
    AgentDefinition agent = read_fields(document.fields);
    if (agent.name.empty()) agent.name = file.name;
    if (agent.description.empty()) agent.description = first_paragraph(document.body);
    agent.name = fmt::format("{}:{}{}", plugin, file.folders, agent.name);
    agent.prompt = std::string(trim(document.body));
    agent.permission_mode.clear();
    agent.hooks = nullptr;
    agent.file = file.path;
    agents.push_back(std::move(agent));
  }
}

}  // namespace awl::extensions
