#include "extensions/output_style.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "extensions/front_matter_fields.h"
#include "markdown/front_matter.h"

namespace awl::extensions {

namespace {

constexpr uint64_t kMaxStyleBytes = 1 << 20;

struct BuiltIn {
  std::string_view name;
  std::string_view text;
};

constexpr std::array kBuiltIn{
    BuiltIn{
        "Proactive",
        "Act without waiting to be told twice. Where a routine decision is open, make the reasonable choice, "
        "say which one it was, and go on; ask only when a wrong choice could not be undone cheaply."},
    BuiltIn{
        "Concise",
        "Begin with the result. Leave out introductions, announcements and summaries of what can be seen. Do "
        "the work as thoroughly as ever, and say everything that matters of errors, of risks, and of what "
        "cannot be undone. Explain at length only when asked to."},
    BuiltIn{
        "Explanatory",
        "Teach while you work. Around each piece of work that holds a choice worth understanding, add a "
        "short "
        "paragraph headed **Insight** that says why this project does it that way, what the alternative was, "
        "and what follows from it. Keep these to this code base; leave out what every textbook says."},
    BuiltIn{
        "Learning",
        "The person wants to learn by doing. Explain your choices in short paragraphs headed **Insight**. "
        "When a piece of work of two to ten lines holds a real decision, do not write it: prepare its place, "
        "mark it with TODO(human), say what it must do and what to weigh, and wait for the person to write "
        "it. Then review what they wrote."}};

std::vector<OutputStyle> read_styles(const std::vector<os::Path>& folders) {
  std::vector<OutputStyle> styles;
  for (const os::Path& folder : folders) {
    const auto names = os::list_directory(folder);
    if (!names) continue;
    for (const std::string& name : *names) {
      if (!name.ends_with(".md")) continue;
      const auto text = os::read_file(folder / name, kMaxStyleBytes);
      if (!text) continue;
      const markdown::Document document = markdown::parse_document(*text);
      OutputStyle style;
      style.name = text_field(document.fields, "name");
      if (style.name.empty()) style.name = name.substr(0, name.size() - 3);
      style.text = std::string(trim(document.body));
      style.keeps_coding_instructions =
          flag_field(document.fields, "keep-coding-instructions").value_or(false);
      styles.push_back(std::move(style));
    }
  }
  return styles;
}

}  // namespace

std::optional<OutputStyle> find_output_style(const std::string& name, const std::vector<os::Path>& folders) {
  if (name.empty() || equals_ignore_case(name, "default")) return std::nullopt;
  for (OutputStyle& style : read_styles(folders)) {
    if (style.name == name) return std::move(style);
  }
  for (const BuiltIn& style : kBuiltIn) {
    if (equals_ignore_case(style.name, name))
      return OutputStyle{std::string(style.name), std::string(style.text), true};
  }
  return std::nullopt;
}

std::vector<std::string> list_output_styles(const std::vector<os::Path>& folders) {
  std::vector<std::string> names{"default"};
  for (const BuiltIn& style : kBuiltIn) names.emplace_back(style.name);
  for (const OutputStyle& style : read_styles(folders)) names.push_back(style.name);
  return names;
}

}  // namespace awl::extensions
