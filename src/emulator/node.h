// Reading the emulator's own JSON files: every mistake gets the file, the line, the place and what is
// expected.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "json/value.h"

namespace awl::emulator {

/// The file that is read.
struct JsonSource {
  std::string file;  ///< as people know it
  std::string text;
  std::string hint;  ///< where the format is described
};

/// One value of the file and where it stands. `value` and `source` must outlive it.
class Node {
 public:
  Node(const json::Value& value, const JsonSource& source) : value_(&value), source_(&source) {}

  const json::Value& value() const { return *value_; }
  const JsonSource& source() const { return *source_; }
  /// "steps[0].content", or "the top level".
  std::string place() const { return path_.empty() ? "the top level" : path_; }
  int line() const;

  /// The child at a key or index that is there.
  Node child(std::string_view key) const;
  Node child(size_t index) const;
  /// nullopt when there is none.
  std::optional<Node> find(std::string_view key) const;

  /// kInvalidInput: "file:line: place: expected …"
  std::unexpected<Error> expected(std::string_view what) const;
  /// kInvalidInput: "file:line: place: …"
  std::unexpected<Error> wrong(std::string_view what) const;

  /// An object with no other keys than these.
  Result<> object(std::initializer_list<std::string_view> keys) const;
  /// A list, however long.
  Result<> array() const;
  Result<std::string> text() const;
  Result<bool> flag() const;
  Result<long long> integer(long long low, long long high) const;
  Result<double> number(double low, double high) const;
  Result<std::string> required_text(std::string_view key) const;

 private:
  const json::Value* value_;
  const JsonSource* source_;
  std::string path_;
  std::string pointer_;
};

/// Calls `read` with the child of that name, when there is one.
template <typename Read>
Result<> optional_field(const Node& node, std::string_view key, Read read) {
  const std::optional<Node> child = node.find(key);
  if (!child) return {};
  return read(*child);
}

/// Calls `read` with each element of a list.
template <typename Read>
Result<> each_element(const Node& node, Read read) {
  AWL_CHECK(node.array());
  for (size_t i = 0; i < node.value().size(); ++i) AWL_CHECK(read(node.child(i)));
  return {};
}

/// Calls `read` with the value itself, or with each element of a list.
template <typename Read>
Result<> one_or_more(const Node& node, Read read) {
  if (!node.value().is_array()) return read(node);
  if (node.value().empty()) return node.expected("at least one element");
  return each_element(node, read);
}

/// Parses a file whose keys must be unique. Errors: kParse with the line; kInvalidInput for a key given
/// twice.
Result<json::Value> parse_source(const JsonSource& source);

}  // namespace awl::emulator
