#include "aws/xml_text.h"

#include <gtest/gtest.h>

namespace awl::aws {
namespace {

TEST(XmlText, TheFirstElementWithItsEntities) {
  const std::string_view xml = "<A xmlns=\"x\"><B>1 &lt;&amp;lt;&gt; &quot;&apos;</B><B>2</B><C/><D>open</A>";
  EXPECT_EQ(xml_text(xml, "B"), "1 <&lt;> \"'");
  EXPECT_EQ(xml_text(xml, "C"), std::nullopt);
  EXPECT_EQ(xml_text(xml, "D"), std::nullopt);
  EXPECT_EQ(xml_text("", "B"), std::nullopt);
}

}  // namespace
}  // namespace awl::aws
