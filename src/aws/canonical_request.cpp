#include "aws/canonical_request.h"

#include <algorithm>
#include <map>

#include "aws/sigv4.h"
#include "base/encoding.h"
#include "base/strings.h"

namespace awl::aws {

namespace {

// "." and ".." resolved, repeated slashes merged. A trailing slash stays, one that ".." or "." leaves behind
// does not: that is how botocore signs.
std::string normalize_path(std::string_view path) {
  std::vector<std::string_view> kept;
  for (const std::string_view segment : split(path, '/')) {
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") {
      kept.push_back(segment);
    } else if (!kept.empty()) {
      kept.pop_back();
    }
  }
  std::string out;
  for (const std::string_view segment : kept) {
    out += '/';
    out += segment;
  }
  if (kept.empty() || path.back() == '/') out += '/';
  return out;
}

std::string collapse_spaces(std::string_view value) {
  std::string out;
  bool pending = false;
  for (const char c : trim(value)) {
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      pending = true;
      continue;
    }
    if (pending) out += ' ';
    pending = false;
    out += c;
  }
  return out;
}

}  // namespace

std::string canonical_uri(std::string_view path, bool normalize, bool double_encode) {
  std::string rooted;
  if (!path.starts_with('/')) rooted += '/';
  rooted += path;
  std::string uri = normalize ? normalize_path(rooted) : std::move(rooted);
  return double_encode ? percent_encode(uri, "/") : uri;
}

std::string canonical_query(std::string_view query) {
  // Decoding first makes every spelling of a character the same: %7e, ~ and a raw UTF-8 byte. A "+" is a plus
  // sign.
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const std::string_view part : split(query, '&')) {
    if (part.empty()) continue;
    const size_t equals = part.find('=');
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1);
    parameters.emplace_back(percent_encode(percent_decode(part.substr(0, equals))),
                            percent_encode(percent_decode(value)));
  }
  std::sort(parameters.begin(), parameters.end());
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out += '&';
    out += name;
    out += '=';
    out += value;
  }
  return out;
}

CanonicalHeaders canonical_headers(const std::vector<std::pair<std::string, std::string>>& headers) {
  std::map<std::string, std::string> merged;
  for (const auto& [name, value] : headers) {
    const auto [entry, added] = merged.try_emplace(to_lower(trim(name)));
    if (!added) entry->second += ',';
    entry->second += collapse_spaces(value);
  }
  CanonicalHeaders canonical;
  for (const auto& [name, value] : merged) {
    canonical.lines += name + ":" + value + "\n";
    if (!canonical.names.empty()) canonical.names += ';';
    canonical.names += name;
  }
  return canonical;
}

}  // namespace awl::aws
