#include "emulator/repository_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "base/utf8.h"
#include "json/json.h"

namespace awl::emulator {

namespace {

constexpr size_t kMaxParagraphBytes = 400;
constexpr size_t kMaxBlockLines = 10;

constexpr std::pair<std::string_view, std::string_view> kLanguages[] = {{"c", "C"},
                                                                        {"h", "C/C++ headers"},
                                                                        {"cpp", "C++"},
                                                                        {"cc", "C++"},
                                                                        {"cxx", "C++"},
                                                                        {"hpp", "C++"},
                                                                        {"rs", "Rust"},
                                                                        {"go", "Go"},
                                                                        {"py", "Python"},
                                                                        {"js", "JavaScript"},
                                                                        {"mjs", "JavaScript"},
                                                                        {"jsx", "JavaScript"},
                                                                        {"ts", "TypeScript"},
                                                                        {"tsx", "TypeScript"},
                                                                        {"java", "Java"},
                                                                        {"kt", "Kotlin"},
                                                                        {"rb", "Ruby"},
                                                                        {"php", "PHP"},
                                                                        {"cs", "C#"},
                                                                        {"swift", "Swift"},
                                                                        {"scala", "Scala"},
                                                                        {"sh", "Shell"},
                                                                        {"sql", "SQL"},
                                                                        {"html", "HTML"},
                                                                        {"css", "CSS"},
                                                                        {"md", "Markdown"},
                                                                        {"json", "JSON"},
                                                                        {"yml", "YAML"},
                                                                        {"yaml", "YAML"},
                                                                        {"toml", "TOML"},
                                                                        {"cmake", "CMake"},
                                                                        {"tf", "Terraform"},
                                                                        {"lua", "Lua"},
                                                                        {"zig", "Zig"},
                                                                        {"proto", "Protocol Buffers"}};

constexpr std::pair<std::string_view, std::string_view> kBuildHints[] = {
    {"CMakeLists.txt", "`cmake -S . -B build`, then `cmake --build build`"},
    {"Cargo.toml", "`cargo build`, `cargo test`"},
    {"package.json", "`npm install`"},
    {"pyproject.toml", "`pip install .`"},
    {"setup.py", "`pip install .`"},
    {"go.mod", "`go build ./...`, `go test ./...`"},
    {"pom.xml", "`mvn package`"},
    {"build.gradle", "`gradle build`"},
    {"meson.build", "`meson setup build`, then `meson compile -C build`"},
    {"Gemfile", "`bundle install`"},
    {"composer.json", "`composer install`"},
    {"Makefile", "`make`"}};

std::string_view language_of(std::string_view file) {
  const std::string_view name = file.substr(file.rfind('/') + 1);
  if (name == "CMakeLists.txt") return "CMake";
  const size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return "";
  const std::string extension = to_lower(name.substr(dot + 1));
  const auto found = std::ranges::find(kLanguages, extension, [](const auto& entry) { return entry.first; });
  return found == std::end(kLanguages) ? "" : found->second;
}

std::vector<std::pair<std::string, size_t>> most_first(const std::map<std::string, size_t>& counts) {
  std::vector<std::pair<std::string, size_t>> sorted(counts.begin(), counts.end());
  std::ranges::sort(sorted, [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  return sorted;
}

bool is_heading(std::string_view line) { return line.starts_with('#'); }
bool is_fence(std::string_view line) { return trim(line).starts_with("```"); }

std::string_view heading_text(std::string_view line) {
  while (line.starts_with('#')) line.remove_prefix(1);
  return trim(line);
}

/// Badges, images, HTML, rules and tables are no prose.
bool is_prose(std::string_view line) {
  constexpr std::string_view kOther = "<[!|=-*>`";
  return !line.empty() && !is_heading(line) && !kOther.contains(line.front());
}

bool speaks_of_building(std::string_view heading) {
  const std::string text = to_lower(heading);
  constexpr std::string_view kWords[] = {"build",      "install", "getting started", "quick start",
                                         "quickstart", "usage",   "compil"};
  return std::ranges::any_of(kWords, [&](std::string_view word) { return text.contains(word); });
}

std::string script_names(std::string_view package_json) {
  const auto package = json::parse(package_json);
  const json::Value* scripts = package ? json::find(*package, "scripts") : nullptr;
  if (scripts == nullptr || !scripts->is_object()) return "";
  std::vector<std::string> names;
  for (const auto& item : scripts->items()) names.push_back("`npm run " + item.key() + "`");
  return join(names, ", ");
}

}  // namespace

std::vector<std::pair<std::string, size_t>> count_languages(const std::vector<std::string>& files) {
  std::map<std::string, size_t> counts;
  for (const std::string& file : files) {
    if (const std::string_view language = language_of(file); !language.empty())
      ++counts[std::string(language)];
  }
  return most_first(counts);
}

std::vector<std::pair<std::string, size_t>> count_folders(const std::vector<std::string>& files) {
  std::map<std::string, size_t> counts;
  for (const std::string& file : files) {
    if (const size_t slash = file.find('/'); slash != std::string::npos) ++counts[file.substr(0, slash)];
  }
  return most_first(counts);
}

std::string first_heading(std::string_view markdown) {
  std::string_view first_line;
  for (const std::string_view line : split(markdown, '\n')) {
    if (is_heading(line)) return std::string(heading_text(line));
    if (first_line.empty()) first_line = trim(line);
  }
  return std::string(utf8_prefix(first_line, 120));
}

std::string first_paragraph(std::string_view markdown) {
  std::string paragraph;
  bool after_first_line = false;
  for (const std::string_view raw : split(markdown, '\n')) {
    const std::string_view line = trim(raw);
    if (is_prose(line) && (after_first_line || !paragraph.empty())) {
      if (!paragraph.empty()) paragraph += ' ';
      paragraph += line;
    } else if (!paragraph.empty()) {
      break;
    }
    if (!line.empty()) after_first_line = true;
  }
  if (paragraph.size() <= kMaxParagraphBytes) return paragraph;
  return std::string(utf8_prefix(paragraph, kMaxParagraphBytes)) + "…";
}

std::string build_block(std::string_view markdown) {
  bool in_section = false;
  bool in_fence = false;
  std::vector<std::string> lines;
  for (const std::string_view line : split(markdown, '\n')) {
    if (is_fence(line)) {
      if (in_fence && !lines.empty()) break;
      in_fence = !in_fence;
    } else if (!in_fence && is_heading(line)) {
      in_section = speaks_of_building(heading_text(line));
    } else if (in_fence && in_section && lines.size() < kMaxBlockLines) {
      lines.emplace_back(line);
    }
  }
  return join(lines, "\n");
}

std::string build_hint(std::string_view manifest_name, std::string_view text) {
  const auto found =
      std::ranges::find(kBuildHints, manifest_name, [](const auto& entry) { return entry.first; });
  if (found == std::end(kBuildHints)) return "";
  std::string hint(found->second);
  if (manifest_name != "package.json") return hint;
  const std::string scripts = script_names(text);
  return scripts.empty() ? hint : hint + "; its scripts: " + scripts;
}

}  // namespace awl::emulator
