#pragma once

#include <string>

#include "net/http.h"

namespace awl::anthropic {

/// Services repeat what they were sent, a canonical request for instance: takes the credentials that a
/// request carried out of a text about it.
void hide_credentials(std::string& text, const net::Headers& headers);

}  // namespace awl::anthropic
