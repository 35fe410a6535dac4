// Everything behind a face: the network, the model's clients, the engine, and where the session is written
// down.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "agent/engine.h"
#include "cli/called_actions.h"
#include "cli/network_setup.h"
#include "cli/session_files.h"
#include "cli/session_setup.h"
#include "protocol/host.h"

namespace awl::cli {

class SessionEngine {
 public:
  /// The arguments outlive it; what of `chosen` was restored is used up. Errors: kInvalidInput and the like,
  /// with the sentence to print.
  static Result<std::unique_ptr<SessionEngine>> make(boost::asio::io_context& io, const Arguments& arguments,
                                                     const Environment& shell, const Setup& setup,
                                                     const NetworkSetup& network, ChosenSession& chosen,
                                                     protocol::Host& host);
  virtual ~SessionEngine() = default;

  virtual agent::Engine& engine() = 0;
  /// Says what a session that goes on has to be told by itself; empty: nothing. See interrupted_turn.h.
  virtual const std::string& words_to_go_on() const = 0;
  /// After the engine has ended: what is kept for `awl doctor`, and the daily cleaning.
  virtual void finish() = 0;
};

/// A message of the person, as the engine takes it.
void say(const std::string& words, agent::Engine& engine);

}  // namespace awl::cli
