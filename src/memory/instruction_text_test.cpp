#include "memory/instruction_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace awl::memory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(InstructionText, CommentsThatBeginALineAreForMaintainers) {
  EXPECT_EQ(strip_comments("a\n<!-- b\nc -->\nd <!-- e -->\n"), "a\n\nd <!-- e -->\n");
  EXPECT_EQ(strip_comments("```\n<!-- code -->\n```\n"), "```\n<!-- code -->\n```\n");
  EXPECT_EQ(strip_comments("a\n<!-- never closed"), "a\n<!-- never closed");
}

TEST(InstructionText, ImportsAreWordsThatBeginWithAt) {
  EXPECT_THAT(find_imports("@a.md and (@not) me@example.com\n@~/b.md, @docs/c\\ d.md. @a.md"),
              ElementsAre("a.md", "~/b.md", "docs/c d.md"));
  EXPECT_THAT(find_imports("`@span` @ \n```\n@fence\n```"), IsEmpty());
}

}  // namespace
}  // namespace awl::memory
