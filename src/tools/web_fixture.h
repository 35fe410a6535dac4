// For the tests of the web tools: a web and a model that play what they are given and keep what they are
// asked.
#pragma once

#include <deque>
#include <map>
#include <vector>

#include "net/http.h"
#include "tools/side_model.h"
#include "tools/tool_fixture.h"

namespace awl::tools {

struct PlayedPage {
  int status = 200;
  net::Headers headers;
  std::vector<std::string> pieces;
};

inline PlayedPage page(std::string body, std::string content_type = "text/html") {
  return {200, {{"Content-Type", std::move(content_type)}}, {std::move(body)}};
}

inline PlayedPage redirect(std::string location, int status = 302) {
  return {status, {{"Location", std::move(location)}}, {}};
}

class PlayedResponse final : public net::HttpResponse {
 public:
  PlayedResponse(PlayedPage page, size_t& pieces_read)
      : page_(std::move(page)), head_{page_.status, page_.headers}, pieces_read_(pieces_read) {}
  const net::HttpResponseHead& head() const override { return head_; }
  Task<Result<std::optional<std::string>>> read() override {
    if (next_ == page_.pieces.size()) co_return std::nullopt;
    ++pieces_read_;
    co_return page_.pieces[next_++];
  }

 private:
  PlayedPage page_;
  net::HttpResponseHead head_;
  size_t& pieces_read_;
  size_t next_ = 0;
};

class PlayedWeb final : public net::HttpClient {
 public:
  Task<Result<std::unique_ptr<net::HttpResponse>>> send(net::HttpRequest request) override {
    requests.push_back(request);
    if (failure) co_return std::unexpected(*failure);
    const auto found = pages.find(request.url);
    if (found == pages.end()) co_return fail(ErrorKind::kNetwork, "no such page: " + request.url);
    co_return std::make_unique<PlayedResponse>(found->second, pieces_read);
  }
  std::map<std::string, PlayedPage> pages;  // by URL
  std::optional<Error> failure;
  std::vector<net::HttpRequest> requests;
  size_t pieces_read = 0;
};

class PlayedModel final : public SideModel {
 public:
  Task<Result<SideAnswer>> ask(SideQuestion question) override {
    questions.push_back(std::move(question));
    if (failure) co_return std::unexpected(*failure);
    co_return answer;
  }
  /// What the last question says.
  std::string asked() const {
    return questions.empty() ? "" : json::parse(questions.back().content_json)->get<std::string>();
  }
  SideAnswer answer{{}, "the answer", "end_turn"};
  std::optional<Error> failure;
  std::vector<SideQuestion> questions;
};

class WebFixture : public ToolFixture {
 protected:
  WebFixture() {
    session.http = &web;
    session.side_model = &model;
    session.web_user_agent = "Claude-User (test)";
    session.output_dir = folder / "state" / "tool-results";
    session.names_host = [this](const std::string& url) { return url.contains(named_host); };
  }
  PlayedWeb web;
  PlayedModel model;
  std::string named_host = "(none)";
};

}  // namespace awl::tools
