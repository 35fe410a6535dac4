// Questions that a tool puts to a model beside the conversation: the extraction of a fetched page, a search
// that the platform runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "async/task.h"
#include "base/error.h"

namespace awl::tools {

struct SideQuestion {
  bool small = true;         ///< the small, fast model; else the session's own
  std::string system;        ///< may be empty
  std::string content_json;  ///< of the one user message: a JSON string or an array of content blocks
  std::vector<std::string> server_tools;  ///< JSON definitions of tools that the platform runs itself
  int64_t max_output_tokens = 4'096;
  std::string model = {};  ///< an id or alias; empty: as `small` says
};

struct SideAnswer {
  std::vector<std::string> blocks_json;  ///< the content blocks as they came, each a JSON object
  std::string text;                      ///< of the text blocks, joined
  std::string stop_reason;
};

/// Its calls are authenticated, retried, counted and paid for like those of the conversation.
class SideModel {
 public:
  virtual ~SideModel() = default;
  /// Errors: what the call failed with, as a sentence for the model and the person. Cancellable.
  virtual Task<Result<SideAnswer>> ask(SideQuestion question) = 0;
};

}  // namespace awl::tools
