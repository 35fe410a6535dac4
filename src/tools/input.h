#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "json/json.h"

namespace awl::tools {

/// What a model gave, made to fit `schema` where the meaning is plain: for the schema's own properties,
/// numeric strings become numbers, "true" and "false" become booleans, 3.0 becomes 3 where an integer is
/// wanted, and null for an optional property that cannot be null counts as not given. Everything else is left
/// for json::Schema to judge. Errors: kInvalidInput, when `input` is no object.
Result<json::Value> coerce(const json::Value& input, const json::Value& schema);

/// Renames keys of `input` as (written, meant); a key that is there under the meant name stays as it is.
void rename_keys(json::Value& input, const std::vector<std::pair<std::string, std::string>>& names);

}  // namespace awl::tools
