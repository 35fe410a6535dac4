// Answers from recorded exchanges: a request that equals a recorded one gets the recorded response.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "emulator/api_error.h"
#include "emulator/exchange_recorder.h"
#include "json/value.h"
#include "os/file.h"

namespace awl::emulator {

/// Where two JSON values differ first, in the order of the first.
struct JsonDifference {
  std::string place;  ///< "messages[2].content[0].text"
  std::string recorded;
  std::string received;
  size_t equal_values = 0;  ///< before that place
};
/// nullopt when they are equal. The values are shortened for a message.
std::optional<JsonDifference> first_difference(const json::Value& recorded, const json::Value& received);

/// A body as it is compared: without metadata, and without cache markers.
json::Value comparable_body(json::Value body);

class Replay {
 public:
  /// Reads what exchange_line() wrote. Exchanges with an incomplete response are left out.
  /// Errors: those of reading a file; kParse and kInvalidInput naming the line.
  static Result<Replay> load(const os::Path& file);
  static Result<Replay> parse(std::string_view text, const std::string& file);

  /// The response of the first unused exchange with an equal request; when all of them were used, of the
  /// last. Errors: 400, saying how the nearest recorded request differs.
  ApiResult<RecordedResponse> answer(const std::string& method, const std::string& path,
                                     const json::Value& body);

 private:
  struct Recorded {
    size_t line = 0;
    std::string method;
    std::string path;
    json::Value body;
    RecordedResponse response;
    bool is_used = false;
  };

  static Result<> read_line(std::string_view text, size_t number, const std::string& file, Replay& out);
  std::string explain(const std::string& method, const std::string& path, const json::Value& body) const;

  std::string file_;
  std::vector<Recorded> exchanges_;
};

}  // namespace awl::emulator
