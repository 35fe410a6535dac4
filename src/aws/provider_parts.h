#pragma once

#include "base/clock.h"
#include "base/environment.h"
#include "net/http.h"
#include "os/file.h"

namespace awl::aws {

/// What providers work with. `http` outlives them.
struct ProviderParts {
  Environment environment;
  net::HttpClient& http;
  Clock clock;
  os::Path state_dir = {};  ///< where the person's processes agree who renews what; empty: they do not
};

}  // namespace awl::aws
