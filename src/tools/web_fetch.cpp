// The WebFetch tool: a page of the web, read for the model by a small model.
#include "tools/web_fetch.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/strings.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "net/web_url.h"
#include "tools/builtin.h"
#include "tools/session.h"
#include "tools/side_model.h"
#include "tools/web_page.h"

namespace awl::embedded {
extern const std::string_view web_fetch_md;
extern const std::string_view web_fetch_system_md;
}  // namespace awl::embedded

namespace awl::tools {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr std::string_view kWebFetchSchema =
    R"({"type":"object","properties":{)"
    R"("url":{"type":"string","description":"The page's whole address"},)"
    R"("prompt":{"type":"string","description":"What you want to know from the page"}},)"
    R"("required":["url","prompt"],"additionalProperties":false})";

constexpr size_t kMaxPromptBytes = 20'000;

/// What the clients of the stream are told.
std::string structured(const net::Url& url, int status, uint64_t size_bytes, std::string_view result,
                       milliseconds duration) {
  return json::dump({{"bytes", size_bytes},
                     {"code", status},
                     {"codeText", status_text(status)},
                     {"result", result},
                     {"durationMs", duration.count()},
                     {"url", url.to_string()}});
}

// The page stands between two lines that nobody can foresee, so that it cannot end by itself.
std::string question_about(const WebPage& page, std::string_view prompt) {
  const std::string mark = "page-" + make_uuid();
  return fmt::format(
      "The page {}{} stands between the two lines \"{}\".\n\n{}\n{}\n{}\n\n{}The question of the "
      "agent:\n\n{}",
      page.url.to_string(), page.title.empty() ? "" : fmt::format(", titled \"{}\",", page.title), mark, mark,
      page.text, mark, page.truncated ? "The page is longer; this is its beginning.\n\n" : "",
      utf8_prefix(prompt, kMaxPromptBytes));
}

std::string file_ending(const WebPage& page) {
  static constexpr std::pair<std::string_view, std::string_view> kEndings[] = {
      {"application/pdf", "pdf"}, {"application/zip", "zip"}, {"application/gzip", "gz"},
      {"image/gif", "gif"},       {"image/jpeg", "jpg"},      {"image/png", "png"},
      {"image/webp", "webp"},
  };
  for (const auto& [type, ending] : kEndings) {
    if (page.media_type == type) return std::string(ending);
  }
  const std::string_view name = std::string_view(page.url.path).substr(page.url.path.rfind('/') + 1);
  const size_t dot = name.rfind('.');
  const std::string ending = dot == std::string_view::npos ? "" : to_lower(name.substr(dot + 1));
  const bool is_plain = !ending.empty() && ending.size() <= 8 &&
                        ending.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string::npos;
  return is_plain ? ending : "bin";
}

Result<os::Path> save(const WebPage& page, std::string_view body, const Session& session) {
  AWL_CHECK(os::make_directories(session.output_dir, 0700));
  os::Path file = session.output_dir / fmt::format("web-{}.{}", random_hex(6), file_ending(page));
  AWL_CHECK(os::write_file_atomic(file, body, 0600));
  return file;
}

class WebFetchTool final : public Tool {
 public:
  explicit WebFetchTool(WebFetchOptions options) : options_(std::move(options)), cache_(options_.now) {}

  const ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value&) const override { return true; }
  Result<Access> access(const json::Value& input, const Session&) const override {
    AWL_TRY(net::Url url, net::parse_web_url(json::string_or_empty(input, "url")));
    Access access;
    access.kind = Access::Kind::kNetwork;
    access.url = prefer_https(std::move(url)).to_string();
    return access;
  }

  Task<ToolResult> run(const json::Value& input, const Access& access, const std::string&,
                       Session& session) override {
    const std::string prompt = to_utf8(json::string_or_empty(input, "prompt"));
    if (session.http == nullptr || session.side_model == nullptr)
      co_return ToolResult::error("WebFetch cannot reach the network in this session.");
    const auto begun = options_.now();
    if (const WebPage* known = cache_.find(access.url, session.limits.web_fetch_cache_ttl)) {
      const WebPage page = *known;  // the cache may change meanwhile
      auto answered = co_await answer(page, prompt, begun, session);
      co_return answered;
    }
    const bool is_named = access.confirmed || (session.names_host && session.names_host(access.url));
    auto url = net::parse_url(access.url);
    if (!url) co_return ToolResult::error(describe(url.error()));
    auto outcome =
        co_await get_page(*session.http, std::move(*url), session.web_user_agent, is_named, options_.limits);
    if (!outcome) co_return ToolResult::error(describe(outcome.error()));
    if (const auto* redirect = std::get_if<WebRedirect>(&*outcome)) co_return tell_of(*redirect, begun);

    auto& got = std::get<WebAnswer>(*outcome);
    if (got.status < 200 || got.status >= 300) co_return refused(got);
    WebPage page = read_page(got, options_.max_chars);
    if (!page.is_text) co_return keep_binary(page, got, begun, session);
    if (trim(page.text).empty()) {
      co_return ToolResult::error(fmt::format(
          "{} has no text. Pages that scripts fill in cannot be read this way.", page.url.to_string()));
    }
    cache_.put(access.url, page);
    auto answered = co_await answer(page, prompt, begun, session);
    co_return answered;
  }

 private:
  milliseconds since(std::chrono::steady_clock::time_point begun) const {
    return duration_cast<milliseconds>(options_.now() - begun);
  }

  ToolResult result(const WebPage& page, std::string text,
                    std::chrono::steady_clock::time_point begun) const {
    ToolResult result;
    result.structured_json = structured(page.url, page.status, page.size_bytes, text, since(begun));
    result.text = std::move(text);
    return result;
  }

  Task<ToolResult> answer(const WebPage& page, const std::string& prompt,
                          std::chrono::steady_clock::time_point begun, Session& session) const {
    SideQuestion question;
    question.system = embedded::web_fetch_system_md;
    question.content_json = json::quote(question_about(page, prompt));
    auto asked = co_await session.side_model->ask(std::move(question));
    if (!asked) {
      co_return ToolResult::error(fmt::format("{} was fetched, but the model that reads pages failed: {}",
                                              page.url.to_string(), describe(asked.error())));
    }
    std::string text(trim(asked->text));
    if (text.empty()) {
      co_return ToolResult::error(
          fmt::format("{} was fetched, but the model that reads pages said nothing ({}).",
                      page.url.to_string(), asked->stop_reason));
    }
    if (asked->stop_reason == "max_tokens") text += "\n\n(The answer is cut off here: ask for less at once.)";
    if (page.truncated)
      text += fmt::format("\n\n(Only the first {} characters of the page were read.)", options_.max_chars);
    co_return result(page, to_utf8(text), begun);
  }

  ToolResult tell_of(const WebRedirect& redirect, std::chrono::steady_clock::time_point begun) const {
    ToolResult result;
    result.text = fmt::format(
        "{} redirects ({} {}) to another host:\n\n{}\n\nThat was not followed. To read it, call WebFetch "
        "again with that "
        "address and the same prompt.",
        redirect.from.to_string(), redirect.status, status_text(redirect.status), redirect.to.to_string());
    result.structured_json = structured(redirect.from, redirect.status, 0, result.text, since(begun));
    return result;
  }

  static ToolResult refused(const WebAnswer& got) {
    const bool needs_sign_in = got.status == 401 || got.status == 403 || got.status == 407;
    return ToolResult::error(fmt::format("{} answered {} {}.{}", got.url.to_string(), got.status,
                                         status_text(got.status),
                                         needs_sign_in ? " WebFetch cannot sign in anywhere." : ""));
  }

  ToolResult keep_binary(const WebPage& page, const WebAnswer& got,
                         std::chrono::steady_clock::time_point begun, const Session& session) const {
    const std::string what = fmt::format("{} is {}, which has no text to read", page.url.to_string(),
                                         utf8_prefix(to_utf8(page.media_type), 100));
    if (got.cut) {
      return ToolResult::error(
          fmt::format("{}, and is larger than {} bytes: it was not kept.", what, options_.limits.max_bytes));
    }
    const auto file = save(page, got.body, session);
    if (!file) return ToolResult::error(describe(file.error()));
    return result(page,
                  fmt::format("{}. Its {} bytes are saved as {}; Read shows images and PDF files.", what,
                              page.size_bytes, file->string()),
                  begun);
  }

  WebFetchOptions options_;
  WebCache cache_;
  ToolSpec spec_{"WebFetch", std::string(embedded::web_fetch_md), std::string(kWebFetchSchema),
                 /*deferred=*/true};
};

}  // namespace

std::unique_ptr<Tool> make_web_fetch_tool(WebFetchOptions options) {
  return std::make_unique<WebFetchTool>(std::move(options));
}

std::unique_ptr<Tool> make_web_fetch_tool() { return make_web_fetch_tool(WebFetchOptions{}); }

}  // namespace awl::tools
