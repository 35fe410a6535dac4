#pragma once

#include <expected>

#include "anthropic/json_client.h"
#include "anthropic/model_list.h"
#include "anthropic/request_builder.h"

namespace awl::anthropic {

/// GET /v1/models, page by page. `headers` are common_headers(). Errors: as they were answered; kParse for an
/// answer that is no list.
Task<std::expected<ModelList, CallError>> list_models(JsonClient& client, const std::string& base_url,
                                                      const net::Headers& headers);

}  // namespace awl::anthropic
