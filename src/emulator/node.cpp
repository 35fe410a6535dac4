#include "emulator/node.h"

#include <fmt/format.h>

#include "emulator/contains.h"
#include "emulator/json_lines.h"

namespace awl::emulator {

int Node::line() const { return line_of(source_->text, pointer_); }

Node Node::child(std::string_view key) const {
  Node out = *this;
  out.value_ = json::find(*value_, key);
  out.path_ = path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
  out.pointer_ += "/" + pointer_part(key);
  return out;
}

Node Node::child(size_t index) const {
  Node out = *this;
  out.value_ = &(*value_)[index];
  out.path_ = fmt::format("{}[{}]", path_, index);
  out.pointer_ += "/" + std::to_string(index);
  return out;
}

std::optional<Node> Node::find(std::string_view key) const {
  if (json::find(*value_, key) == nullptr) return std::nullopt;
  return child(key);
}

std::unexpected<Error> Node::expected(std::string_view what) const {
  return wrong(fmt::format("expected {}", what));
}

std::unexpected<Error> Node::wrong(std::string_view what) const {
  return fail(ErrorKind::kInvalidInput, fmt::format("{}:{}: {}: {}", source_->file, line(), place(), what),
              source_->hint);
}

Result<> Node::object(std::initializer_list<std::string_view> keys) const {
  if (!value_->is_object()) return expected("an object");
  for (const auto& item : value_->items()) {
    if (contains(keys, std::string_view(item.key()))) continue;
    return child(item.key()).expected(fmt::format("one of {}, not this key", fmt::join(keys, ", ")));
  }
  return {};
}

Result<> Node::array() const {
  if (!value_->is_array()) return expected("a list");
  return {};
}

Result<std::string> Node::text() const {
  if (!value_->is_string()) return expected("a string");
  return value_->get<std::string>();
}

Result<bool> Node::flag() const {
  if (!value_->is_boolean()) return expected("true or false");
  return value_->get<bool>();
}

Result<long long> Node::integer(long long low, long long high) const {
  const bool fits_signed =
      value_->is_number_integer() && !(value_->is_number_unsigned() && value_->get<uint64_t>() > INT64_MAX);
  const bool ok = fits_signed && value_->get<long long>() >= low && value_->get<long long>() <= high;
  if (!ok) return expected(fmt::format("a whole number from {} to {}", low, high));
  return value_->get<long long>();
}

Result<double> Node::number(double low, double high) const {
  const bool ok = value_->is_number() && value_->get<double>() >= low && value_->get<double>() <= high;
  if (!ok) return expected(fmt::format("a number from {} to {}", low, high));
  return value_->get<double>();
}

Result<std::string> Node::required_text(std::string_view key) const {
  const std::optional<Node> field = find(key);
  if (!field) return expected(fmt::format("a field \"{}\"", key));
  return field->text();
}

Result<json::Value> parse_source(const JsonSource& source) {
  auto root = json::parse(source.text);
  if (!root) {
    return fail(ErrorKind::kParse, fmt::format("{}: {}", source.file, root.error().message), source.hint,
                root.error().detail);
  }
  if (const auto twice = find_duplicate_key(source.text)) {
    return fail(
        ErrorKind::kInvalidInput,
        fmt::format("{}:{}: the key \"{}\" stands twice in one object", source.file, twice->line, twice->key),
        source.hint);
  }
  return root;
}

}  // namespace awl::emulator
