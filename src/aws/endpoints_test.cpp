#include "aws/endpoints.h"

#include <gtest/gtest.h>

namespace awl::aws {
namespace {

TEST(Endpoints, HostsOfTheRegion) {
  const Environment none;
  EXPECT_EQ(service_endpoint(none, Service::kSts, "eu-west-1"), "https://sts.eu-west-1.amazonaws.com");
  EXPECT_EQ(service_endpoint(none, Service::kSso, "us-east-1"), "https://portal.sso.us-east-1.amazonaws.com");
  EXPECT_EQ(service_endpoint(none, Service::kSsoOidc, "cn-north-1"),
            "https://oidc.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(dns_suffix("us-gov-west-1"), "amazonaws.com");
  EXPECT_EQ(dns_suffix("us-isob-east-1"), "sc2s.sgov.gov");
}

TEST(Endpoints, TheVariableOfTheServiceBeatsTheCommonOne) {
  Environment environment;
  environment.set("AWS_ENDPOINT_URL", "http://127.0.0.1:1/all/");
  EXPECT_EQ(service_endpoint(environment, Service::kSts, "x"), "http://127.0.0.1:1/all");
  environment.set("AWS_ENDPOINT_URL_STS", " http://127.0.0.1:2 ");
  EXPECT_EQ(service_endpoint(environment, Service::kSts, "x"), "http://127.0.0.1:2");
  EXPECT_EQ(service_endpoint(environment, Service::kSso, "x"), "http://127.0.0.1:1/all");
  environment.set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
  EXPECT_EQ(service_endpoint(environment, Service::kSts, "x"), "https://sts.x.amazonaws.com");
}

}  // namespace
}  // namespace awl::aws
