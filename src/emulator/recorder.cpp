#include "emulator/recorder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "base/secret.h"
#include "base/strings.h"

namespace awl::emulator {

namespace {

/// The signature goes, the rest of a SigV4 header is no secret and says what was signed.
std::string mask_authorization(const std::string& value) {
  if (!value.starts_with("AWS4-")) return value.substr(0, value.find(' ')) + " …";
  const size_t signature = value.find("Signature=");
  return signature == std::string::npos ? "AWS4 …" : value.substr(0, signature) + "Signature=…";
}

std::string masked(const std::string& name, const std::string& value) {
  if (name == "authorization") return mask_authorization(value);
  if (name == "x-api-key" || name == "x-amz-security-token") return Secret(value).masked();
  return value;
}

}  // namespace

json::Value record_json(const Exchange& exchange) {
  json::Value headers = json::Value::object();
  for (const net::Header& header : exchange.request.headers) {
    const std::string name = to_lower(header.name);
    const std::string value = masked(name, header.value);
    const json::Value* before = json::find(headers, name);
    headers[name] = before == nullptr ? value : before->get<std::string>() + ", " + value;
  }
  return {{"time", format_iso8601(exchange.time)},
          {"method", exchange.request.method},
          {"target", exchange.request.target},
          {"headers", std::move(headers)},
          {"body", exchange.body != nullptr ? *exchange.body : json::Value(exchange.request.body)},
          {"auth", exchange.auth},
          {"status", exchange.status},
          {"request_id", exchange.request_id}};
}

std::string record_line(const Exchange& exchange) { return json::dump(record_json(exchange)) + "\n"; }

Result<std::unique_ptr<Recorder>> Recorder::open(const os::Path& file) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (descriptor < 0) return std::unexpected(os::system_error("open for recording", file, errno));
  return std::unique_ptr<Recorder>(new Recorder(descriptor, file));
}

Recorder::~Recorder() { ::close(descriptor_); }

Result<> Recorder::write_line(std::string_view line) {
  while (!line.empty()) {
    const ssize_t written = ::write(descriptor_, line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return std::unexpected(os::system_error("write to", file_, errno));
    line.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

}  // namespace awl::emulator
