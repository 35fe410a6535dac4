#include "session/prompts.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace awl::session {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

class PromptsTest : public testing::Test {
 protected:
  PromptsTest() {
    file_ = *os::make_private_directory(std::filesystem::temp_directory_path(), "awl-prompts-") / "s.jsonl";
  }
  ~PromptsTest() override { std::filesystem::remove_all(file_.parent_path()); }

  void add(const std::string& type, const std::string& uuid, const std::string& parent,
           const std::string& more) {
    std::ofstream(file_, std::ios::app)
        << R"({"type":")" << type << R"(","uuid":")" << uuid << R"(","parentUuid":)"
        << (parent.empty() ? "null" : "\"" + parent + "\"") << "," << more << "}\n";
  }
  void ask(const std::string& uuid, const std::string& parent, const std::string& text) {
    add("user", uuid, parent, R"("message":{"role":"user","content":")" + text + "\"}");
  }
  void answer(const std::string& uuid, const std::string& parent) {
    add("assistant", uuid, parent, R"("message":{"id":"m","content":[{"type":"text","text":"x"}]})");
  }

  os::Path file_;
};

TEST_F(PromptsTest, WhatThePersonSaidIsListedWithWhatIsBeforeIt) {
  ask("u1", "", "one");
  answer("a1", "u1");
  add("user", "r1", "a1", R"("message":{"content":[{"type":"tool_result","tool_use_id":"t"}]})");
  add("user", "m1", "r1", R"("isMeta":true,"message":{"content":"told by the product"})");
  ask("u2", "m1", "two");
  const auto prompts = *list_prompts(file_);
  ASSERT_EQ(prompts.size(), 2U);
  EXPECT_EQ(prompts[0].text, "one");
  EXPECT_EQ(prompts[0].before, "");
  EXPECT_EQ(prompts[1].uuid, "u2");
  EXPECT_EQ(prompts[1].before, "m1");
}

TEST_F(PromptsTest, WhatWasGoneBackBehindIsNoPartOfIt) {
  ask("u1", "", "one");
  answer("a1", "u1");
  ask("u2", "a1", "two");
  ask("u3", "a1", "two again");
  ask("u4", "u3", "/cost");
  add("system", "f", "u4", R"("subtype":"forgotten","messageUuid":"u4")");
  EXPECT_THAT(*list_prompts(file_),
              ElementsAre(Field(&Prompt::text, "one"), Field(&Prompt::text, "two again")));
}

TEST_F(PromptsTest, ItBeginsWithTheLastCompactionAndPassesOverTornLines) {
  ask("u1", "", "one");
  add("system", "c", "", R"("subtype":"compact_boundary")");
  add("user", "s", "c", R"("isCompactSummary":true,"message":{"content":"summary"})");
  std::ofstream(file_, std::ios::app) << "{\"type\":\"us\n";
  ask("u2", "s", "two");
  EXPECT_THAT(*list_prompts(file_), ElementsAre(Field(&Prompt::text, "two")));
}

TEST_F(PromptsTest, WithoutAFileThereIsAnError) {
  EXPECT_EQ(list_prompts(file_).error().kind, ErrorKind::kNotFound);
}

}  // namespace
}  // namespace awl::session
