#include "net/http_date.h"

#include <gtest/gtest.h>

namespace awl::net {
namespace {

TEST(HttpDate, OnlyTheFormThatIsInUse) {
  EXPECT_EQ(format_iso8601(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").value()),
            "1994-11-06T08:49:37.000Z");
  EXPECT_EQ(format_iso8601(parse_http_date(" Thu, 29 Feb 2024 23:59:60 GMT ").value()),
            "2024-03-01T00:00:00.000Z");
  for (const char* text :
       {"", "120", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        "Sun, 31 Feb 2024 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 06 nov 1994 08:49:37 GMT", "Sun, +6 Nov 1994 08:49:37 GMT"})
    EXPECT_FALSE(parse_http_date(text)) << text;
}

TEST(HttpDate, IsWrittenInThatForm) {
  for (const char* text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"})
    EXPECT_EQ(format_http_date(parse_http_date(text).value() + std::chrono::milliseconds(999)), text);
}

}  // namespace
}  // namespace awl::net
