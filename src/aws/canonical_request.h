// The first stage of SigV4: the request in the one spelling that client and service both hash.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace awl::aws {

/// The header part of a canonical request.
struct CanonicalHeaders {
  std::string lines;  ///< "name:value\n" for each name, sorted
  std::string names;  ///< the same names, joined by ";"
};

/// Names in lower case and sorted; the values of a repeated name joined by "," in the order given; runs of
/// white space, line breaks of folded values included, become one space.
CanonicalHeaders canonical_headers(const std::vector<std::pair<std::string, std::string>>& headers);

}  // namespace awl::aws
