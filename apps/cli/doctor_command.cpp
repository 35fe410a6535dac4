#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "cli/commands.h"
#include "cli/doctor.h"
#include "cli/messages.h"
#include "json/json.h"

namespace awl::cli {

namespace {

constexpr size_t kDoctorWidth = 80;
constexpr std::string_view kIndent = "    ";

std::string_view name_of(Health health) {
  switch (health) {
    case Health::kGood:
      return "ok";
    case Health::kWarning:
      return "warning";
    case Health::kFailure:
      return "failure";
  }
  return "ok";
}

std::string_view mark_of(Health health, bool colours) {
  switch (health) {
    case Health::kGood:
      return colours ? "\x1b[32m ok \x1b[0m" : " ok ";
    case Health::kWarning:
      return colours ? "\x1b[33m  ! \x1b[0m" : "  ! ";
    case Health::kFailure:
      return colours ? "\x1b[31m  X \x1b[0m" : "  X ";
  }
  return " ok ";
}

// Broken between words; each line but the first begins with the indent.
std::string wrapped(std::string_view text, std::string_view indent) {
  std::string out;
  size_t used = indent.size();
  for (const std::string_view word : split(text, ' ')) {
    if (used > indent.size() && used + 1 + word.size() > kDoctorWidth) {
      out += fmt::format("\n{}", indent);
      used = indent.size();
    } else if (used > indent.size()) {
      out += ' ';
      ++used;
    }
    out += word;
    used += word.size();
  }
  return out;
}

std::string to_text(const std::vector<Finding>& findings, bool colours) {
  std::string out;
  std::string_view check;
  for (const Finding& finding : findings) {
    if (finding.check != check) {
      check = finding.check;
      std::string title(check);
      title[0] = static_cast<char>(title[0] - 'a' + 'A');
      out += fmt::format("{}{}\n", out.empty() ? "" : "\n", title);
    }
    out += fmt::format("{}{}\n", mark_of(finding.health, colours), wrapped(finding.text, kIndent));
    if (!finding.advice.empty())
      out += fmt::format("{}-> {}\n", kIndent, wrapped(finding.advice, std::string(kIndent) + "   "));
  }
  return out;
}

json::Value to_json(const std::vector<Finding>& findings, bool usable) {
  json::Value root{{"usable", usable}, {"findings", json::Value::array()}};
  for (const Finding& finding : findings) {
    root["findings"].push_back(
        {{"check", finding.check},
         {"health", name_of(finding.health)},
         {"text", finding.text},
         {"advice", finding.advice.empty() ? json::Value() : json::Value(finding.advice)}});
  }
  return root;
}

bool is_usable(const std::vector<Finding>& findings) {
  return std::ranges::none_of(findings,
                              [](const Finding& finding) { return finding.health == Health::kFailure; });
}

void examine(Examination& examination, const Arguments& arguments) {
  check_install(examination);
  check_settings(examination);
  check_provider(examination);
  check_credentials(examination);
  check_network(examination);
  check_programs(examination);
  check_folders(examination);
  if (arguments.live && examination.network_problem.empty()) check_live(examination, arguments);
}

std::string closing_line(bool usable, const Arguments& arguments) {
  if (!usable) return "\nA prompt would not work: see X above.\n";
  if (arguments.live) return "\nA prompt works.\n";
  return "\nNothing stands in the way of a prompt as far as this machine knows.\n"
         "`awl doctor --live` asks the platform.\n";
}

}  // namespace

int run_doctor(const Arguments& arguments, const Environment& shell, const os::Path& cwd) {
  const auto setup = make_setup(arguments, shell, cwd);
  if (!setup) {
    tell("Error: " + describe(setup.error()));
    return 1;
  }
  if (arguments.iam) return print_text(least_policy(*setup, arguments.account));
  auto network = make_network_setup(setup->environment);
  const std::string network_problem = network ? "" : describe(network.error());
  const NetworkSetup reached = network ? std::move(*network) : NetworkSetup{};
  const Identity identity = network_problem.empty() ? find_identity(*setup, reached) : Identity{};
  Examination examination{*setup, reached, network_problem, identity, {}};
  examine(examination, arguments);
  const bool usable = is_usable(examination.findings);
  const std::string text = arguments.as_json
                               ? json::dump_pretty(to_json(examination.findings, usable))
                               : to_text(examination.findings, ::isatty(STDOUT_FILENO) != 0 &&
                                                                   !setup->environment.has("NO_COLOR")) +
                                     closing_line(usable, arguments);
  const int printed = print_text(text);
  return usable ? printed : 1;
}

}  // namespace awl::cli
