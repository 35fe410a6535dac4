// What `awl doctor` looks at. Each check is a function that adds its findings; none sends anything but `live`
// ones.
#pragma once

#include <string>
#include <vector>

#include "cli/identity.h"
#include "cli/network_setup.h"
#include "cli/session_setup.h"

namespace awl::cli {

enum class Health { kGood, kWarning, kFailure };

struct Finding {
  std::string check;  ///< of programs: "provider", "credentials", …; findings of one check stand together
  Health health = Health::kGood;
  std::string text;    ///< what is so
  std::string advice;  ///< what to do about it; empty: nothing
};

struct Examination {
  const Setup& setup;
  const NetworkSetup& network;
  std::string network_problem;
  const Identity& identity;
  std::vector<Finding> findings;

  void add(std::string check, Health health, std::string text, std::string advice = {});
};

// doctor_machine.cpp
void check_install(Examination& examination);
void check_programs(Examination& examination);
void check_folders(Examination& examination);
// doctor_routing.cpp
void check_settings(Examination& examination);
void check_provider(Examination& examination);
void check_credentials(Examination& examination);
void check_network(Examination& examination);
// doctor_live.cpp
/// Asks STS who this is, the platform which models there are, and the model for one token.
void check_live(Examination& examination, const Arguments& arguments);

/// The smallest IAM policy for what sessions of this workspace really called; JSON. `account` may be empty.
std::string least_policy(const Setup& setup, const std::string& account);

}  // namespace awl::cli
