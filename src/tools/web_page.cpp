#include "tools/web_page.h"

#include <algorithm>

#include "base/strings.h"
#include "html/markdown.h"
#include "net/web_url.h"
#include "tools/charset.h"

namespace awl::tools {

namespace {

constexpr size_t kMaxPageBytesPerChar = 4;

// "Text/HTML; charset=x" is text/html.
std::string media_type_of(std::string_view content_type) {
  return to_lower(trim(content_type.substr(0, content_type.find(';'))));
}

std::string charset_of(std::string_view content_type) {
  for (const std::string_view parameter : split(content_type, ';')) {
    const size_t equals = parameter.find('=');
    if (equals == std::string_view::npos || !equals_ignore_case(trim(parameter.substr(0, equals)), "charset"))
      continue;
    std::string_view value = trim(parameter.substr(equals + 1));
    if (value.starts_with('"')) value = value.substr(1, value.find('"', 1) - 1);
    return std::string(value);
  }
  return "";
}

bool is_html(std::string_view media_type) {
  return media_type == "text/html" || media_type == "application/xhtml+xml";
}

bool is_text(std::string_view media_type) {
  static constexpr std::string_view kTypes[] = {
      "application/ecmascript", "application/graphql",  "application/javascript", "application/json",
      "application/jsonl",      "application/rtf",      "application/sql",        "application/toml",
      "application/typescript", "application/x-ndjson", "application/x-sh",       "application/x-yaml",
      "application/xml",        "application/yaml",
  };
  return media_type.starts_with("text/") || media_type.ends_with("+json") || media_type.ends_with("+xml") ||
         media_type.ends_with("+yaml") || std::ranges::find(kTypes, media_type) != std::end(kTypes);
}

std::string guess_media_type(std::string_view body) {
  const std::string start = to_lower(trim(body.substr(0, 512)));
  if (start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<head"))
    return "text/html";
  if (start.starts_with("%pdf-")) return "application/pdf";
  const bool has_control = std::ranges::any_of(body.substr(0, 4'096), [](char c) {
    return static_cast<unsigned char>(c) < ' ' && !std::string_view("\t\n\r\f\x1B").contains(c);
  });
  return has_control ? "application/octet-stream" : "text/plain";
}

// Bytes that the first `max_chars` characters of well-formed text take.
size_t bytes_of_chars(std::string_view text, size_t max_chars) {
  size_t at = 0;
  for (size_t count = 0; at < text.size(); ++at) {
    const bool begins_char = (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80;
    if (begins_char && ++count > max_chars) break;
  }
  return at;
}

html::Markdown convert_html(const net::Url& url, std::string_view text, size_t max_chars) {
  html::MarkdownOptions options;
  options.max_bytes = max_chars * kMaxPageBytesPerChar;
  options.resolve = [&url](std::string_view base, std::string_view reference) -> std::string {
    net::Url page = url;
    if (!base.empty()) page = net::resolve_reference(url, base).value_or(url);
    const auto target = net::resolve_reference(page, reference);
    if (target) return target->to_string();
    return reference.starts_with("mailto:") ? std::string(reference.substr(0, 300)) : "";
  };
  return html::to_markdown(text, options);
}

}  // namespace

WebPage read_page(WebAnswer& answer, size_t max_chars) {
  WebPage page;
  page.url = answer.url;
  page.status = answer.status;
  page.size_bytes = answer.body.size();
  page.media_type = media_type_of(answer.content_type);
  if (page.media_type.empty() || page.media_type == "application/octet-stream")
    page.media_type = guess_media_type(answer.body);
  const bool html = is_html(page.media_type);
  page.is_text = html || is_text(page.media_type);
  if (!page.is_text) return page;

  page.text = decode_page(std::move(answer.body), charset_of(answer.content_type), html);
  page.truncated = answer.cut;
  if (html) {
    html::Markdown converted = convert_html(page.url, page.text, max_chars);
    page.title = std::move(converted.title);
    page.text = std::move(converted.text);
    page.truncated = page.truncated || converted.truncated;
  }
  const size_t kept = bytes_of_chars(page.text, max_chars);
  page.truncated = page.truncated || kept < page.text.size();
  page.text.resize(kept);
  page.text.shrink_to_fit();
  return page;
}

}  // namespace awl::tools
