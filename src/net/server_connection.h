// One connection of the server: requests in turn until either side has had enough.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "async/task.h"
#include "net/http_server.h"

namespace awl::net {

/// Ends when the connection does. Cancellable. `options` and `handler` must outlive it.
Task<> serve_connection(boost::asio::ip::tcp::socket socket, const ServerOptions& options,
                        HttpHandler& handler);

}  // namespace awl::net
