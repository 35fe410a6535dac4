// What all kinds of calls share: which rules name a tool at all, and rules about the fields of its input.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"
#include "permission/policy.h"

namespace awl::permission {

/// True when the rule is about this tool: the same name, a glob, `mcp__server` for its tools, Edit for Write
/// and NotebookEdit, Read for Grep and Glob. In allow rules a glob must follow a literal `mcp__server__`.
bool names_tool(const Rule& rule, std::string_view tool_name, bool is_allow);

/// `Tool(field:value)` of a deny or ask rule: a scalar field of the input with that value, in which `*`
/// stands for any text. Never true for the field that the tool's own specifiers are about.
bool matches_field(const Rule& rule, const json::Value& input);

/// The host of an http URL in lower case; nullopt when it is not written plainly.
std::optional<std::string> host_of(std::string_view url);
/// `domain:` rules against the host of a URL.
bool matches_domain(const Rule& rule, std::string_view url);
/// True for `domain:` rules about one host, or the subdomains of one that is no top-level domain.
bool names_one_domain(const Rule& rule);

Verdict allowed_by(const Rule& rule);
Verdict asked_by(const Rule& rule, Mode mode);
Verdict denied_by(const Rule& rule);
/// Asks, or denies where nobody is to be asked.
Verdict ask(std::string reason, Mode mode);

}  // namespace awl::permission
