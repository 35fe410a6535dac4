#include "anthropic/request_extras.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "anthropic/custom_headers.h"
#include "base/strings.h"
#include "json/json.h"

namespace awl::anthropic {

namespace {

constexpr std::string_view kBetasVariable = "ANTHROPIC_BETAS";
constexpr std::string_view kBodyVariable = "CLAUDE_CODE_EXTRA_BODY";

bool is_beta_name(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

Result<> add_betas(std::vector<std::string>& betas, std::string_view source, std::string_view list) {
  size_t number = 0;
  for (const std::string_view part : split(list, ',')) {
    ++number;
    const std::string beta(trim(part));
    if (beta.empty() || std::find(betas.begin(), betas.end(), beta) != betas.end()) continue;
    if (!is_beta_name(beta)) {
      return fail(ErrorKind::kInvalidInput,
                  fmt::format("{}: value {} is not the name of a beta", source, number),
                  "Nothing was sent. Give names of letters, digits and hyphens, separated by commas.");
    }
    betas.push_back(beta);
  }
  return {};
}

Result<> read_body(std::string_view text, RequestExtras& extras, std::vector<std::string>& problems) {
  const auto reject = [](const std::string& why) {
    return fail(ErrorKind::kInvalidInput, fmt::format("{} is not a JSON object: {}", kBodyVariable, why),
                R"(Nothing was sent. Give something like {"inference_geo":"us"}, or unset it.)");
  };
  const auto parsed = json::parse(text);
  if (!parsed) return reject(parsed.error().message);
  if (!parsed->is_object()) return reject(fmt::format("it is of the type {}", parsed->type_name()));
  for (const auto& [key, value] : parsed->items()) {
    // The conversation is the client's, and its answer is read as a stream.
    if (key == "messages" || key == "stream") {
      problems.push_back(fmt::format("{}: \"{}\" is left out: it cannot be overridden", kBodyVariable, key));
      continue;
    }
    extras.body.emplace_back(key, json::dump(value));
  }
  return {};
}

}  // namespace

std::string RequestExtras::body_string(std::string_view key) const {
  for (const auto& [name, value] : body) {
    if (name != key) continue;
    const auto parsed = json::parse(value);
    return parsed && parsed->is_string() ? parsed->get<std::string>() : "";
  }
  return "";
}

Result<RequestExtras> read_request_extras(const Environment& environment,
                                          const std::vector<std::string>& betas,
                                          std::vector<std::string>& problems) {
  RequestExtras extras;
  extras.experimental = !environment.is_on("CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS");
  AWL_CHECK(add_betas(extras.betas, kBetasVariable, environment.get(kBetasVariable)));
  for (const std::string& list : betas) {
    AWL_CHECK(add_betas(extras.betas, "--betas", list));
  }
  AWL_TRY(extras.headers, parse_custom_headers(environment.get("ANTHROPIC_CUSTOM_HEADERS"), problems));
  // Betas given as a header join the others instead of hiding them.
  const auto given = std::find_if(extras.headers.begin(), extras.headers.end(), [](const net::Header& h) {
    return equals_ignore_case(h.name, "anthropic-beta");
  });
  if (given != extras.headers.end()) {
    AWL_CHECK(add_betas(extras.betas, "ANTHROPIC_CUSTOM_HEADERS, anthropic-beta", given->value));
    extras.headers.erase(given);
  }
  const std::string body = environment.get(kBodyVariable);
  if (!trim(body).empty()) {
    AWL_CHECK(read_body(body, extras, problems));
  }
  return extras;
}

}  // namespace awl::anthropic
