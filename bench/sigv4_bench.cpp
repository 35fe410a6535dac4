#include <benchmark/benchmark.h>

#include "aws/sigv4.h"

namespace awl::aws {
namespace {

// The argument is the size of the body.
void sign_request(benchmark::State& state) {
  const std::string body(static_cast<size_t>(state.range(0)), 'x');
  const Signable request{.method = "POST",
                         .path = "/v1/messages",
                         .query = "beta=true",
                         .headers = {{"host", "aws-external-anthropic.us-east-1.api.aws"},
                                     {"content-type", "application/json"},
                                     {"anthropic-version", "2023-06-01"},
                                     {"anthropic-workspace-id", "wrkspc_01ABCDEFGHIJKLMN"}},
                         .body = body};
  const SigningConfig config{.region = "us-east-1", .service = "aws-external-anthropic"};
  Credentials credentials;
  credentials.access_key_id = "AKIAIOSFODNN7EXAMPLE";
  credentials.secret_access_key = Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
  for (auto _ : state) {
    const SigningResult result = sign(request, config, credentials);
    benchmark::DoNotOptimize(result.signature.data());
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(sign_request)->Name("sigv4/sign")->ArgName("body_bytes")->Arg(64 << 10)->Arg(1 << 20);

}  // namespace
}  // namespace awl::aws
