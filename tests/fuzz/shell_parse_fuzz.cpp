// Any bytes as a shell command: taken apart, held against rules and decided, without a crash and in bounded
// time.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "json/json.h"
#include "permission/policy.h"
#include "permission/shell_parse.h"

using namespace awl::permission;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Script script = parse_shell(text);
  for (const Command& command : script.commands) {
    for (const Word& word : command.words) {
      if (word.begin > text.size() || text.substr(word.begin, word.source.size()) != word.source)
        std::abort();
    }
  }
  static const Situation situation{
      Mode::kAcceptEdits, "/nonexistent/work", {}, "/nonexistent/work", "/nonexistent/home"};
  static const Rules rules{*parse_rule_list("Bash(npm *) Edit(src/**)", "", "/nonexistent/work"),
                           {},
                           *parse_rule_list("Bash(rm *) Read(secrets/**)", "", "/nonexistent/work")};
  Access access;
  access.kind = Access::Kind::kShell;
  access.command = text;
  static const auto input = awl::json::parse("{}");
  (void)decide(rules, situation, "Bash", access, *input);
  return 0;
}
