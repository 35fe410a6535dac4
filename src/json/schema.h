// JSON Schema validation of what a model or a user gives.
#pragma once

#include <memory>

#include "base/error.h"
#include "json/json.h"

namespace awl::json {

/// A compiled JSON Schema (draft 7, by valijson). Immutable; cheap to validate against.
/// Regular expressions (`pattern`, `patternProperties`) and `format` are not checked: the standard library's
/// engine runs out of stack on long texts, and a schema may come from a peer.
class Schema {
 public:
  /// Errors: kInvalidInput, when `schema` is not a JSON Schema.
  static Result<Schema> compile(const Value& schema);
  Schema(Schema&&) noexcept;
  Schema& operator=(Schema&&) noexcept;
  ~Schema();

  /// Ok, or kInvalidInput with a sentence that names the field: "`command` must be a string"; at most three
  /// of them.
  Result<> validate(const Value& instance) const;

 private:
  struct Compiled;
  explicit Schema(std::unique_ptr<Compiled> compiled);
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace awl::json
