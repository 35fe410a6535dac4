#include "tools/web_cache.h"

#include <gtest/gtest.h>

namespace awl::tools {
namespace {

using std::chrono::milliseconds;

WebPage page(std::string text) {
  WebPage page;
  page.text = std::move(text);
  return page;
}

TEST(WebCache, PagesGrowOld) {
  std::chrono::steady_clock::time_point now{};
  WebCache cache([&] { return now; });
  EXPECT_EQ(cache.find("a", milliseconds(10)), nullptr);
  cache.put("a", page("1"));
  cache.put("a", page("2"));
  now += milliseconds(9);
  ASSERT_NE(cache.find("a", milliseconds(10)), nullptr);
  EXPECT_EQ(cache.find("a", milliseconds(10))->text, "2");
  now += milliseconds(1);
  EXPECT_EQ(cache.find("a", milliseconds(10)), nullptr);
}

TEST(WebCache, TheOldestMakeRoom) {
  WebCache cache([] { return std::chrono::steady_clock::time_point{}; });
  for (int i = 0; i < 65; ++i) cache.put(std::to_string(i), page("x"));
  EXPECT_EQ(cache.find("0", milliseconds(1)), nullptr);
  EXPECT_NE(cache.find("1", milliseconds(1)), nullptr);
  for (int i = 0; i < 5; ++i) cache.put("large" + std::to_string(i), page(std::string(1 << 20, 'x')));
  EXPECT_EQ(cache.find("large0", milliseconds(1)), nullptr);
  EXPECT_EQ(cache.find("64", milliseconds(1)), nullptr);
  EXPECT_NE(cache.find("large4", milliseconds(1)), nullptr);
  cache.put("huge", page(std::string(5 << 20, 'x')));
  EXPECT_NE(cache.find("huge", milliseconds(1)), nullptr);
  EXPECT_EQ(cache.find("large4", milliseconds(1)), nullptr);
}

}  // namespace
}  // namespace awl::tools
