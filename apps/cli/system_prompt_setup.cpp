#include "cli/system_prompt_setup.h"

#include <fmt/format.h>

#include <fstream>

#include "base/utf8.h"
#include "os/path.h"

namespace awl::cli {

namespace {

constexpr uint64_t kMaxPromptBytes = 2 << 20;

// What a shell gives for <(command): its writer may take a while.
Result<std::string> read_pipe(const os::Path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxPromptBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  if (text.size() > kMaxPromptBytes)
    return fail(ErrorKind::kInvalidInput, fmt::format("{} gives more than 2 MiB", path.string()));
  return text;
}

Result<std::string> read_prompt_file(std::string_view flag, const std::string& name, const os::Path& cwd,
                                     const os::Path& home) {
  const os::Path path = os::absolute_path(name, cwd, home);
  const auto info = os::stat(path);
  const bool is_pipe = info && info->type == os::FileInfo::Type::kOther;
  auto text = is_pipe ? read_pipe(path) : os::read_file(path, kMaxPromptBytes);
  if (!text)
    return fail(ErrorKind::kInvalidInput, fmt::format("{}: {}", flag, text.error().message),
                text.error().hint);
  return to_utf8(*text);
}

}  // namespace

Result<agent::SystemPromptOptions> make_system_prompt(const Arguments& arguments, const os::Path& cwd,
                                                      const os::Path& home) {
  agent::SystemPromptOptions options;
  options.replacement = arguments.system_prompt;
  if (arguments.system_prompt_file) {
    AWL_TRY(options.replacement,
            read_prompt_file("--system-prompt-file", *arguments.system_prompt_file, cwd, home));
  }
  options.appended = arguments.append_system_prompt;
  if (arguments.append_system_prompt_file) {
    AWL_TRY(const std::string text,
            read_prompt_file("--append-system-prompt-file", *arguments.append_system_prompt_file, cwd, home));
    if (!options.appended.empty() && !text.empty()) options.appended += "\n\n";
    options.appended += text;
  }
  options.facts_in_message = arguments.exclude_dynamic_sections;
  return options;
}

}  // namespace awl::cli
