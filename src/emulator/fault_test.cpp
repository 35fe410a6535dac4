#include "emulator/fault.h"

#include <gtest/gtest.h>

#include "emulator/fault_file.h"

namespace awl::emulator {
namespace {

using FaultKind = Fault::Kind;

FaultRule rule(std::string_view text) {
  auto parsed = parse_fault_rule(text);
  EXPECT_TRUE(parsed) << describe(parsed.error());
  return parsed.value_or(FaultRule{});
}

/// "x" for a request that meets the fault, "." for the others.
std::string pattern(FaultPlan plan, size_t requests, std::string_view route = "messages") {
  std::string out;
  for (size_t i = 0; i < requests; ++i) out += plan.next(route, "claude-opus-5") ? 'x' : '.';
  return out;
}

TEST(FaultRule, ReadsEffectsAndChoices) {
  const FaultRule overloaded = rule("status=529, every=3,message=busy,retry-after=7");
  EXPECT_EQ(overloaded.fault.kind, FaultKind::kStatus);
  EXPECT_EQ(overloaded.fault.status, 529);
  EXPECT_EQ(overloaded.fault.message, "busy");
  EXPECT_EQ(overloaded.fault.retry_after, "7");
  EXPECT_EQ(overloaded.every, 3U);
  EXPECT_EQ(rule("cut-after=5").fault.after_events, 5U);
  EXPECT_EQ(rule("stall-after=2,for=100").fault.hold.count(), 100);
  EXPECT_EQ(rule("delay=50").fault.kind, FaultKind::kNone);
  EXPECT_EQ(rule("html").fault.status, 502);
  EXPECT_EQ(rule("status=503,html").fault.kind, FaultKind::kHtml);
  EXPECT_EQ(rule("html,status=503").fault.status, 503);
  EXPECT_DOUBLE_EQ(rule("reset,probability=0.25").probability, 0.25);
  EXPECT_EQ(rule("error-after=0,type=api_error").fault.error_type, "api_error");
}

TEST(FaultRule, MistakesNameThePart) {
  for (const auto& [text, part] : std::vector<std::pair<const char*, const char*>>{
           {"", "fault \"\""},
           {"every=3", "expected an effect"},
           {"status=200", "status= and a whole number from 400 to 599"},
           {"cut-after", "cut-after= and a whole number"},
           {"reset=1", "expected no value"},
           {"reset,empty-body", "one effect alone"},
           {"explode", "fault \"explode\": expected a name such as"},
           {"reset,probability=2", "a number from 0 to 1"},
           {"reset,every=0", "every= and a whole number from 1"},
           {"reset,route=files", "route=messages"}}) {
    const auto parsed = parse_fault_rule(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_TRUE(parsed.error().message.contains(part)) << parsed.error().message;
  }
  EXPECT_TRUE(parse_fault("reset,every=2").error().message.contains("no choice of requests in a step"));
  EXPECT_EQ(parse_fault("cut-after=1")->kind, FaultKind::kCut);
}

TEST(FaultPlan, TakesTurns) {
  EXPECT_EQ(pattern(FaultPlan({rule("reset,every=3")}), 7), "..x..x.");
  EXPECT_EQ(pattern(FaultPlan({rule("reset,after=2,times=2")}), 6), "..xx..");
  EXPECT_EQ(pattern(FaultPlan({rule("reset,route=models")}), 3), "...");
  EXPECT_EQ(pattern(FaultPlan({rule("reset,model=haiku")}), 3), "...");
  EXPECT_EQ(pattern(FaultPlan(), 3), "...");
}

TEST(FaultPlan, TheFirstRuleWinsAndAllCount) {
  FaultPlan plan({rule("status=500,every=2"), rule("status=503,every=4")});
  std::vector<int> statuses;
  for (int i = 0; i < 4; ++i) {
    const auto fault = plan.next("messages", "m");
    statuses.push_back(fault ? fault->status : 0);
  }
  EXPECT_EQ(statuses, (std::vector<int>{0, 500, 0, 500}));
}

TEST(FaultPlan, ProbabilityDependsOnTheSeedAlone) {
  const auto with_seed = [](uint64_t seed) {
    return pattern(FaultPlan({rule("reset,probability=0.3")}, seed), 1000);
  };
  EXPECT_EQ(with_seed(7), with_seed(7));
  EXPECT_NE(with_seed(7), with_seed(8));
  const auto hits = std::ranges::count(with_seed(7), 'x');
  EXPECT_GT(hits, 230);
  EXPECT_LT(hits, 370);
  EXPECT_EQ(pattern(FaultPlan({rule("reset,probability=0")}), 50).find('x'), std::string::npos);
}

TEST(FaultFile, TextsAndObjects) {
  const JsonSource source{"f.json", R"([{"status":529,"every":2},"reset",{"html":true,"delay":5}])", ""};
  const auto root = parse_source(source);
  const auto rules = read_fault_rules(Node(*root, source));
  ASSERT_TRUE(rules) << describe(rules.error());
  EXPECT_EQ((*rules)[0].text, "status=529,every=2");
  EXPECT_EQ((*rules)[2].fault.kind, FaultKind::kHtml);
  const JsonSource bad{"f.json", "[\n{\"status\":1}]", ""};
  const auto bad_root = parse_source(bad);
  EXPECT_TRUE(read_fault_rules(Node(*bad_root, bad)).error().message.starts_with("f.json:2: [0]: fault"));
}

}  // namespace
}  // namespace awl::emulator
