#include "json/json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/utf8.h"

namespace awl::json {

namespace {

bool is_hex4(std::string_view text) {
  return text.size() >= 4 &&
         text.substr(0, 4).find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// 0: no surrogate, 1: a high one, 2: a low one, of the \uXXXX escape that `text` begins with.
int surrogate_half(std::string_view text) {
  if (!text.starts_with("\\u") || !is_hex4(text.substr(2))) return 0;
  const char second = static_cast<char>(text[3] | 0x20);
  if ((text[2] | 0x20) != 'd') return 0;
  if (second == '8' || second == '9' || second == 'a' || second == 'b') return 1;
  return second >= 'c' && second <= 'f' ? 2 : 0;
}

// Real transcripts hold \ud83d without its other half; parsers refuse that.
std::string replace_lone_surrogates(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    if (text[i] != '\\') {
      out += text[i++];
      continue;
    }
    const int half = surrogate_half(text.substr(i));
    if (half == 1 && surrogate_half(text.substr(i + 6)) == 2) {
      out += text.substr(i, 12);
      i += 12;
    } else if (half != 0) {
      out += "\\ufffd";
      i += 6;
    } else {
      out += text.substr(i, 2);
      i += 2;
    }
  }
  return out;
}

bool is_too_deep(std::string_view text) {
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] == '\\') ++i;
      }
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxDepth) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

std::pair<size_t, size_t> line_and_column(std::string_view text, size_t byte) {
  size_t line = 1;
  size_t column = 1;
  for (size_t i = 0; i < byte && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++line;
      column = 1;
    } else {
      ++column;
    }
  }
  return {line, column};
}

}  // namespace

Result<Value> parse(std::string_view text) {
  if (is_too_deep(text))
    return fail(ErrorKind::kParse, fmt::format("the JSON is nested deeper than {} levels", kMaxDepth));
  Value value = Value::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!value.is_discarded()) return value;
  const std::string clean = replace_lone_surrogates(is_utf8(text) ? std::string(text) : to_utf8(text));
  try {
    return Value::parse(clean);
  } catch (const Value::parse_error& error) {
    const auto [line, column] = line_and_column(clean, error.byte > 0 ? error.byte - 1 : 0);
    return fail(ErrorKind::kParse, fmt::format("not valid JSON at line {}, column {}", line, column), "",
                error.what());
  } catch (const Value::out_of_range& error) {
    return fail(ErrorKind::kParse, "not valid JSON: a number is too large", "", error.what());
  }
}

std::string dump(const Value& value) { return value.dump(-1, ' ', false, Value::error_handler_t::replace); }

std::string dump_pretty(const Value& value, int spaces) {
  return value.dump(spaces, ' ', false, Value::error_handler_t::replace) + "\n";
}

std::string quote(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string replaced;
  if (!is_utf8(text)) {
    replaced = to_utf8(text);
    text = replaced;
  }
  std::string out;
  out.reserve(text.size() + 2);
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += kHex[static_cast<unsigned char>(c) >> 4];
          out += kHex[c & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
  return out;
}

const Value* find(const Value& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

std::optional<std::string> get_string(const Value& object, std::string_view key) {
  const Value* value = find(object, key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return value->get<std::string>();
}

std::optional<long long> get_integer(const Value& object, std::string_view key) {
  const Value* value = find(object, key);
  if (value == nullptr || !value->is_number_integer()) return std::nullopt;
  return value->get<long long>();
}

std::optional<double> get_number(const Value& object, std::string_view key) {
  const Value* value = find(object, key);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->get<double>();
}

std::optional<bool> get_bool(const Value& object, std::string_view key) {
  const Value* value = find(object, key);
  if (value == nullptr || !value->is_boolean()) return std::nullopt;
  return value->get<bool>();
}

std::string string_or_empty(const Value& object, std::string_view key) {
  return get_string(object, key).value_or("");
}

std::vector<std::string> strings_of(const Value& object, std::string_view key) {
  std::vector<std::string> strings;
  const Value* list = find(object, key);
  if (list == nullptr || !list->is_array()) return strings;
  for (const Value& item : *list) {
    if (item.is_string()) strings.push_back(item.get<std::string>());
  }
  return strings;
}

}  // namespace awl::json
