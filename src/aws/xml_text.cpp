#include "aws/xml_text.h"

#include <fmt/format.h>

#include <array>

namespace awl::aws {

namespace {

struct Entity {
  std::string_view name;
  char character;
};
constexpr std::array kEntities{Entity{"&lt;", '<'}, Entity{"&gt;", '>'}, Entity{"&quot;", '"'},
                               Entity{"&apos;", '\''}, Entity{"&amp;", '&'}};

std::string decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Entity* found = nullptr;
    for (const Entity& entity : kEntities) {
      if (text.starts_with(entity.name)) found = &entity;
    }
    out += found != nullptr ? found->character : text.front();
    text.remove_prefix(found != nullptr ? found->name.size() : 1);
  }
  return out;
}

}  // namespace

std::optional<std::string> xml_text(std::string_view xml, std::string_view name) {
  const std::string open = fmt::format("<{}>", name);
  const size_t start = xml.find(open);
  if (start == std::string_view::npos) return std::nullopt;
  xml.remove_prefix(start + open.size());
  const size_t end = xml.find(fmt::format("</{}>", name));
  if (end == std::string_view::npos) return std::nullopt;
  return decode(xml.substr(0, end));
}

}  // namespace awl::aws
