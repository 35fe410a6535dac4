#include "cli/command_line.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/suggestion.h"

namespace awl::cli {

namespace {

// As other programs of this kind see it; "-" alone is a word.
bool looks_like_flag(std::string_view word) {
  if (word.size() < 2 || word.front() != '-') return false;
  const std::string_view name = word.substr(0, word.find('='));
  return name.find_first_of(" \t\n\r") == std::string_view::npos;
}

class Parser {
 public:
  Parser(std::span<const char* const> words, std::span<const Flag> flags) : words_(words), flags_(flags) {}

  Result<CommandLine> parse() {
    while (at_ < words_.size()) {
      const std::string_view word = words_[at_++];
      if (word == "--") {
        for (; at_ < words_.size(); ++at_) line_.words.emplace_back(words_[at_]);
      } else if (!looks_like_flag(word)) {
        line_.words.emplace_back(word);
      } else if (word.starts_with("--")) {
        AWL_CHECK(take_long(word));
      } else {
        AWL_CHECK(take_short(word));
      }
    }
    drop_debug_filter();
    return std::move(line_);
  }

 private:
  Result<> take_long(std::string_view word) {
    const size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    const Flag* flag = find_flag(flags_, name);
    if (flag == nullptr) return unknown(name);
    if (equals == std::string_view::npos) return take_following(*flag, name);
    if (flag->takes == Takes::kNothing)
      return fail(ErrorKind::kInvalidInput, fmt::format("{} takes no value", name));
    add(*flag, name, {std::string(word.substr(equals + 1))});
    return {};
  }

  // -p, -pv, -nNAME, -d=api
  Result<> take_short(std::string_view word) {
    for (size_t i = 1; i < word.size(); ++i) {
      const std::string name{'-', word[i]};
      const Flag* flag = find_flag(flags_, name);
      if (flag == nullptr) return unknown(word.size() == 2 ? name : std::string(word));
      std::string_view rest = word.substr(i + 1);
      if (flag->takes == Takes::kNothing || rest.empty()) {
        AWL_CHECK(take_following(*flag, name));
        continue;
      }
      if (flag->takes == Takes::kOptionalEqual && !rest.starts_with('=')) {
        add(*flag, name, {});
        continue;
      }
      if (rest.starts_with('=')) rest.remove_prefix(1);
      add(*flag, name, {std::string(rest)});
      return {};
    }
    return {};
  }

  Result<> take_following(const Flag& flag, std::string_view name) {
    std::vector<std::string> values;
    const bool more = at_ < words_.size();
    const std::string_view next = more ? std::string_view(words_[at_]) : std::string_view();
    switch (flag.takes) {
      case Takes::kNothing:
      case Takes::kOptionalEqual:
        break;
      case Takes::kOptional:
        if (more && !looks_like_flag(next)) values.emplace_back(words_[at_++]);
        break;
      case Takes::kOne:
        // A value may begin with a dash; when it is the name of a flag, the value was forgotten.
        if (!more || next == "--" || find_flag(flags_, next.substr(0, next.find('='))) != nullptr)
          return missing_value(flag, name);
        values.emplace_back(words_[at_++]);
        break;
      case Takes::kMany:
        while (at_ < words_.size() && !looks_like_flag(words_[at_])) values.emplace_back(words_[at_++]);
        if (values.empty()) return missing_value(flag, name);
        line_.list_flag = name;
        break;
    }
    add(flag, name, std::move(values));
    return {};
  }

  void add(const Flag& flag, std::string_view name, std::vector<std::string> values) {
    if (flag.names.starts_with("--debug,") && values.empty()) words_before_debug_ = line_.words.size();
    line_.flags.push_back({&flag, std::move(values), std::string(name)});
  }

  // `--debug api -p "…"`: the filter only counts with `=`, and it is no prompt either.
  void drop_debug_filter() {
    if (!words_before_debug_ || line_.words.size() < 2 || *words_before_debug_ >= line_.words.size()) return;
    const std::string& word = line_.words[*words_before_debug_];
    const bool filter = std::ranges::all_of(word, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ',' || c == '!' || c == '-' || c == '_';
    });
    if (filter) line_.words.erase(line_.words.begin() + static_cast<std::ptrdiff_t>(*words_before_debug_));
  }

  std::unexpected<Error> missing_value(const Flag& flag, std::string_view name) const {
    return fail(
        ErrorKind::kInvalidInput,
        fmt::format("{} needs a value{}", name, flag.value.empty() ? "" : fmt::format(": {}", flag.value)),
        fmt::format("A value that is itself the name of a flag is written {}=VALUE.", name));
  }

  std::unexpected<Error> unknown(std::string_view name) const {
    std::vector<std::string_view> known;
    for (const Flag& flag : flags_) {
      for (std::string_view rest = flag.names; !rest.empty();) {
        const size_t comma = std::min(rest.find(','), rest.size());
        if (rest.starts_with("--")) known.push_back(rest.substr(0, comma));
        rest.remove_prefix(std::min(comma + 1, rest.size()));
      }
    }
    const std::string_view near = nearest(name, known);
    return fail(ErrorKind::kInvalidInput, fmt::format("there is no flag {}", name),
                near.empty() ? "`awl --help` lists what there is." : fmt::format("Did you mean {}?", near));
  }

  std::span<const char* const> words_;
  std::span<const Flag> flags_;
  size_t at_ = 0;
  CommandLine line_;
  std::optional<size_t> words_before_debug_;
};

}  // namespace

Result<CommandLine> take_apart(std::span<const char* const> words, std::span<const Flag> flags) {
  return Parser(words, flags).parse();
}

}  // namespace awl::cli
