// JSON Schema validation of what a model or a user gives.
#pragma once

#include <memory>

#include "base/error.h"
#include "json/json.h"

namespace awl::json {

/// A compiled JSON Schema (draft 7, by valijson). Immutable; cheap to validate against.
class Schema {
 public:
  /// Errors: kInvalidInput, when `schema` is not a JSON Schema.
  static Result<Schema> compile(const Value& schema);
  Schema(Schema&&) noexcept;
  Schema& operator=(Schema&&) noexcept;
  ~Schema();

  /// Ok, or kInvalidInput with a sentence that names the field: "`command` must be a string".
  Result<> validate(const Value& instance) const;

 private:
  struct Compiled;
  explicit Schema(std::unique_ptr<Compiled> compiled);
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace awl::json
