#include "tools/web_fetch.h"

#include <gmock/gmock.h>

#include "tools/web_fixture.h"

namespace awl::tools {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class WebFetch : public WebFixture {
 protected:
  WebFetch() {
    WebFetchOptions options;
    options.limits.max_bytes = 1'000;
    options.limits.max_redirects = 3;
    options.max_chars = 200;
    options.now = [this] { return now; };
    tool = make_web_fetch_tool(options);
  }
  ToolResult fetch(std::string_view url, std::string_view prompt = "What?") {
    return call(*tool, json::dump({{"url", url}, {"prompt", prompt}}));
  }
  std::chrono::steady_clock::time_point now{};
  std::unique_ptr<Tool> tool;
};

TEST_F(WebFetch, ThePageIsReadByTheSmallModel) {
  web.pages["https://example.com/a"] =
      page("<title>T</title><h1>Head</h1><a href='b?x'>link</a><script>no</script>");
  const ToolResult result = fetch("http://Example.com/a#part", "What is it?");
  EXPECT_FALSE(result.is_error) << result.text;
  EXPECT_EQ(result.text, "the answer");
  const json::Value told = structured(result);
  EXPECT_EQ(told["url"], "https://example.com/a");
  EXPECT_EQ(told["code"], 200);
  EXPECT_EQ(told["codeText"], "OK");
  EXPECT_EQ(told["result"], "the answer");
  EXPECT_EQ(told["bytes"], web.pages["https://example.com/a"].pieces[0].size());
  EXPECT_TRUE(told["durationMs"].is_number_integer());

  ASSERT_EQ(model.questions.size(), 1u);
  EXPECT_TRUE(model.questions[0].small);
  EXPECT_TRUE(model.questions[0].server_tools.empty());
  EXPECT_THAT(model.questions[0].system, HasSubstr("never follow"));
  EXPECT_THAT(model.asked(), HasSubstr("# Head\n\n[link](https://example.com/b?x)"));
  EXPECT_THAT(model.asked(), HasSubstr("What is it?"));
  EXPECT_THAT(model.asked(), Not(HasSubstr("no<")));

  EXPECT_EQ(last_access.kind, Access::Kind::kNetwork);
  EXPECT_EQ(last_access.url, "https://example.com/a");
  ASSERT_EQ(web.requests.size(), 1u);
  EXPECT_EQ(web.requests[0].method, "GET");
  EXPECT_EQ(web.requests[0].reach, net::AddressReach::kPublic);
  EXPECT_THAT(*net::find_header(web.requests[0].headers, "user-agent"), StartsWith("Claude-User"));
  EXPECT_THAT(*net::find_header(web.requests[0].headers, "accept"), StartsWith("text/markdown"));
}

TEST_F(WebFetch, APageCannotEndByItself) {
  web.pages["https://h/"] = page("text", "text/plain");
  fetch("https://h/");
  const std::string first = model.asked();
  const std::string mark = first.substr(first.find("page-"), 41);
  const size_t begin = first.find("\n" + mark + "\n");
  EXPECT_NE(begin, std::string::npos);
  EXPECT_NE(first.find("\n" + mark + "\n", begin + 1), std::string::npos);
  fetch("https://h/");
  EXPECT_THAT(model.asked(), Not(HasSubstr(mark))) << "nobody can foresee it";
}

TEST_F(WebFetch, LongPagesAreCutAndThatIsSaid) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "\xC3\xA4";
  web.pages["https://h/long"] = page(text, "text/plain; charset=utf-8");
  EXPECT_THAT(fetch("https://h/long").text, HasSubstr("Only the first 200 characters"));
  EXPECT_THAT(model.asked(), HasSubstr(text.substr(0, 400) + "\n"));
  EXPECT_THAT(model.asked(), Not(HasSubstr(text.substr(0, 402))));
}

TEST_F(WebFetch, NoMoreThanTheLimitIsReceived) {
  PlayedPage endless = page("", "text/plain");
  endless.pieces.assign(1'000, std::string(300, 'x'));
  web.pages["https://h/"] = endless;
  EXPECT_FALSE(fetch("https://h/").is_error);
  EXPECT_EQ(web.pieces_read, 4u);
}

TEST_F(WebFetch, PagesAreKeptForAWhile) {
  web.pages["https://h/"] = page("one", "text/plain");
  fetch("https://h/");
  now += std::chrono::minutes(14);
  fetch("https://h/", "Another question");
  EXPECT_EQ(web.requests.size(), 1u);
  EXPECT_EQ(model.questions.size(), 2u);
  EXPECT_THAT(model.asked(), HasSubstr("Another question"));
  now += std::chrono::minutes(1);
  fetch("https://h/");
  EXPECT_EQ(web.requests.size(), 2u);
  session.limits.web_fetch_cache_ttl = std::chrono::milliseconds(1);
  now += std::chrono::milliseconds(1);
  fetch("https://h/");
  EXPECT_EQ(web.requests.size(), 3u);
}

TEST_F(WebFetch, RedirectsOnTheSameHostAreFollowed) {
  web.pages["https://h/a"] = redirect("/b");
  web.pages["https://h/b"] = redirect("http://h./c", 301);
  web.pages["https://h/c"] = page("found", "text/plain");
  EXPECT_EQ(fetch("https://h/a").text, "the answer");
  EXPECT_THAT(model.asked(), HasSubstr("https://h/c"));
  EXPECT_EQ(web.requests.size(), 3u);
}

TEST_F(WebFetch, ARedirectToAnotherHostIsTold) {
  web.pages["https://h.example/a"] = redirect("//www.h.example/b?c", 308);
  const ToolResult result = fetch("https://h.example/a");
  EXPECT_FALSE(result.is_error);
  EXPECT_THAT(result.text, HasSubstr("https://h.example/a"));
  EXPECT_THAT(result.text, HasSubstr("https://www.h.example/b?c"));
  EXPECT_EQ(structured(result)["code"], 308);
  EXPECT_EQ(structured(result)["codeText"], "Permanent Redirect");
  EXPECT_EQ(web.requests.size(), 1u);
  EXPECT_TRUE(model.questions.empty());
}

TEST_F(WebFetch, RedirectsEnd) {
  web.pages["https://h/a"] = redirect("/a");
  EXPECT_THAT(fetch("https://h/a").text, HasSubstr("more than 3 times"));
  EXPECT_EQ(web.requests.size(), 4u);
  web.pages["https://h/f"] = redirect("file:///etc/passwd");
  EXPECT_TRUE(fetch("https://h/f").is_error);
}

TEST_F(WebFetch, PrivateAddressesNeedARuleThatNamesThem) {
  for (const char* url :
       {"http://127.0.0.1/x", "http://localhost:8080/x", "http://0x7f.1/x", "http://[::1]/x",
        "http://10.1.2.3/x", "http://169.254.169.254/x", "http://[fd00:ec2::254]/x",
        "http://[::ffff:10.0.0.1]/x", "http://0/x", "http://100.64.0.1/x", "http://a.localhost/x"}) {
    const ToolResult result = fetch(url);
    EXPECT_TRUE(result.is_error) << url;
    EXPECT_THAT(result.text, HasSubstr("WebFetch(domain:")) << url;
  }
  EXPECT_TRUE(web.requests.empty());

  named_host = "127.0.0.1";
  web.pages["http://127.0.0.1/x"] = page("here", "text/plain");
  EXPECT_EQ(fetch("http://127.0.0.1/x").text, "the answer");
  EXPECT_EQ(web.requests[0].reach, net::AddressReach::kPrivate);
  named_host = "169.254.169.254";
  fetch("http://169.254.169.254/x");
  EXPECT_EQ(web.requests[1].reach, net::AddressReach::kAnywhere) << "the rule says exactly that";
  named_host = "wiki.corp";
  fetch("https://wiki.corp/");
  EXPECT_EQ(web.requests[2].reach, net::AddressReach::kPrivate) << "a name must not lead to credentials";
}

TEST_F(WebFetch, WhatAPersonConfirmedIsNamed) {
  web.pages["http://localhost/"] = page("here", "text/plain");
  Access access;
  access.kind = Access::Kind::kNetwork;
  access.url = "http://localhost/";
  const json::Value input = {{"url", access.url}, {"prompt", "p"}};
  EXPECT_TRUE(run(tool->run(input, access, "toolu_1", session)).is_error);
  access.confirmed = true;
  EXPECT_FALSE(run(tool->run(input, access, "toolu_1", session)).is_error);
}

TEST_F(WebFetch, ANameThatLeadsToAPrivateAddressIsRefused) {
  web.failure = Error{ErrorKind::kPermissionDenied, "evil.example leads to 10.0.0.1", {}, {}};
  const ToolResult result = fetch("https://evil.example/");
  EXPECT_TRUE(result.is_error);
  EXPECT_THAT(result.text, HasSubstr("WebFetch(domain:evil.example)"));
}

TEST_F(WebFetch, AddressesThatAreNoneAreRefusedBeforeTheyAreAskedAbout) {
  for (const char* url :
       {"example.com", "ftp://h/", "https://user:pw@h/", "https://h\\@evil/", "file:///etc/passwd"}) {
    EXPECT_TRUE(fetch(url).is_error) << url;
  }
  EXPECT_TRUE(web.requests.empty());
}

TEST_F(WebFetch, BinaryFilesAreSaved) {
  const std::string pdf("%PDF-1.4\n\x00\xFF", 11);
  web.pages["https://h/paper"] = page(pdf, "application/pdf");
  const ToolResult result = fetch("https://h/paper");
  EXPECT_FALSE(result.is_error) << result.text;
  EXPECT_TRUE(model.questions.empty());
  const auto names = os::list_directory(session.output_dir);
  ASSERT_TRUE(names && names->size() == 1);
  EXPECT_THAT(result.text, HasSubstr((session.output_dir / names->front()).string()));
  EXPECT_TRUE(names->front().ends_with(".pdf"));
  EXPECT_EQ(os::read_file(session.output_dir / names->front()).value_or(""), pdf);
  EXPECT_EQ(os::stat(session.output_dir / names->front())->mode, 0600u);

  PlayedPage large = page("", "image/png");
  large.pieces.assign(10, std::string(300, '\x01'));
  web.pages["https://h/large"] = large;
  EXPECT_TRUE(fetch("https://h/large").is_error);
  EXPECT_EQ(os::list_directory(session.output_dir)->size(), 1u);
}

TEST_F(WebFetch, FailuresHaveSentences) {
  web.pages["https://h/404"] = {404, {{"content-type", "text/html"}}, {"gone"}};
  EXPECT_THAT(fetch("https://h/404").text, HasSubstr("404 Not Found"));
  web.pages["https://h/401"] = {401, {}, {}};
  EXPECT_THAT(fetch("https://h/401").text, HasSubstr("sign in"));
  web.pages["https://h/empty"] = page("<div id=app></div><script>x</script>");
  EXPECT_THAT(fetch("https://h/empty").text, HasSubstr("no text"));
  EXPECT_THAT(fetch("https://h/nowhere").text, HasSubstr("no such page"));
  EXPECT_TRUE(model.questions.empty());

  web.pages["https://h/ok"] = page("text", "text/plain");
  model.failure = Error{ErrorKind::kApi, "overloaded", {}, {}};
  const ToolResult failed = fetch("https://h/ok");
  EXPECT_TRUE(failed.is_error);
  EXPECT_THAT(failed.text, HasSubstr("overloaded"));
  model.failure.reset();
  model.answer = {{}, "", "refusal"};
  EXPECT_THAT(fetch("https://h/ok").text, HasSubstr("refusal"));
  model.answer = {{}, "half", "max_tokens"};
  EXPECT_THAT(fetch("https://h/ok").text, StartsWith("half\n\n(The answer is cut off"));
  session.http = nullptr;
  EXPECT_TRUE(fetch("https://h/ok").is_error);
}

}  // namespace
}  // namespace awl::tools
