#include "headless/stream_json_input.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "base/uuid.h"
#include "json/json.h"

namespace awl::headless {

namespace {

constexpr size_t kMaxInputLineBytes = 64 << 20;
constexpr size_t kReadBytes = 64 << 10;

/// Cuts what arrives into lines and posts them.
class LineFeeder {
 public:
  LineFeeder(agent::Engine& engine, ControlDesk& desk) : engine_(engine), desk_(desk) {}

  Result<> feed(std::string_view bytes) {
    for (size_t newline = bytes.find('\n'); newline != std::string_view::npos; newline = bytes.find('\n')) {
      line_ += bytes.substr(0, newline);
      bytes.remove_prefix(newline + 1);
      AWL_CHECK(end_line());
    }
    line_ += bytes;
    if (line_.size() > kMaxInputLineBytes) return malformed("is longer than 64 MB");
    return {};
  }

  /// Takes the last line, which may lack its newline.
  Result<> end_line() {
    ++number_;
    const std::string line = std::exchange(line_, "");
    if (trim(line).empty()) return {};
    const auto message = json::parse(line);
    if (!message || !message->is_object()) return malformed("is not a JSON object");
    const std::string type = json::string_or_empty(*message, "type");
    if (type == "user") return take_message(*message);
    if (type == "control_request") {
      desk_.take_request(*message);
      return {};
    }
    if (type == "control_response") {
      desk_.take_response(*message);
      return {};
    }
    if (type == "keep_alive" || type == "control_cancel_request") return {};
    return malformed(
        fmt::format("has the type \"{}\", which this version does not take", type.substr(0, 100)));
  }

 private:
  Result<> take_message(const json::Value& message) {
    const json::Value* inner = json::find(message, "message");
    const json::Value* content = inner == nullptr ? nullptr : json::find(*inner, "content");
    if (content == nullptr || (!content->is_string() && !content->is_array()))
      return malformed("is a user message without message.content");
    if (json::get_string(*inner, "role").value_or("user") != "user")
      return malformed("is a message of another role than user");
    if (json::get_bool(message, "shouldQuery") == false || !held_.empty()) hold(*content);
    if (json::get_bool(message, "shouldQuery") == false) return {};
    const std::string uuid = json::get_string(message, "uuid").value_or(make_uuid());
    engine_.post(protocol::SendMessage{
        json::dump(held_.empty() ? *content : std::exchange(held_, json::Value::array())), uuid});
    return {};
  }

  // Keeps a message that asks nothing for the one that does.
  void hold(const json::Value& content) {
    if (content.is_string()) {
      held_.push_back({{"type", "text"}, {"text", content}});
    } else {
      held_.insert(held_.end(), content.begin(), content.end());
    }
  }

  std::unexpected<Error> malformed(std::string_view what) const {
    return fail(ErrorKind::kParse,
                fmt::format("line {} of standard input {}", number_ + (line_.empty() ? 0 : 1), what),
                R"(Each line is {"type":"user","message":{"role":"user","content":"…"}}.)");
  }

  agent::Engine& engine_;
  ControlDesk& desk_;
  json::Value held_ = json::Value::array();  // content blocks of messages that ask nothing
  std::string line_;
  size_t number_ = 0;
};

// The event loop cannot wait for a plain file; reading one never blocks for long.
Result<> read_plain_file(int descriptor, LineFeeder& feeder) {
  std::string buffer(kReadBytes, '\0');
  for (;;) {
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return feeder.end_line();
    AWL_CHECK(feeder.feed(std::string_view(buffer).substr(0, static_cast<size_t>(got))));
  }
}

Task<Result<>> read_stream(int descriptor, LineFeeder& feeder) {
  namespace asio = boost::asio;
  const Executor executor = co_await asio::this_coro::executor;
  asio::posix::stream_descriptor input(executor, ::dup(descriptor));
  std::string buffer(kReadBytes, '\0');
  for (;;) {
    boost::system::error_code error;
    const size_t got = co_await input.async_read_some(asio::buffer(buffer),
                                                      asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return feeder.end_line();
    AWL_CO_CHECK(feeder.feed(std::string_view(buffer).substr(0, got)));
  }
}

}  // namespace

Task<Result<>> read_stream_json(int descriptor, agent::Engine& engine, ControlDesk& desk) {
  LineFeeder feeder(engine, desk);
  struct stat status{};
  const bool plain = ::fstat(descriptor, &status) != 0 || S_ISREG(status.st_mode);
  Result<> read;
  if (plain) {
    read = read_plain_file(descriptor, feeder);
  } else {
    read = co_await read_stream(descriptor, feeder);
  }
  desk.close();
  engine.post(protocol::EndInput{});
  co_return read;
}

}  // namespace awl::headless
