#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace awl::aws {

/// The text of the first element `name` of an XML reply of AWS (which has no attributes, comments or CDATA in
/// such elements), with its entities decoded; nullopt when there is none.
std::optional<std::string> xml_text(std::string_view xml, std::string_view name);

}  // namespace awl::aws
