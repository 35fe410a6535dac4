// Which IAM actions this person's sessions called, for the smallest policy that allows them.
// Source: platform docs, "IAM actions of Claude Platform on AWS".
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "anthropic/provider.h"
#include "net/http.h"
#include "os/file.h"

namespace awl::cli {

inline constexpr std::string_view kBearerAction = "CallWithBearerToken";

/// Names without their service: "CreateInference".
using CalledActions = std::set<std::string>;

/// Sends through `inner`, and notes in `actions` what the provider answered with success; both outlive it.
std::unique_ptr<net::HttpClient> make_noting_client(net::HttpClient& inner,
                                                    const anthropic::Provider& provider,
                                                    CalledActions& actions);

/// Of the workspace; empty when nothing is kept.
CalledActions load_actions(const os::Path& state_dir, const std::string& workspace);
/// Adds to them; nothing is written when all of them are known. Errors: kIo and the like.
Result<> store_actions(const os::Path& state_dir, const std::string& workspace, const CalledActions& actions);

}  // namespace awl::cli
