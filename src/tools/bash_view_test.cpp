#include "tools/bash_view.h"

#include "tools/bash_test_fixture.h"

namespace awl::tools {
namespace {

TEST(BashView, ASingleFileIsShown) {
  const auto file = [](std::string_view command) { return shown_file(command).value_or("(none)"); };
  for (const auto* command : {"cat f",
                              " cat f\n",
                              "cat -n f",
                              "cat 'f'",
                              "cat -- f",
                              "nl -b a f",
                              "head f",
                              "head -5 f",
                              "head -n 5 f",
                              "head -n5 f",
                              "tail --lines=3 f",
                              "tail -c 10 f",
                              "sed -n 5p f",
                              "sed -n '2,9p' f",
                              "sed -n '2,$p' f",
                              "grep x f",
                              "grep -n -A3 'a.*b' f",
                              "grep -e x f",
                              "grep -nA 3 x f",
                              "egrep -i x f",
                              "rg -n x f",
                              "bat --plain f",
                              "batcat -r 1:5 f"}) {
    EXPECT_EQ(file(command), "f") << command;
  }
  EXPECT_EQ(file("cat ~/a"), "~/a");
  EXPECT_EQ(file("cat 'a b'"), "a b");
}

TEST(BashView, OtherCommandsShowNothing) {
  for (const auto* command : {"",
                              "cat",
                              "cat -",
                              "cat f g",
                              "cat f | head",
                              "cat f > g",
                              "cat < f",
                              "cat f; true",
                              "cat f &",
                              "cat f &",
                              "(cat f)",
                              "{ cat f; }",
                              "! cat f",
                              "X=1 cat f",
                              "cat $F",
                              "cat *.c",
                              "cat '~/a'",
                              "cat {a,b}",
                              "less f",
                              "/bin/cat f",
                              "sed -n -i 5p f",
                              "sed 5p f",
                              "sed -n '5w g' f",
                              "sed -n 's/a/b/p' f",
                              "sed -n '5,p' f",
                              "grep x",
                              "grep -c x f",
                              "grep -ql x f",
                              "grep -l x f",
                              "rg --files f",
                              "wc f",
                              "if true; then cat f; fi",
                              "cat f 2>/dev/null",
                              "cat f # note\ntrue",
                              "cat $(echo f)"}) {
    EXPECT_FALSE(shown_file(command)) << command;
  }
}

using BashViewTest = BashTest;

TEST_F(BashViewTest, ViewingAFileCountsAsReading) {
  std::ofstream(project() / "sub/f.txt") << "one\ntwo\n";
  const os::Path path = project() / "sub/f.txt";
  const auto is_known = [&] { return session_.seen_files.contains(path); };
  out("cat sub/f.txt | cat");
  bash("grep zebra sub/f.txt");
  bash("cat sub/f.txt sub/none");
  EXPECT_FALSE(is_known());
  session_.limits.bash_max_output_chars = 3;
  out("cat sub/f.txt");
  EXPECT_FALSE(is_known()) << "only a part was shown";
  session_.limits.bash_max_output_chars = 30'000;
  out("cd sub");
  out("sed -n 1p f.txt");
  ASSERT_TRUE(is_known());
  EXPECT_FALSE(session_.seen_files[path].partial);
  EXPECT_EQ(session_.seen_files[path].size_bytes, 8u);
  EXPECT_FALSE(session_.seen_files[path].digest.empty());
  EXPECT_EQ(session_.seen_files[path].shown_range, "") << "a Read gives the text";
}

}  // namespace
}  // namespace awl::tools
