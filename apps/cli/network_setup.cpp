#include "cli/network_setup.h"

#include <fmt/format.h>

#include "aws/cached_provider.h"
#include "base/clock.h"
#include "base/encoding.h"
#include "base/strings.h"
#include "cli/credentials_setup.h"
#include "os/file.h"

namespace awl::cli {

namespace {

constexpr uint64_t kMaxCaBytes = 16 << 20;
constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
// Mozilla's certificates as Debian packages them, without what the machine's owner added to the store.
constexpr const char* kMozillaFolder = "/usr/share/ca-certificates/mozilla";

std::string first_set(const Environment& environment, std::initializer_list<const char*> names,
                      std::string* source = nullptr) {
  for (const char* name : names) {
    std::string value = environment.get(name);
    if (trim(value).empty()) continue;
    if (source != nullptr) *source = name;
    return value;
  }
  return "";
}

// The certificates of a PEM text, without what stands between them; those that are broken are left out.
std::string certificates_of(std::string_view text) {
  std::string certificates;
  for (size_t begin = text.find(kBegin); begin != std::string_view::npos; begin = text.find(kBegin)) {
    const size_t end = text.find(kEnd, begin);
    if (end == std::string_view::npos) break;
    const std::string_view body = text.substr(begin + kBegin.size(), end - begin - kBegin.size());
    const auto der = from_base64(body);
    if (der && der->size() > 2 && der->front() == '\x30')
      certificates.append(text.substr(begin, end + kEnd.size() - begin)).append("\n");
    text.remove_prefix(end + kEnd.size());
  }
  return certificates;
}

void add_ca_file(const Environment& environment, const char* name, NetworkSetup& network) {
  const std::string path = environment.get(name);
  if (path.empty()) return;
  const auto text = os::read_file(path, kMaxCaBytes);
  if (!text) {
    network.problems.push_back(fmt::format("{} is not used: {}", name, text.error().message));
    return;
  }
  const std::string certificates = certificates_of(*text);
  if (certificates.empty()) {
    network.problems.push_back(
        fmt::format("{} is not used: {} holds no certificate in PEM form", name, path));
    return;
  }
  network.http.extra_ca_pem += certificates;
  network.ca_files.push_back(fmt::format("{} ({})", path, name));
}

// Without a certificate of the product's own, "bundled" is Mozilla's set as the system has it.
void choose_store(const Environment& environment, NetworkSetup& network) {
  const std::string list = environment.get("CLAUDE_CODE_CERT_STORE");
  bool bundled = false;
  bool system = false;
  for (const std::string_view part : split(list, ',')) {
    const std::string name = to_lower(trim(part));
    bundled = bundled || name == "bundled";
    system = system || name == "system";
    if (!name.empty() && name != "bundled" && name != "system")
      network.problems.push_back(
          fmt::format("CLAUDE_CODE_CERT_STORE: \"{}\" is neither bundled nor system; it is ignored", name));
  }
  if (!bundled || system) return;
  std::string store;
  for (const std::string& name : os::list_directory(kMozillaFolder).value_or(std::vector<std::string>{})) {
    if (const auto text = os::read_file(os::Path(kMozillaFolder) / name, kMaxCaBytes))
      store += certificates_of(*text);
  }
  if (store.empty()) {
    network.problems.push_back(fmt::format(
        "CLAUDE_CODE_CERT_STORE=bundled: there are no certificates in {}; the system's store is used",
        kMozillaFolder));
  }
  network.http.ca_store_pem = std::move(store);
}

void choose_identity(const Environment& environment, NetworkSetup& network) {
  net::ClientIdentityFiles& files = network.http.identity;
  files.certificate_file = environment.get("CLAUDE_CODE_CLIENT_CERT");
  files.key_file = environment.get("CLAUDE_CODE_CLIENT_KEY");
  files.key_passphrase = Secret(environment.get("CLAUDE_CODE_CLIENT_KEY_PASSPHRASE"));
  files.reload = !environment.is_on("CLAUDE_CODE_DISABLE_MTLS_RELOAD_ON_STALE_CONNECTION");
  if (files.certificate_file.empty()) {
    if (!files.key_file.empty())
      network.problems.emplace_back(
          "CLAUDE_CODE_CLIENT_KEY is not used, because CLAUDE_CODE_CLIENT_CERT is not set");
    return;
  }
  if (const auto identity = net::read_client_identity(files); !identity) {
    network.problems.push_back(fmt::format(
        "CLAUDE_CODE_CLIENT_CERT and CLAUDE_CODE_CLIENT_KEY are not used: {}", describe(identity.error())));
  }
}

}  // namespace

std::unique_ptr<anthropic::Authenticator> make_authenticator(const Setup& setup, net::HttpClient& http) {
  if (setup.request_error) return anthropic::make_refusing_authenticator(*setup.request_error);
  if (auto usable = anthropic::check(setup.provider); !usable)
    return anthropic::make_refusing_authenticator(std::move(usable).error());
  if (setup.provider.auth == anthropic::AuthMethod::kEntra) {
    return anthropic::make_entra_authenticator(setup.environment.to_entries(), setup.locations.project_dir,
                                               system_clock_now);
  }
  if (setup.provider.auth != anthropic::AuthMethod::kSigV4)
    return anthropic::make_key_authenticator(setup.provider);
  auto credentials = aws::make_cached_provider(make_credentials_chain(setup, http), system_clock_now);
  auto refresh = make_refresh_command(setup);
  if (refresh)
    credentials = aws::make_refreshing_provider(std::move(credentials), *refresh, system_clock_now);
  return anthropic::make_sigv4_authenticator(setup.provider, std::move(refresh), std::move(credentials),
                                             system_clock_now);
}

Result<NetworkSetup> make_network_setup(const Environment& environment) {
  NetworkSetup network;
  const std::string proxy = first_set(environment, {"https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"},
                                      &network.proxy_source);
  if (!proxy.empty()) {
    auto parsed = net::parse_proxy(proxy);
    if (!parsed) {
      return fail(parsed.error().kind, fmt::format("{}: {}", network.proxy_source, parsed.error().message),
                  parsed.error().hint);
    }
    network.http.proxy = std::move(*parsed);
  }
  // The proxy always resolves the names: CLAUDE_CODE_PROXY_RESOLVES_HOSTS has nothing to change.
  network.http.no_proxy = net::NoProxy(first_set(environment, {"no_proxy", "NO_PROXY"}));
  choose_store(environment, network);
  add_ca_file(environment, "NODE_EXTRA_CA_CERTS", network);
  add_ca_file(environment, "SSL_CERT_FILE", network);
  choose_identity(environment, network);
  return network;
}

}  // namespace awl::cli
