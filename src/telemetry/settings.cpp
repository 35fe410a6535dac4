#include "telemetry/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/strings.h"

namespace awl::telemetry {

namespace {

constexpr std::string_view kPrefix = "OTEL_EXPORTER_OTLP_";
constexpr std::chrono::milliseconds kMetricInterval{60'000};
constexpr std::chrono::milliseconds kEventInterval{5'000};

struct SignalNames {
  std::string_view upper;     ///< in variables
  std::string_view interval;  ///< the variable
  std::string_view path;      ///< behind the common endpoint
  std::chrono::milliseconds usual_interval;
};
constexpr std::array kSignals{
    SignalNames{"METRICS", "OTEL_METRIC_EXPORT_INTERVAL", "v1/metrics", kMetricInterval},
    SignalNames{"LOGS", "OTEL_LOGS_EXPORT_INTERVAL", "v1/logs", kEventInterval},
    SignalNames{"TRACES", "OTEL_TRACES_EXPORT_INTERVAL", "v1/traces", kEventInterval}};

std::chrono::milliseconds read_time(const Environment& environment, std::string_view name,
                                    std::chrono::milliseconds usual) {
  const auto value = parse_integer(trim(environment.get(name)));
  return value && *value > 0 ? std::chrono::milliseconds(*value) : usual;
}

bool is_switched(const Environment& environment, std::string_view name, bool usual) {
  const std::string value(trim(environment.get(name)));
  return value.empty() ? usual : is_truthy(value);
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_code = text[i] == '%' && i + 2 < text.size() &&
                         std::isxdigit(static_cast<unsigned char>(text[i + 1])) != 0 &&
                         std::isxdigit(static_cast<unsigned char>(text[i + 2])) != 0;
    if (!is_code) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
    i += 2;
  }
  return decoded;
}

// key=value,key=value
std::vector<std::pair<std::string, std::string>> read_pairs(const std::string& text,
                                                            std::string_view variable,
                                                            std::vector<std::string>& problems) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string_view part : split(text, ',')) {
    if (trim(part).empty()) continue;
    const size_t equals = part.find('=');
    const std::string key(trim(part.substr(0, std::min(equals, part.size()))));
    if (equals == std::string_view::npos || key.empty()) {
      problems.push_back(fmt::format("{}: a part is not of the form key=value; it is left out", variable));
      continue;
    }
    pairs.emplace_back(key, percent_decode(trim(part.substr(equals + 1))));
  }
  return pairs;
}

void read_headers(const Environment& environment, const std::string& variable, Target& target,
                  std::vector<std::string>& problems) {
  for (auto& [name, value] : read_pairs(environment.get(variable), variable, problems))
    net::set_header(target.headers, name, std::move(value));
  if (const auto valid = net::check_headers(target.headers); !valid) {
    problems.push_back(fmt::format("{}: {}; no header is sent", variable, valid.error().message));
    target.headers.clear();
  }
}

std::string of_signal(const Environment& environment, const SignalNames& names, std::string_view what) {
  std::string own = environment.get(fmt::format("{}{}_{}", kPrefix, names.upper, what));
  return own.empty() ? environment.get(fmt::format("{}{}", kPrefix, what)) : own;
}

void read_otlp(const Environment& environment, const SignalNames& names, Target& target,
               std::vector<std::string>& problems) {
  const std::string protocol = of_signal(environment, names, "PROTOCOL");
  if (protocol != "http/json" && protocol != "http/protobuf") {
    problems.push_back(
        protocol.empty()
            ? fmt::format("{}PROTOCOL is not set: {} are not exported. Set it to http/protobuf or http/json.",
                          kPrefix, to_lower(names.upper))
            : fmt::format("{}PROTOCOL={}: {} are not exported. Set it to http/protobuf or http/json.",
                          kPrefix, protocol, to_lower(names.upper)));
    return;
  }
  target.encoding = protocol == "http/json" ? Encoding::kJson : Encoding::kProtobuf;
  target.url = environment.get(fmt::format("{}{}_ENDPOINT", kPrefix, names.upper));
  if (target.url.empty()) {
    target.url = environment.get(fmt::format("{}ENDPOINT", kPrefix));
    if (target.url.empty()) target.url = "http://localhost:4318";
    if (!target.url.ends_with('/')) target.url += '/';
    target.url += names.path;
  }
  if (!target.url.starts_with("http://") && !target.url.starts_with("https://")) {
    problems.push_back(fmt::format("{}ENDPOINT: {} is no http or https address; {} are not exported", kPrefix,
                                   target.url, to_lower(names.upper)));
    return;
  }
  read_headers(environment, fmt::format("{}HEADERS", kPrefix), target, problems);
  read_headers(environment, fmt::format("{}{}_HEADERS", kPrefix, names.upper), target, problems);
  target.otlp = true;
}

Target read_target(const Environment& environment, const SignalNames& names,
                   std::vector<std::string>& problems) {
  Target target;
  const std::string variable = fmt::format("OTEL_{}_EXPORTER", names.upper);
  const std::string exporters = environment.get(variable);
  for (const std::string_view part : split(exporters, ',')) {
    const std::string_view exporter = trim(part);
    if (exporter == "console") {
      target.console = true;
    } else if (exporter == "otlp") {
      read_otlp(environment, names, target, problems);
    } else if (!exporter.empty() && exporter != "none") {
      problems.push_back(
          fmt::format("{}={}: there is no such exporter; otlp, console and none are", variable, exporter));
    }
  }
  target.interval = read_time(environment, names.interval, names.usual_interval);
  return target;
}

// 00-<trace id>-<span id>-<flags>
void read_parent(const std::string& text, Settings& settings) {
  const auto parts = split(text, '-');
  const auto is_id = [](std::string_view id, size_t size) {
    return id.size() == size && id.find_first_not_of("0123456789abcdef") == std::string_view::npos &&
           id.find_first_not_of('0') != std::string_view::npos;
  };
  if (parts.size() < 4 || parts[0].size() != 2 || !is_id(parts[1], 32) || !is_id(parts[2], 16)) return;
  settings.trace_id = parts[1];
  settings.parent_id = parts[2];
}

ContentGates read_gates(const Environment& environment) {
  ContentGates gates;
  gates.prompts = environment.is_on("OTEL_LOG_USER_PROMPTS");
  gates.responses = is_switched(environment, "OTEL_LOG_ASSISTANT_RESPONSES", gates.prompts);
  gates.details = environment.is_on("OTEL_LOG_TOOL_DETAILS");
  gates.content = environment.is_on("OTEL_LOG_TOOL_CONTENT");
  for (const char* name : {"CLAUDE_CODE_OTEL_CONTENT_MAX_LENGTH", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"}) {
    const auto limit = parse_integer(trim(environment.get(name)));
    if (!limit || *limit <= 0) continue;
    const auto wanted = static_cast<size_t>(*limit);
    const bool is_own = std::string_view(name).starts_with("CLAUDE");
    gates.max_bytes = is_own ? wanted : std::min(gates.max_bytes, wanted);
  }
  return gates;
}

}  // namespace

Settings read_settings(const Environment& environment, bool reads_parent,
                       std::vector<std::string>& problems) {
  Settings settings;
  if (!environment.is_on("CLAUDE_CODE_ENABLE_TELEMETRY")) return settings;
  settings.metrics = read_target(environment, kSignals[0], problems);
  settings.logs = read_target(environment, kSignals[1], problems);
  if (environment.is_on("CLAUDE_CODE_ENHANCED_TELEMETRY_BETA") ||
      environment.is_on("ENABLE_ENHANCED_TELEMETRY_BETA")) {
    settings.traces = read_target(environment, kSignals[2], problems);
  }
  settings.gates = read_gates(environment);
  settings.cumulative =
      to_lower(environment.get("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE")) == "cumulative";
  settings.include_session = is_switched(environment, "OTEL_METRICS_INCLUDE_SESSION_ID", true);
  settings.include_version = is_switched(environment, "OTEL_METRICS_INCLUDE_VERSION", false);
  settings.include_entry_point = is_switched(environment, "OTEL_METRICS_INCLUDE_ENTRYPOINT", false);
  settings.include_resource = is_switched(environment, "OTEL_METRICS_INCLUDE_RESOURCE_ATTRIBUTES", true);
  for (auto& [key, value] :
       read_pairs(environment.get("OTEL_RESOURCE_ATTRIBUTES"), "OTEL_RESOURCE_ATTRIBUTES", problems))
    settings.custom.emplace_back(key, value);
  if (reads_parent) read_parent(environment.get("TRACEPARENT"), settings);
  settings.shutdown_limit =
      read_time(environment, "CLAUDE_CODE_OTEL_SHUTDOWN_TIMEOUT_MS", settings.shutdown_limit);
  settings.helper_interval =
      read_time(environment, "CLAUDE_CODE_OTEL_HEADERS_HELPER_DEBOUNCE_MS", settings.helper_interval);
  return settings;
}

std::vector<std::string> lock_destination(const std::set<std::string>& managed, Environment& environment) {
  constexpr std::array kCredentials{"HEADERS", "CLIENT_KEY", "CLIENT_CERTIFICATE"};
  std::vector<std::string> removed;
  const auto is_managed = [&managed](const std::string& name) { return managed.contains(name); };
  const auto remove = [&](const std::string& name) {
    if (is_managed(name) || !environment.find(name)) return;
    environment.unset(name);
    removed.push_back(name);
  };
  const auto common = [](std::string_view what) { return fmt::format("{}{}", kPrefix, what); };
  const auto own = [](const SignalNames& signal, std::string_view what) {
    return fmt::format("{}{}_{}", kPrefix, signal.upper, what);
  };
  for (const char* what : {"ENDPOINT", "PROTOCOL", "HEADERS", "CLIENT_KEY", "CLIENT_CERTIFICATE"}) {
    if (!is_managed(common(what))) continue;
    for (const SignalNames& signal : kSignals) remove(own(signal, what));
  }
  // Credentials of the organisation go nowhere else.
  const bool credentials =
      std::ranges::any_of(kCredentials, [&](const char* what) { return is_managed(common(what)); });
  if (credentials) remove(common("ENDPOINT"));
  for (const SignalNames& signal : kSignals) {
    const bool own_credentials =
        std::ranges::any_of(kCredentials, [&](const char* what) { return is_managed(own(signal, what)); });
    if (credentials || own_credentials) remove(own(signal, "ENDPOINT"));
  }
  return removed;
}

}  // namespace awl::telemetry
