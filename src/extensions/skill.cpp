#include "extensions/skill.h"

#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "base/utf8.h"
#include "extensions/front_matter_fields.h"
#include "markdown/front_matter.h"

namespace awl::extensions {

namespace {

constexpr size_t kMaxDescriptionBytes = 1'536;

}  // namespace

Skill parse_skill(std::string_view text, std::string name, std::string& problem) {
  const markdown::Document document = markdown::parse_document(text);
  problem = document.problem;
  const json::Value& fields = document.fields;
  Skill skill;
  skill.name = std::move(name);
  skill.body = document.body;
  skill.description = text_field(fields, "description");
  if (skill.description.empty()) skill.description = first_paragraph(document.body);
  if (const std::string when = text_field(fields, "when_to_use"); !when.empty())
    skill.description += (skill.description.empty() ? "" : " ") + when;
  skill.description = std::string(utf8_prefix(skill.description, kMaxDescriptionBytes));
  skill.argument_hint = text_field(fields, "argument-hint");
  skill.argument_names = rule_list(fields, "arguments");
  skill.allowed_tools = rule_list(fields, "allowed-tools");
  skill.disallowed_tools = rule_list(fields, "disallowed-tools");
  skill.model = text_field(fields, "model");
  if (skill.model == "inherit") skill.model.clear();
  skill.effort = text_field(fields, "effort");
  skill.agent = text_field(fields, "agent");
  skill.fork = text_field(fields, "context") == "fork";
  skill.for_model = !flag_field(fields, "disable-model-invocation").value_or(false);
  skill.for_person = flag_field(fields, "user-invocable").value_or(true);
  skill.paths = markdown::text_list(fields, "paths");
  if (const json::Value* hooks = json::find(fields, "hooks")) skill.hooks = *hooks;
  return skill;
}

}  // namespace awl::extensions
