#pragma once

#include "base/clock.h"
#include "base/environment.h"
#include "net/http.h"

namespace awl::aws {

/// What providers work with. `http` outlives them.
struct ProviderParts {
  Environment environment;
  net::HttpClient& http;
  Clock clock;
};

}  // namespace awl::aws
