#include "json/schema.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>
#include <vector>

#include "base/strings.h"

namespace awl::json {

namespace {

using Plain = nlohmann::json;

constexpr size_t kMaxSentences = 3;

bool holds_schemas_by_name(std::string_view keyword) {
  return keyword == "properties" || keyword == "definitions" || keyword == "$defs" ||
         keyword == "dependencies";
}

bool holds_data(std::string_view keyword) {
  return keyword == "enum" || keyword == "const" || keyword == "default" || keyword == "examples";
}

// Takes out what would need a regular expression.
void remove_expressions(Value& schema) {
  if (schema.is_array()) {
    for (Value& item : schema) remove_expressions(item);
  }
  if (!schema.is_object()) return;
  schema.erase("pattern");
  schema.erase("format");
  if (schema.erase("patternProperties") > 0) schema.erase("additionalProperties");
  for (auto& [keyword, value] : schema.items()) {
    if (holds_data(keyword)) continue;
    if (!holds_schemas_by_name(keyword)) {
      remove_expressions(value);
    } else if (value.is_object()) {
      for (auto& [name, inner] : value.items()) remove_expressions(inner);
    }
  }
}

std::string with_article(std::string_view type) {
  if (type == "null") return "null";
  const bool vowel = type == "integer" || type == "object" || type == "array";
  return fmt::format("{} {}", vowel ? "an" : "a", type);
}

std::string type_names(const Value& type) {
  if (type.is_string()) return with_article(type.get<std::string>());
  std::string out;
  if (!type.is_array()) return out;
  for (const Value& one : type) {
    if (!out.empty()) out += " or ";
    if (one.is_string()) out += with_article(one.get<std::string>());
  }
  return out;
}

bool is_of_type(const Value& value, std::string_view type) {
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "null") return value.is_null();
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "number") return value.is_number();
  if (type != "integer") return true;
  if (value.is_number_integer()) return true;
  return value.is_number_float() && std::trunc(value.get<double>()) == value.get<double>();
}

bool matches_type(const Value& value, const Value& type) {
  if (type.is_string()) return is_of_type(value, type.get<std::string>());
  if (!type.is_array()) return true;
  for (const Value& one : type) {
    if (one.is_string() && is_of_type(value, one.get<std::string>())) return true;
  }
  return false;
}

std::string child_name(const std::string& path, std::string_view key) {
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

std::string field(const std::string& path) { return path.empty() ? "the input" : fmt::format("`{}`", path); }

// Collects sentences about the keywords that built-in and typical foreign schemas use.
class Explainer {
 public:
  std::vector<std::string> sentences;

  void explain(const Value& schema, const Value& value, const std::string& path) {
    if (!schema.is_object() || sentences.size() >= kMaxSentences) return;
    if (const Value* type = find(schema, "type"); type != nullptr && !matches_type(value, *type)) {
      add(fmt::format("{} must be {}", field(path), type_names(*type)));
      return;
    }
    explain_choice(schema, value, path);
    if (value.is_number()) explain_bounds(schema, value, path);
    if (value.is_object()) explain_object(schema, value, path);
    if (value.is_array()) explain_array(schema, value, path);
    if (value.is_string()) explain_length(schema, value, path);
  }

 private:
  void add(std::string sentence) {
    if (sentences.size() < kMaxSentences) sentences.push_back(std::move(sentence));
  }

  void explain_choice(const Value& schema, const Value& value, const std::string& path) {
    const Value* choices = find(schema, "enum");
    if (choices == nullptr || !choices->is_array()) return;
    std::string list;
    for (const Value& choice : *choices) {
      if (choice == value) return;
      list += fmt::format("{}{}", list.empty() ? "" : ", ", dump(choice));
    }
    add(fmt::format("{} must be one of {}", field(path), list));
  }

  void explain_bounds(const Value& schema, const Value& value, const std::string& path) {
    const auto number = value.get<double>();
    if (const auto low = get_number(schema, "minimum"); low && number < *low) {
      add(fmt::format("{} must be at least {}", field(path), *low));
    }
    if (const auto high = get_number(schema, "maximum"); high && number > *high) {
      add(fmt::format("{} must be at most {}", field(path), *high));
    }
  }

  void explain_length(const Value& schema, const Value& value, const std::string& path) {
    const auto least = get_integer(schema, "minLength");
    if (least && *least > 0 && value.get_ref<const std::string&>().empty()) {
      add(fmt::format("{} must not be empty", field(path)));
    }
  }

  void explain_object(const Value& schema, const Value& value, const std::string& path) {
    const Value* properties = find(schema, "properties");
    if (const Value* required = find(schema, "required"); required != nullptr && required->is_array()) {
      for (const Value& name : *required) {
        if (!name.is_string()) continue;
        const auto key = name.get<std::string>();
        if (find(value, key) == nullptr) add(fmt::format("`{}` is required", child_name(path, key)));
      }
    }
    const Value* others = find(schema, "additionalProperties");
    for (const auto& [key, inner] : value.items()) {
      const Value* known = properties == nullptr ? nullptr : find(*properties, key);
      if (known != nullptr) {
        explain(*known, inner, child_name(path, key));
      } else if (others != nullptr && *others == false) {
        add(fmt::format("unknown field `{}`", child_name(path, key)));
      } else if (others != nullptr) {
        explain(*others, inner, child_name(path, key));
      }
    }
  }

  void explain_array(const Value& schema, const Value& value, const std::string& path) {
    if (const auto least = get_integer(schema, "minItems");
        least && value.size() < static_cast<size_t>(*least)) {
      add(fmt::format("{} must have at least {} item{}", field(path), *least, *least == 1 ? "" : "s"));
    }
    if (const auto most = get_integer(schema, "maxItems");
        most && value.size() > static_cast<size_t>(*most)) {
      add(fmt::format("{} must have at most {} item{}", field(path), *most, *most == 1 ? "" : "s"));
    }
    const Value* items = find(schema, "items");
    if (items == nullptr) return;
    for (size_t i = 0; i < value.size(); ++i) explain(*items, value[i], fmt::format("{}[{}]", path, i));
  }
};

// valijson's own words, for keywords that Explainer does not know. Its context is <root>, [a], [0] …
std::string first_error(const valijson::ValidationResults& results) {
  if (results.numErrors() == 0) return "the input does not fit the schema";
  const auto& error = *results.begin();
  std::string path;
  for (size_t i = 1; i < error.context.size(); ++i) {
    const std::string& part = error.context[i];
    const std::string_view name = std::string_view(part).substr(1, part.size() - 2);
    if (parse_integer(name)) {
      path += part;
    } else {
      path = child_name(path, name);
    }
  }
  return fmt::format("{}: {}", field(path), error.description);
}

}  // namespace

struct Schema::Compiled {
  Value source;
  valijson::Schema schema;
};

Schema::Schema(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
Schema::Schema(Schema&&) noexcept = default;
Schema& Schema::operator=(Schema&&) noexcept = default;
Schema::~Schema() = default;

Result<Schema> Schema::compile(const Value& schema) {
  if (!schema.is_object()) return fail(ErrorKind::kInvalidInput, "a JSON Schema must be an object");
  auto compiled = std::make_unique<Compiled>();
  compiled->source = schema;
  remove_expressions(compiled->source);
  const Plain plain = compiled->source;
  try {
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(plain), compiled->schema);
  } catch (const std::exception& error) {
    return fail(ErrorKind::kInvalidInput, fmt::format("not a JSON Schema: {}", error.what()));
  }
  return Schema(std::move(compiled));
}

Result<> Schema::validate(const Value& instance) const {
  const Plain plain = instance;
  valijson::Validator validator;
  valijson::ValidationResults results;
  try {
    if (validator.validate(compiled_->schema, valijson::adapters::NlohmannJsonAdapter(plain), &results))
      return {};
  } catch (const std::exception& error) {
    return fail(ErrorKind::kInvalidInput, fmt::format("the input cannot be checked: {}", error.what()));
  }
  Explainer explainer;
  explainer.explain(compiled_->source, instance, "");
  if (explainer.sentences.empty()) explainer.sentences.push_back(first_error(results));
  return fail(ErrorKind::kInvalidInput, join(explainer.sentences, "; "));
}

}  // namespace awl::json
