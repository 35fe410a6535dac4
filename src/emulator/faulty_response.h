// A response that goes wrong on its way to the client.
#pragma once

#include "emulator/fault.h"
#include "net/http_server.h"

namespace awl::emulator {

/// Passes on what it is given until the fault's turn comes. Event streams are taken apart into events,
/// whatever pieces they are written in. After a cut every write fails, so that whoever writes stops.
class FaultyResponse : public net::ResponseWriter {
 public:
  /// `inner` must outlive it. Without a fault everything is passed on as it comes.
  FaultyResponse(net::ResponseWriter& inner, std::optional<Fault> fault)
      : inner_(inner), fault_(std::move(fault)) {}

  Task<Result<>> respond(int status, net::Headers headers, std::string body) override;
  Task<Result<>> start(int status, net::Headers headers) override;
  Task<Result<>> write(std::string_view bytes) override;
  void abort() override { inner_.abort(); }
  void reset() override { inner_.reset(); }

  /// After the last write: what was held back because no event was complete.
  Task<Result<>> finish();

 private:
  bool is(Fault::Kind kind) const { return fault_ && fault_->kind == kind; }
  bool counts_events() const;
  /// Passes one event on, or does what is to happen in its place.
  Task<Result<>> pass(std::string event);
  Task<Result<>> strike(std::string event);

  net::ResponseWriter& inner_;
  std::optional<Fault> fault_;
  std::string held_;  ///< the beginning of an event
  size_t events_ = 0;
  bool is_over_ = false;  ///< nothing that is written reaches the client any more
};

/// The event that a stream ends with when something went wrong.
std::string error_event(const Fault& fault);

}  // namespace awl::emulator
