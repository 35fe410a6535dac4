// Where the values of a JSON text stand, without a tree of them: for large texts of which little is looked
// at, and for those whose bytes must stay as they are.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace awl::json {

/// True for what parse() takes as it is: one JSON value (RFC 8259) with blanks around it, in valid UTF-8,
/// without lone surrogates, nested no deeper than kMaxDepth.
bool is_strict(std::string_view text);

// Everything below is about texts that are valid, from their first byte that is no blank on.

size_t skip_blanks(std::string_view text, size_t at);
/// Behind the value that begins at `at`.
size_t end_of_value(std::string_view text, size_t at);

struct RawMember {
  std::string_view whole;  ///< key, colon and value
  std::string_view key;    ///< with its quotes
  std::string_view value;
};
/// None when the text is no object.
std::vector<RawMember> raw_members(std::string_view text);
/// The value of a key among them, the last of that name; empty: there is none.
std::string_view find_raw(const std::vector<RawMember>& members, std::string_view key);
/// The members of an object, found in one pass over its bytes; of two with one name the last counts.
class RawObject {
 public:
  explicit RawObject(std::string_view object) : members_(raw_members(object)) {}

  /// Empty: there is no such member.
  std::string_view find(std::string_view key) const { return find_raw(members_, key); }
  /// "" when it is no string.
  std::string text(std::string_view key) const;
  bool is_true(std::string_view key) const { return find(key) == "true"; }
  bool is_of_type(std::string_view type) const { return text("type") == type; }

 private:
  std::vector<RawMember> members_;
};
/// None when the text is no array.
std::vector<std::string_view> raw_elements(std::string_view text);

/// The value of the member that counts, the last of its name; empty: there is none. `key` needs no escapes.
std::string_view raw_member(std::string_view text, std::string_view key);
/// The string that a value is; nullopt: it is none.
std::optional<std::string> raw_string(std::string_view value);
/// The string of a member, "" when there is none.
std::string raw_text(std::string_view text, std::string_view key);

}  // namespace awl::json
