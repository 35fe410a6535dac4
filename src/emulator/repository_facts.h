// What file names and file texts say about a repository.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace awl::emulator {

/// Languages by file extension with the number of files, most files first.
std::vector<std::pair<std::string, size_t>> count_languages(const std::vector<std::string>& files);

/// Top folders with the number of files below them, most first; files at the top are not in it.
std::vector<std::pair<std::string, size_t>> count_folders(const std::vector<std::string>& files);

/// The first heading of a Markdown text, or its first line; "" when it is empty.
std::string first_heading(std::string_view markdown);

/// The first paragraph of prose below the heading, on one line; "" when there is none.
std::string first_paragraph(std::string_view markdown);

/// The first code block below a heading that speaks of building, installing or starting, at most ten lines.
std::string build_block(std::string_view markdown);

/// How a project with such a manifest is usually built: "cargo build, cargo test". `text` is the manifest,
/// for the scripts of a package.json; it may be empty. "" for an unknown name.
std::string build_hint(std::string_view manifest_name, std::string_view text);

}  // namespace awl::emulator
