#include "protocol/call_subject.h"

namespace awl::protocol {

std::string call_subject(const json::Value& input) {
  for (const char* key : {"command", "file_path", "notebook_path", "pattern", "url", "query", "description",
                          "skill", "subject", "path"}) {
    if (std::string subject = json::string_or_empty(input, key); !subject.empty()) return subject;
  }
  return "";
}

}  // namespace awl::protocol
