#include "tools/diff.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "base/strings.h"

namespace awl::tools {
namespace {

std::string show(std::string_view a, std::string_view b) {
  std::string out;
  for (const Hunk& hunk : make_patch(a, b)) {
    out += fmt::format("@{},{} {},{}\n", hunk.old_start, hunk.old_lines, hunk.new_start, hunk.new_lines);
    for (const std::string& line : hunk.lines) out += line + "\n";
  }
  return out;
}

// Applies the hunks; the new text must come out.
std::string apply_patch(std::string_view old_text, const std::vector<Hunk>& hunks) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < old_text.size();) {
    const size_t end = std::min(old_text.find('\n', at), old_text.size() - 1) + 1;
    lines.emplace_back(old_text.substr(at, end - at));
    at = end;
  }
  std::string out;
  size_t next = 0;
  for (const Hunk& hunk : hunks) {
    while (next + 1 < hunk.old_start) out += lines[next++];
    for (size_t i = 0; i < hunk.lines.size(); ++i) {
      const bool ended = i + 1 == hunk.lines.size() || hunk.lines[i + 1][0] != '\\';
      const std::string text = hunk.lines[i].substr(1) + (ended ? "\n" : "");
      if (hunk.lines[i][0] == ' ' || hunk.lines[i][0] == '-') {
        EXPECT_EQ(lines.at(next), text);
        ++next;
      }
      if (hunk.lines[i][0] == ' ' || hunk.lines[i][0] == '+') out += text;
    }
  }
  while (next < lines.size()) out += lines[next++];
  return out;
}

TEST(Diff, OneHunk) {
  EXPECT_EQ(show("alpha\nbeta\ngamma\n", "alpha\nBETA\nextra\ngamma\n"),
            "@1,3 1,4\n alpha\n-beta\n+BETA\n+extra\n gamma\n");
  EXPECT_EQ(show("same\n", "same\n"), "");
  EXPECT_EQ(show("", "a\nb\n"), "@1,0 1,2\n+a\n+b\n");
  EXPECT_EQ(show("a\n", ""), "@1,1 1,0\n-a\n");
}

TEST(Diff, ContextIsThreeLinesAndFarChangesAreTwoHunks) {
  EXPECT_EQ(show("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n10\n11\n12\ny\n"),
            "@2,7 2,7\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n@10,4 10,4\n 10\n 11\n 12\n-13\n+y\n");
}

TEST(Diff, MissingNewlineAtTheEnd) {
  EXPECT_EQ(show("a\nb", "a\nb\n"), "@1,2 1,2\n a\n-b\n\\ No newline at end of file\n+b\n");
  EXPECT_EQ(show("x\nb", "y\nb"), "@1,2 1,2\n-x\n+y\n b\n\\ No newline at end of file\n");
}

TEST(Diff, PatchesTurnTheOldTextIntoTheNew) {
  std::mt19937 random(3);  // NOLINT: the same texts in every run
  for (int round = 0; round < 2000; ++round) {
    const auto text = [&random] {
      std::string out;
      for (size_t i = random() % 40; i > 0; --i) out += static_cast<char>("ab\n\n"[random() % 4]);
      return out;
    };
    const std::string a = text();
    const std::string b = text();
    ASSERT_EQ(apply_patch(a, make_patch(a, b)), b) << json::quote(a) << " -> " << json::quote(b);
  }
}

TEST(Diff, LargeAndDistantTextsStayBounded) {
  std::string a;
  std::string b;
  for (int i = 0; i < 30'000; ++i) {
    a += fmt::format("old {}\n", i);
    b += fmt::format("new {}\n", i);
  }
  const auto patch = make_patch(a, b);
  ASSERT_EQ(patch.size(), 1U);
  EXPECT_EQ(apply_patch(a, patch), b);
  EXPECT_TRUE(make_patch(a, b, 1000).empty());
  const std::string big(10'000'000, 'x');
  EXPECT_EQ(make_patch("a\n" + big + "\nz\n", "b\n" + big + "\nz\n", 1000).size(), 1U);
}

TEST(Diff, AsJson) {
  EXPECT_EQ(json::dump(to_json(make_patch("a\n", "b\n"))),
            R"([{"oldStart":1,"oldLines":1,"newStart":1,"newLines":1,"lines":["-a","+b"]}])");
}

}  // namespace
}  // namespace awl::tools
