// The emulated platform: routes, credentials, rules, answers.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "emulator/config.h"
#include "emulator/message.h"
#include "emulator/recorder.h"
#include "emulator/replay.h"
#include "net/http_server.h"

namespace awl::emulator {

/// What a service needs from outside. One of `replay`, `upstream` and `model` answers, in this order.
struct ServiceParts {
  Config config;
  Clock clock;
  std::unique_ptr<Model> model;
  std::optional<Replay> replay;
  std::unique_ptr<net::HttpClient> upstream;          ///< for config.upstream
  std::unique_ptr<Recorder> recorder;                 ///< of requests; nullptr: nothing is recorded
  std::unique_ptr<Recorder> exchange_recorder;        ///< of requests and responses
  std::function<void(const Error&)> on_record_error;  ///< a record could not be written; serving goes on
};

/// Serves /v1/messages, /v1/messages/count_tokens and /v1/models. Every response carries request-id and
/// x-amzn-requestid; what is not emulated is answered with 404 and says so.
std::unique_ptr<net::HttpHandler> make_service(ServiceParts parts);

}  // namespace awl::emulator
