#include "emulator/route.h"

#include "base/encoding.h"

namespace awl::emulator {

Route route_of(std::string_view target) {
  constexpr std::string_view kModels = "/v1/models";
  Route route;
  const size_t question = target.find('?');
  route.path = std::string(target.substr(0, question));
  if (question != std::string_view::npos) route.query = std::string(target.substr(question + 1));
  if (route.path == "/v1/messages") route.kind = Route::Kind::kMessages;
  if (route.path == "/v1/messages/count_tokens") route.kind = Route::Kind::kCountTokens;
  if (route.path == kModels) route.kind = Route::Kind::kModels;
  if (route.path.starts_with("/v1/models/") && route.path.size() > kModels.size() + 1) {
    route.kind = Route::Kind::kModel;
    route.model = percent_decode(std::string_view(route.path).substr(kModels.size() + 1));
  }
  return route;
}

std::string_view route_name(const Route& route) {
  switch (route.kind) {
    case Route::Kind::kMessages:
      return "messages";
    case Route::Kind::kCountTokens:
      return "count_tokens";
    case Route::Kind::kModels:
    case Route::Kind::kModel:
      return "models";
    case Route::Kind::kOther:
      return "";
  }
  return "";
}

}  // namespace awl::emulator
