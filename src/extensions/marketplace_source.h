// Where a marketplace of plugins comes from, and which the organisation lets people add.
// Source: product documentation, "plugin-marketplaces" and "settings-reference".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "json/value.h"
#include "os/file.h"

namespace awl::extensions {

struct MarketplaceSource {
  enum class Kind {
    kGithub,     ///< `location` is owner/repository
    kGit,        ///< a URL that git clones
    kFile,       ///< an absolute path of a marketplace.json
    kDirectory,  ///< an absolute path of a folder that holds .claude-plugin/marketplace.json
  };
  Kind kind = Kind::kDirectory;
  std::string location;
  std::string ref;  ///< branch or tag; empty: the usual one

  /// What git clones; empty for files and folders.
  std::string clone_url() const;
};

/// What a person writes: owner/repository[@ref], a URL[#ref], or a path. Errors: kInvalidInput.
Result<MarketplaceSource> parse_marketplace(std::string_view words, const os::Path& folder,
                                            const os::Path& home);

/// A `source` object of a settings file or of known_marketplaces.json. Errors: kInvalidInput, kUnsupported.
Result<MarketplaceSource> read_marketplace_source(const json::Value& written, const os::Path& folder);
json::Value to_json(const MarketplaceSource& source);
std::string to_string(const MarketplaceSource& source);

/// True for what git may be given: no option, no command, a scheme that transports files.
bool is_clonable(std::string_view url);

/// The managed settings' `strictKnownMarketplaces` (null: everything is allowed) and `blockedMarketplaces`.
struct MarketplacePolicy {
  json::Value allowed;
  json::Value blocked = json::Value::array();
};

/// Errors: kPermissionDenied with the sentence for the person. What is written wrongly in the lists allows
/// nothing and blocks everything.
Result<> check_marketplace(const MarketplaceSource& source, const MarketplacePolicy& policy);

}  // namespace awl::extensions
