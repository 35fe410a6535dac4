// Beast's parser, filling our own request: Beast's own container would regroup the headers.
#pragma once

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <string>

#include "net/http_server.h"

namespace awl::net {

class ServerRequestParser : public boost::beast::http::basic_parser<true> {
 public:
  const ServerRequest& request() const { return request_; }
  void set_remote_address(std::string address) { request_.remote_address = std::move(address); }
  bool is_http_1_0() const { return version_ == 10; }

 private:
  using error_code = boost::beast::error_code;
  using string_view = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb, string_view method, string_view target, int version,
                       error_code& error) override {
    error = {};
    version_ = version;
    request_.method = std::string(method);
    request_.target = std::string(target);
  }
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(boost::beast::http::field, string_view name, string_view value,
                     error_code& error) override {
    error = {};
    request_.headers.push_back({std::string(name), std::string(value)});
  }
  void on_header_impl(error_code& error) override { error = {}; }
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& error) override {
    error = {};
    // A peer that announces much and sends little gets no memory for it.
    if (length) request_.body.reserve(static_cast<size_t>(std::min<std::uint64_t>(*length, 1 << 20)));
  }
  size_t on_body_impl(string_view body, error_code& error) override {
    error = {};
    request_.body.append(body.data(), body.size());
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code& error) override { error = {}; }
  size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code& error) override {
    return on_body_impl(body, error);
  }
  void on_finish_impl(error_code& error) override { error = {}; }

  ServerRequest request_;
  int version_ = 11;
};

}  // namespace awl::net
