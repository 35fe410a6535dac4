#include "emulator/control.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace awl::emulator {
namespace {

class Control : public ::testing::Test {
 protected:
  ControlAnswer ask(const std::string& method, const std::string& target, const std::string& body = "") {
    request_.method = method;
    request_.target = target;
    request_.body = body;
    return control(state_, config_, request_);
  }
  Config config_;
  ServiceState state_{FaultPlan(), PromptCache(), RateLimiter({}), {}, 0};
  net::ServerRequest request_{.remote_address = "127.0.0.1"};
};

TEST_F(Control, FaultsChangeAtRunTime) {
  const ControlAnswer set =
      ask("POST", "/emulator/faults", R"({"faults":["status=529,every=2",{"reset":true}],"seed":3})");
  EXPECT_EQ(set.status, 200) << set.body;
  EXPECT_TRUE(set.body.contains(R"("faults":["status=529,every=2","reset"])")) << set.body;
  EXPECT_TRUE(state_.faults.next("messages", "m"));
  EXPECT_EQ(ask("DELETE", "/emulator/faults").status, 200);
  EXPECT_FALSE(state_.faults.next("messages", "m"));
  const ControlAnswer wrong = ask("POST", "/emulator/faults", R"({"faults":["boom"]})");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_TRUE(wrong.body.contains("boom"));
  EXPECT_EQ(ask("POST", "/emulator/faults", "[").status, 400);
}

TEST_F(Control, ResetGoesBackToTheStart) {
  config_.faults = {*parse_fault_rule("reset,times=1")};
  state_.faults = FaultPlan(config_.faults, 1);
  EXPECT_TRUE(state_.faults.next("messages", "m"));
  state_.expired_keys.insert("AKID");
  EXPECT_TRUE(ask("GET", "/emulator/state").body.contains("AKID"));
  EXPECT_EQ(ask("POST", "/emulator/reset").status, 200);
  EXPECT_TRUE(state_.expired_keys.empty());
  EXPECT_TRUE(state_.faults.next("messages", "m"));
}

TEST_F(Control, IsForProgramsOnThisMachineAlone) {
  EXPECT_EQ(ask("GET", "/emulator/other").status, 404);
  request_.headers = {{"Origin", "http://evil.example"}};
  EXPECT_EQ(ask("GET", "/emulator/state").status, 403);
  request_.headers.clear();
  request_.remote_address = "10.0.0.1";
  EXPECT_EQ(ask("GET", "/emulator/state").status, 403);
  EXPECT_TRUE(is_control_target("/emulator/state"));
  EXPECT_FALSE(is_control_target("/v1/messages"));
}

}  // namespace
}  // namespace awl::emulator
