// What the engine asks of a face while a turn runs.
#pragma once

#include <string>

#include "async/task.h"

namespace awl::protocol {

struct PermissionQuestion {
  std::string tool_name;
  std::string tool_use_id;
  std::string input_json;
  std::string reason;  ///< why nobody decided it yet, for the person
};

struct PermissionAnswer {
  bool allowed = false;
  std::string message;  ///< for the model, when it is not
};

/// One per face. Outlives the engine; called on the loop's thread; an answer may take as long as a person
/// does.
class Host {
 public:
  virtual ~Host() = default;
  virtual Task<PermissionAnswer> ask_permission(PermissionQuestion question) = 0;
};

}  // namespace awl::protocol
