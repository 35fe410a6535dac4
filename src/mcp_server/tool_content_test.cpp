#include "mcp_server/tool_content.h"

#include <gtest/gtest.h>

namespace awl::mcp_server {
namespace {

TEST(ToolContent, ATextIsOneBlockAndAnErrorIsMarked) {
  EXPECT_EQ(json::dump(to_call_result({"three", {}, {}, false})),
            R"({"content":[{"type":"text","text":"three"}]})");
  EXPECT_EQ(json::dump(to_call_result(tools::ToolResult::error("no"))),
            R"({"content":[{"type":"text","text":"no"}],"isError":true})");
}

TEST(ToolContent, PicturesAndDocumentsAreCarriedAsTheProtocolHasThem) {
  tools::ToolResult result;
  result.content_json =
      R"([{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QQ=="}},)"
      R"({"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"Qg=="}},)"
      R"({"type":"text","text":"page 1"}])";
  EXPECT_EQ(
      json::dump(to_call_result(result)),
      R"({"content":[{"type":"image","data":"QQ==","mimeType":"image/png"},)"
      R"({"type":"resource","resource":{"uri":"awl://result/2","mimeType":"application/pdf","blob":"Qg=="}},)"
      R"({"type":"text","text":"page 1"}]})");
}

}  // namespace
}  // namespace awl::mcp_server
