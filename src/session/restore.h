// Reads a transcript back: the conversation that it holds, so that the API accepts it, whatever happened to
// the file.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "os/file.h"

namespace awl::session {

struct RestoredMessage {
  bool from_user = false;
  std::vector<std::string> blocks;  ///< JSON objects, as they were sent
  std::string uuid = {};            ///< of a message of the person's; empty: it is none
};

struct RestoredSession {
  std::string id;
  std::vector<RestoredMessage> messages;  ///< user and assistant in turn, beginning with the user
  std::string last_uuid;                  ///< what the next record follows
  std::string model;                      ///< that answered last; empty: none did
  std::string permission_mode;            ///< of the last run; empty: unknown
  std::string agent;                      ///< the kind of agent that the session is; empty: none
  std::vector<std::string> loaded_tools;  ///< names that ToolSearch gave
  std::vector<std::string> read_files;    ///< that tools were asked to read, as written
  bool interrupted = false;               ///< the model had not said its last word
  std::string
      deferred_call;  ///< the tool_use block that it ends with and that is still to be made; empty: none
  std::string last_timestamp;        ///< of the last record, as written
  bool forked = false;               ///< what follows belongs to another session
  std::vector<std::string> notices;  ///< sentences: what had to be left out or mended
};

/// `at` is the uuid of the last record that counts; empty: the last one of the file. Lines that are no
/// records are passed over and told; a record whose parent is not there follows the one before it. A tool
/// call without a result is dropped with a notice; so are results without their call. Errors: kNotFound (the
/// file, or `at`), kIo.
Result<RestoredSession> restore(const os::Path& file, const std::string& at);

}  // namespace awl::session
