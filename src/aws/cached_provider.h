#pragma once

#include <memory>

#include "aws/credentials.h"
#include "base/clock.h"

namespace awl::aws {

/// Keeps what another provider found.
class CachedProvider : public CredentialsProvider {
 public:
  /// Forgets: the next fetch asks the inner provider, even while an earlier one is under way.
  virtual void invalidate() = 0;
};

/// Asks `inner` once and keeps its credentials until the last tenth of their lifetime, or the last 5 minutes
/// when that is less, or for an hour when they don't say. In that last part it asks again; when that fails,
/// what is kept still serves until it expires. Other errors are not kept. Fetches at the same time share one
/// question and its answer. It must outlive its fetches.
std::unique_ptr<CachedProvider> make_cached_provider(std::unique_ptr<CredentialsProvider> inner, Clock clock);

}  // namespace awl::aws
