#include "aws/endpoints.h"

#include <fmt/format.h>

#include <array>

#include "base/strings.h"

namespace awl::aws {

namespace {

struct ServiceNames {
  std::string_view variable;
  std::string_view host;  // the first label
};

ServiceNames names_of(Service service) {
  switch (service) {
    case Service::kSts:
      return {"AWS_ENDPOINT_URL_STS", "sts"};
    case Service::kSso:
      return {"AWS_ENDPOINT_URL_SSO", "portal.sso"};
    case Service::kSsoOidc:
      return {"AWS_ENDPOINT_URL_SSO_OIDC", "oidc"};
  }
  return {};
}

std::string without_slash(std::string_view url) {
  url = trim(url);
  while (url.ends_with('/')) url.remove_suffix(1);
  return std::string(url);
}

}  // namespace

std::string_view dns_suffix(std::string_view region) {
  struct Partition {
    std::string_view prefix;
    std::string_view suffix;
  };
  constexpr std::array kPartitions{
      Partition{"cn-", "amazonaws.com.cn"},    Partition{"us-isob-", "sc2s.sgov.gov"},
      Partition{"us-isof-", "csp.hci.ic.gov"}, Partition{"us-iso-", "c2s.ic.gov"},
      Partition{"eu-isoe-", "cloud.adc-e.uk"}, Partition{"eusc-", "amazonaws.eu"}};
  for (const Partition& partition : kPartitions) {
    if (region.starts_with(partition.prefix)) return partition.suffix;
  }
  return "amazonaws.com";
}

std::string service_endpoint(const Environment& environment, Service service, std::string_view region) {
  const ServiceNames names = names_of(service);
  if (!environment.is_on("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) {
    for (const std::string_view variable : {names.variable, std::string_view("AWS_ENDPOINT_URL")}) {
      if (std::string url = without_slash(environment.get(variable)); !url.empty()) return url;
    }
  }
  return fmt::format("https://{}.{}.{}", names.host, region, dns_suffix(region));
}

}  // namespace awl::aws
