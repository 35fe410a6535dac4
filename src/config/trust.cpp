#include "config/trust.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "config/global_file.h"
#include "config/json_edit.h"
#include "config/shared_file.h"
#include "json/json.h"
#include "os/path.h"

namespace awl::config {

namespace {

bool is_accepted(const Locations& locations) {
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

// {"file_system":"…","items":{label: digest}}
json::Value record_of(const os::Path& folder, const std::vector<ExecutableItem>& items) {
  json::Value digests = json::Value::object();
  for (const ExecutableItem& item : items) digests[item.label] = item.digest;
  return {{"file_system", os::file_system_id(folder)}, {"items", std::move(digests)}};
}

std::vector<std::string> path_in_state(const Locations& locations) {
  return {"folders", locations.project_dir.string()};
}

Result<> keep_record(const Locations& locations, const os::Path& state_file, const json::Value& record) {
  AWL_CHECK(os::make_directories(state_file.parent_path(), 0700));
  return update_file(state_file, [&](std::string_view before) {
    // One that cannot be read holds nothing that could be kept.
    if (!json::parse(before)) before = "";
    return set_json_text(before, path_in_state(locations), json::dump(record));
  });
}

Result<> set_accepted(const Locations& locations, bool accepted) {
  const std::vector<std::string> path{"projects", locations.project_dir.string(), "hasTrustDialogAccepted"};
  return update_global_file(locations, [&](std::string_view before) {
    return set_json_text(before, path, accepted ? "true" : "false");
  });
}

void compare(const json::Value& record, Trust& trust, const os::Path& folder) {
  trust.moved = json::string_or_empty(record, "file_system") != os::file_system_id(folder);
  const json::Value* known = json::find(record, "items");
  const json::Value none = json::Value::object();
  if (known == nullptr || !known->is_object()) known = &none;
  for (const ExecutableItem& item : trust.items) {
    if (json::string_or_empty(*known, item.label) != item.digest) trust.added.push_back(item.label);
  }
  for (const auto& [label, digest] : known->items()) {
    if (std::ranges::find(trust.items, label, &ExecutableItem::label) == trust.items.end())
      trust.removed.push_back(label);
  }
}

}  // namespace

std::string Trust::problem() const {
  if (trusted || !accepted) return "";
  if (moved) {
    return "another file system is mounted at this folder since you trusted it: it counts as not trusted "
           "until "
           "you run `awl trust`";
  }
  return fmt::format(
      "what this folder starts by itself is not what you trusted ({}): it counts as not trusted until you "
      "run `awl "
      "trust`, which shows it",
      join(added, ", "));
}

Trust look_at_trust(const Locations& locations, const os::Path& state_file) {
  Trust trust;
  trust.accepted = is_accepted(locations);
  if (!trust.accepted) return trust;
  trust.items = find_executable_config(locations);
  const auto text = os::read_file(state_file);
  const auto root = text ? json::parse(*text) : Result<json::Value>(std::unexpected(text.error()));
  const json::Value* folders = root ? json::find(*root, "folders") : nullptr;
  const json::Value* record =
      folders == nullptr ? nullptr : json::find(*folders, locations.project_dir.string());
  if (record == nullptr) {
    // Without the file, the next session keeps what is there then.
    static_cast<void>(keep_record(locations, state_file, record_of(locations.project_dir, trust.items)));
    trust.trusted = true;
    return trust;
  }
  compare(*record, trust, locations.project_dir);
  // What is gone cannot do anything.
  trust.trusted = !trust.moved && trust.added.empty();
  return trust;
}

Result<> accept_folder(const Locations& locations, const os::Path& state_file) {
  AWL_CHECK(set_accepted(locations, true));
  return keep_record(locations, state_file,
                     record_of(locations.project_dir, find_executable_config(locations)));
}

Result<> revoke_folder(const Locations& locations, const os::Path& state_file) {
  AWL_CHECK(set_accepted(locations, false));
  if (!os::path_exists(state_file)) return {};
  return update_file(state_file, [&](std::string_view before) {
    return remove_json_text(before, path_in_state(locations));
  });
}

}  // namespace awl::config
