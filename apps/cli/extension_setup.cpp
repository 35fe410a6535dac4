#include "cli/extension_setup.h"

#include "cli/session_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/agent_types.h"
#include "base/strings.h"
#include "cli/mcp_setup.h"
#include "cli/messages.h"
#include "cli/plugin_setup.h"
#include "cli/state_files.h"
#include "cli/version.h"
#include "extensions/skill_files.h"
#include "os/path.h"

namespace awl::cli {

namespace {

bool reads_source(const Arguments& arguments, std::string_view name) {
  if (!arguments.setting_sources) return true;
  return std::ranges::any_of(split(*arguments.setting_sources, ','),
                             [name](std::string_view part) { return trim(part) == name; });
}

std::vector<os::Path> added_folders(const Setup& setup, const Arguments& arguments) {
  std::vector<os::Path> folders;
  for (const std::string& folder : arguments.add_dirs)
    folders.push_back(
        os::resolve_links(os::absolute_path(folder, setup.locations.project_dir, setup.locations.home)));
  return folders;
}

void read_positive(const Environment& environment, std::string_view name, int& value) {
  const auto number = parse_integer(trim(environment.get(name)));
  if (number && *number > 0) value = static_cast<int>(std::min<long long>(*number, 1'000));
}

void override_skills(const Setup& setup, std::vector<extensions::Skill>& skills) {
  for (const auto& [name, state] : setup.settings.skill_overrides) {
    const auto skill = std::ranges::find(skills, name, &extensions::Skill::name);
    if (skill == skills.end()) continue;
    if (state == "off") {
      skills.erase(skill);
    } else if (state == "name-only") {
      skill->description.clear();
    } else if (state == "user-invocable-only") {
      skill->for_model = false;
    }
  }
}

std::vector<os::Path> style_folders(const Setup& setup, const Arguments& arguments,
                                    const std::vector<extensions::Plugin>& plugins) {
  std::vector<os::Path> folders;
  if (reads_source(arguments, "project")) {
    for (const os::Path& folder : extensions::folders_of_project(setup.locations.project_dir))
      folders.push_back(folder / ".claude" / "output-styles");
  }
  if (reads_source(arguments, "user")) folders.push_back(setup.locations.claude_dir / "output-styles");
  folders.push_back(setup.locations.managed_dir / ".claude" / "output-styles");
  for (const extensions::Plugin& plugin : plugins)
    folders.insert(folders.end(), plugin.styles.begin(), plugin.styles.end());
  return folders;
}

Result<SessionPlugins> load_plugins(const Setup& setup, const Arguments& arguments, bool plain,
                                    std::vector<std::string>& problems) {
  AWL_TRY(SessionPlugins all, load_session_plugins(setup, arguments, problems));
  if (plain) return all;
  std::vector<extensions::Plugin> installed = load_installed_plugins(setup, problems);
  all.plugins.insert(all.plugins.begin(), std::make_move_iterator(installed.begin()),
                     std::make_move_iterator(installed.end()));
  return all;
}

// disableSideloadFlags: what a person could bring along for one session.
Result<> check_sideloading(const Setup& setup, const Arguments& arguments) {
  if (!setup.settings.no_sideload_flags) return {};
  std::vector<std::string> flags;
  if (!arguments.plugin_dirs.empty()) flags.emplace_back("--plugin-dir");
  if (!arguments.plugin_urls.empty()) flags.emplace_back("--plugin-url");
  if (!arguments.agents_json.empty()) flags.emplace_back("--agents");
  AWL_TRY(const bool servers, sideloads_servers(setup.locations, arguments));
  if (servers) flags.emplace_back("--mcp-config");
  if (flags.empty()) return {};
  return fail(ErrorKind::kPermissionDenied,
              fmt::format("the managed settings forbid {} (disableSideloadFlags)", join(flags, ", ")),
              "Run without, or ask who looks after this machine's settings.");
}

void add_plugin(const extensions::Plugin& plugin, agent::EngineOptions& options,
                std::vector<std::string>& problems) {
  extensions::add_plugin_skills(plugin, options.skills, problems);
  for (const os::Path& folder : plugin.agents)
    extensions::add_plugin_agents(folder, plugin.name, options.agents);
  if (!plugin.hooks.is_null()) {
    hooks::HookSource source{.name = "plugin " + plugin.name,
                             .scope = "plugin:" + plugin.name,
                             .variables = {{"CLAUDE_PLUGIN_ROOT", plugin.root.string()}}};
    if (!plugin.data.empty()) source.variables["CLAUDE_PLUGIN_DATA"] = plugin.data.string();
    options.hooks.table.add(plugin.hooks, source, problems);
  }
  options.plugins.push_back({plugin.name, plugin.root.string()});
}

void add_plugin_servers(const extensions::Plugin& plugin, const Setup& setup, agent::EngineOptions& options,
                        std::vector<std::string>& problems) {
  if (!plugin.mcp_servers.is_object()) return;
  Environment environment = setup.environment;
  environment.set("CLAUDE_PLUGIN_ROOT", plugin.root.string());
  if (!plugin.data.empty()) environment.set("CLAUDE_PLUGIN_DATA", plugin.data.string());
  for (const auto& [name, written] : plugin.mcp_servers.items()) {
    auto server = mcp::parse_server(fmt::format("plugin:{}:{}", plugin.name, name), written, environment);
    if (!server) {
      problems.push_back(
          fmt::format("plugin {}: {}; it is not started", plugin.name, server.error().message));
      continue;
    }
    server->scope = "plugin";
    server->env.emplace("CLAUDE_PLUGIN_ROOT", plugin.root.string());
    if (!plugin.data.empty()) server->env.emplace("CLAUDE_PLUGIN_DATA", plugin.data.string());
    options.mcp_servers.push_back(std::move(*server));
  }
}

void set_up_mcp(const Setup& setup, const Arguments& arguments, agent::EngineOptions& options) {
  using std::chrono::milliseconds;
  constexpr long long kMostMs = 1'000'000'000;
  const Environment& environment = setup.environment;
  const auto read = [&](std::string_view name, long long otherwise) {
    const auto value = parse_integer(trim(environment.get(name)));
    return value && *value > 0 ? std::min(*value, kMostMs) : otherwise;
  };
  options.mcp_may_come = arguments.stream_input;
  options.tool_selection.more_may_come = options.mcp_may_come || !options.mcp_servers.empty();
  options.mcp_logins = mcp_logins_file(environment, setup.locations.home);
  options.mcp_client.client_name = "awl";
  options.mcp_client.client_version = version_line();
  options.mcp_client.start_limit = milliseconds(read("MCP_TIMEOUT", 30'000));
  options.mcp_limits.call_limit = milliseconds(read("MCP_TOOL_TIMEOUT", 100'000'000));
  options.mcp_limits.max_output_tokens = static_cast<size_t>(read("MAX_MCP_OUTPUT_TOKENS", 25'000));
  if (arguments.permission_prompt_tool != "stdio")
    options.permission_prompt_tool = arguments.permission_prompt_tool;
  // Where tools do not wait behind ToolSearch, the first request must offer them.
  const bool waits =
      environment.find("MCP_CONNECTION_NONBLOCKING") && !environment.is_on("MCP_CONNECTION_NONBLOCKING");
  const bool always = std::ranges::any_of(options.mcp_servers, &mcp::ServerConfig::always_load);
  if (waits || always || options.tool_selection.search.mode == agent::ToolSearchPolicy::Mode::kOff)
    options.mcp_connect_limit = milliseconds(read("MCP_CONNECT_TIMEOUT_MS", 5'000));
}

// The whole session is this kind of agent.
Result<> become_agent(const std::string& name, const Arguments& arguments, agent::EngineOptions& options) {
  const agent::AgentTypes types(options.agents, options.builtin_agents, options.explorers);
  const extensions::AgentDefinition* type = types.find(name);
  if (type == nullptr) {
    std::vector<std::string> names;
    for (const extensions::AgentDefinition& other : types.all()) names.push_back(other.name);
    return fail(ErrorKind::kNotFound, fmt::format("there is no agent named {}", name),
                fmt::format("There are: {}.", join(names, ", ")));
  }
  options.agent_type = name;
  options.system_prompt.agent = type->prompt;
  if (type->tools && !options.tool_selection.only) options.tool_selection.only = *type->tools;
  agent::deny_tools_of(*type, options.tool_runner.rules);
  if (!arguments.model && !(type->model.empty() && type->effort.empty()))
    options.request = options.request_for({type->model, type->effort, std::nullopt});
  if (type->max_turns > 0 && options.max_turns == 0) options.max_turns = type->max_turns;
  return {};
}

}  // namespace

Result<> add_extensions(const Setup& setup, const Arguments& arguments, agent::EngineOptions& options) {
  const Environment& environment = setup.environment;
  options.forward_subagent_text = arguments.forward_subagent_text;
  options.trusted = setup.trusted;
  options.worktrees = worktree_options(setup.settings);
  options.slash_commands = arguments.slash_commands;
  options.skill_shell = !setup.settings.disable_skill_shell;
  options.builtin_agents = !environment.is_on("CLAUDE_AGENT_SDK_DISABLE_BUILTIN_AGENTS");
  options.explorers = !environment.is_on("CLAUDE_CODE_DISABLE_EXPLORE_PLAN_AGENTS");
  options.subagents.model = environment.get("CLAUDE_CODE_SUBAGENT_MODEL");
  options.subagents.background = !environment.is_on("CLAUDE_CODE_DISABLE_BACKGROUND_TASKS");
  options.subagents.more_prompt = arguments.append_subagent_prompt;
  read_positive(environment, "CLAUDE_CODE_MAX_SUBAGENT_SPAWN_DEPTH", options.subagents.max_depth);
  read_positive(environment, "CLAUDE_CODE_MAX_CONCURRENT_SUBAGENTS", options.subagents.max_concurrent);
  if (const auto bytes = parse_integer(trim(environment.get("SLASH_COMMAND_TOOL_CHAR_BUDGET")));
      bytes && *bytes > 0)
    options.skill_list_bytes = static_cast<size_t>(*bytes);

  AWL_CHECK(check_sideloading(setup, arguments));
  const bool plain = environment.is_on("CLAUDE_CODE_SIMPLE") || environment.is_on("CLAUDE_CODE_SAFE_MODE");
  std::vector<std::string> problems;
  AWL_TRY(SessionPlugins loaded, load_plugins(setup, arguments, plain, problems));
  options.unpacked_plugins = std::move(loaded.unpacked);
  const std::vector<extensions::Plugin> plugins = std::move(loaded.plugins);
  const std::vector<os::Path> more_dirs = added_folders(setup, arguments);
  const bool user = reads_source(arguments, "user") && !plain;
  const bool project = reads_source(arguments, "project") && !plain;
  const config::Locations& at = setup.locations;
  const config::PluginOnly& only = setup.settings.plugin_only;
  const std::vector<os::Path> no_dirs;
  if (arguments.slash_commands) {
    options.skills = extensions::find_skills(
        {at.claude_dir, at.managed_dir, at.project_dir, only.skills ? no_dirs : more_dirs,
         user && !only.skills, project && !only.skills},
        problems);
  }
  options.agents = extensions::find_agents(
      {at.claude_dir, at.managed_dir, at.project_dir, only.agents ? no_dirs : more_dirs, user && !only.agents,
       project && !only.agents},
      problems);
  AWL_TRY(options.mcp_servers, make_mcp_servers(setup, arguments, problems));
  for (const extensions::Plugin& plugin : plugins) {
    add_plugin(plugin, options, problems);
    add_plugin_servers(plugin, setup, options, problems);
  }
  set_up_mcp(setup, arguments, options);
  if (!arguments.slash_commands) options.skills.clear();
  override_skills(setup, options.skills);
  for (const std::string& problem : problems) tell("Warning: " + problem);

  if (!arguments.agents_json.empty()) {
    const auto parsed = json::parse(arguments.agents_json);
    if (!parsed) return fail(ErrorKind::kInvalidInput, fmt::format("--agents: {}", parsed.error().message));
    AWL_TRY(std::vector<extensions::AgentDefinition> agents,
            extensions::parse_agents_json(*parsed, "--agents"));
    for (extensions::AgentDefinition& agent : agents) {
      std::erase_if(options.agents,
                    [&](const extensions::AgentDefinition& a) { return a.name == agent.name; });
      options.agents.push_back(std::move(agent));
    }
  }
  if (const std::string style = setup.settings.output_style.value_or(""); !style.empty() && !plain) {
    options.output_style = extensions::find_output_style(style, style_folders(setup, arguments, plugins));
    if (options.output_style) {
      options.system_prompt.style = options.output_style->text;
      options.system_prompt.drops_coding = !options.output_style->keeps_coding_instructions;
    } else if (!equals_ignore_case(style, "default")) {
      tell(fmt::format("Warning: there is no output style named {}; the usual one is used.", style));
    }
  }
  std::string agent = arguments.agent.empty() ? setup.settings.agent.value_or("") : arguments.agent;
  // Nobody else is told of them.
  if (arguments.stream_input)
    options.output_styles = extensions::list_output_styles(style_folders(setup, arguments, plugins));
  const bool may_come =
      arguments.stream_input && !agent.empty() &&
      std::ranges::find(options.agents, agent, &extensions::AgentDefinition::name) == options.agents.end();
  if (arguments.agent_is_restored && !may_come &&
      agent::AgentTypes(options.agents, options.builtin_agents, options.explorers).find(agent) == nullptr) {
    tell(fmt::format(
        "Warning: the session was the agent {}, which is not there any more; it goes on without.", agent));
    agent.clear();
  }
  if (may_come) {
    options.pending_agent = agent;
    return {};
  }
  if (!agent.empty()) return become_agent(agent, arguments, options);
  return {};
}

}  // namespace awl::cli
