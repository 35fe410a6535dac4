#include "config/trust.h"

#include <nlohmann/json.hpp>

#include "json/json.h"

namespace awl::config {

bool is_trusted(const Locations& locations) {
  const auto contents = os::read_file(locations.global_file);
  if (!contents) return false;
  const auto root = json::parse(*contents);
  if (!root) return false;
  const json::Value* projects = json::find(*root, "projects");
  if (projects == nullptr) return false;
  for (os::Path folder = locations.project_dir;; folder = folder.parent_path()) {
    const json::Value* project = json::find(*projects, folder.string());
    if (project != nullptr && json::get_bool(*project, "hasTrustDialogAccepted").value_or(false)) return true;
    if (folder == folder.parent_path()) return false;
  }
}

}  // namespace awl::config
