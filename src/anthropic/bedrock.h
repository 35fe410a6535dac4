// Amazon Bedrock's own way to say the same: model ids, and answers in its binary event stream.
// Sources: Amazon Bedrock API Reference, InvokeModel and InvokeModelWithResponseStream; product
// documentation, "amazon-bedrock".
#pragma once

#include <string>
#include <string_view>

#include "anthropic/stream_reader.h"
#include "aws/event_stream.h"
#include "base/environment.h"

namespace awl::anthropic {

inline constexpr std::string_view kBedrockVersion = "bedrock-2023-05-31";
inline constexpr std::string_view kBedrockStreamType = "application/vnd.amazon.eventstream";
inline constexpr std::string_view kBedrockStreamPath = "/invoke-with-response-stream";

/// What an inference profile's id begins with in this region: "us", "eu", "apac", "us-gov" or "global",
/// unless ANTHROPIC_BEDROCK_REGION_PREFIX wishes another one.
std::string bedrock_prefix(const Environment& environment, std::string_view region);

/// The id of an inference profile for a bare model id (claude-opus-5 → us.anthropic.claude-opus-5). Ids of
/// Bedrock and ARNs stay as they are.
std::string bedrock_model_id(std::string_view id, std::string_view prefix);

/// Reads the body of InvokeModelWithResponseStream.
class BedrockStream {
 public:
  /// The next bytes: events go to `reader`, an exception as the error event that it is. True when an event of
  /// the answer was among them. Errors: kParse.
  Result<bool> feed(std::string_view bytes, StreamReader& reader);

 private:
  aws::EventStreamDecoder decoder_;
};

}  // namespace awl::anthropic
