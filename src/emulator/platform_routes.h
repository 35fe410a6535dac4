// Every route of Claude Platform on AWS and the IAM action that it needs, emulated or not.
// Source: platform docs, "IAM actions for Claude Platform on AWS".
#pragma once

#include <span>
#include <string_view>

namespace awl::emulator {

inline constexpr std::string_view kPlatformService = "aws-external-anthropic";

struct PlatformRoute {
  std::string_view method;
  std::string_view path;  ///< "{}" stands for one segment
  std::string_view action;
};

/// nullptr when the platform has no such route.
const PlatformRoute* find_platform_route(std::string_view method, std::string_view path);
/// True when the platform has the path with another method.
bool is_platform_path(std::string_view path);

/// Every action, those without a route too.
std::span<const std::string_view> platform_actions();

/// True for actions that belong to the account: they are asked for on the resource "*", not on a workspace.
bool is_account_action(std::string_view action);

}  // namespace awl::emulator
