#include "tools/charset.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <utility>

#include "base/strings.h"
#include "base/utf8.h"

namespace awl::tools {

namespace {

constexpr size_t kDeclaredWithin = 4'096;  // bytes from the beginning of a page
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// The labels of the WHATWG Encoding standard that pages use, and iconv's names: only these are asked for, as
// a page must not choose what iconv loads.
constexpr auto kEncodings = std::to_array<std::pair<std::string_view, const char*>>({
    {"ascii", "CP1252"},
    {"big5", "BIG5-HKSCS"},
    {"cp1251", "CP1251"},
    {"cp1252", "CP1252"},
    {"euc-jp", "EUC-JP"},
    {"euc-kr", "UHC"},
    {"gb18030", "GB18030"},
    {"gb2312", "GB18030"},
    {"gbk", "GB18030"},
    {"iso-2022-jp", "ISO-2022-JP"},
    {"iso-8859-1", "CP1252"},
    {"iso-8859-15", "ISO-8859-15"},
    {"iso-8859-2", "ISO-8859-2"},
    {"iso-8859-5", "ISO-8859-5"},
    {"iso-8859-7", "ISO-8859-7"},
    {"iso-8859-9", "CP1254"},
    {"koi8-r", "KOI8-R"},
    {"koi8-u", "KOI8-U"},
    {"ks_c_5601-1987", "UHC"},
    {"latin1", "CP1252"},
    {"shift-jis", "CP932"},
    {"shift_jis", "CP932"},
    {"sjis", "CP932"},
    {"us-ascii", "CP1252"},
    {"utf-16", "UTF-16LE"},
    {"utf-16be", "UTF-16BE"},
    {"utf-16le", "UTF-16LE"},
    {"windows-1250", "CP1250"},
    {"windows-1251", "CP1251"},
    {"windows-1252", "CP1252"},
    {"windows-1253", "CP1253"},
    {"windows-1254", "CP1254"},
    {"windows-1255", "CP1255"},
    {"windows-1256", "CP1256"},
    {"windows-1257", "CP1257"},
    {"windows-1258", "CP1258"},
    {"windows-874", "CP874"},
    {"windows-949", "UHC"},
    {"x-sjis", "CP932"},
});
static_assert(std::ranges::is_sorted(kEncodings, {}, &std::pair<std::string_view, const char*>::first));

const char* find_encoding(std::string_view label) {
  const std::string name = to_lower(trim(label));
  const auto* found =
      std::ranges::lower_bound(kEncodings, name, {}, &std::pair<std::string_view, const char*>::first);
  return found != kEncodings.end() && found->first == name ? found->second : nullptr;
}

// nullopt when this system cannot convert it.
std::optional<std::string> convert(const std::string& bytes, const char* encoding) {
  const iconv_t converter = ::iconv_open("UTF-8", encoding);
  if (converter == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  std::string out;
  out.reserve(bytes.size());
  std::array<char, 16'384> buffer{};
  char* input = const_cast<char*>(bytes.data());  // iconv reads it
  size_t left = bytes.size();
  while (left > 0) {
    char* output = buffer.data();
    size_t room = buffer.size();
    const size_t result = ::iconv(converter, &input, &left, &output, &room);
    const int cause = errno;
    out.append(buffer.data(), buffer.size() - room);
    if (result != static_cast<size_t>(-1) || cause == E2BIG) continue;
    out += kReplacement;
    if (cause == EINVAL) break;  // the last character is incomplete
    ++input;
    --left;
  }
  ::iconv_close(converter);
  return to_utf8(out);
}

// charset=… in a <meta> tag near the beginning.
std::string declared_charset(std::string_view bytes) {
  const std::string start = to_lower(bytes.substr(0, kDeclaredWithin));
  for (size_t at = start.find("<meta"); at != std::string::npos; at = start.find("<meta", at + 1)) {
    const std::string_view tag = std::string_view(start).substr(at, start.find('>', at) - at);
    const size_t name = tag.find("charset");
    if (name == std::string_view::npos) continue;
    std::string_view rest = trim(tag.substr(name + 7));
    if (!rest.starts_with('=')) continue;
    rest = trim(rest.substr(1));
    if (rest.starts_with('"') || rest.starts_with('\'')) rest.remove_prefix(1);
    return std::string(rest.substr(0, rest.find_first_of("\"'; />")));
  }
  return "";
}

}  // namespace

std::string decode_page(std::string bytes, std::string_view charset, bool is_html) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return to_utf8(std::string_view(bytes).substr(3));
  if (bytes.starts_with("\xFF\xFE")) return convert(bytes.substr(2), "UTF-16LE").value_or("");
  if (bytes.starts_with("\xFE\xFF")) return convert(bytes.substr(2), "UTF-16BE").value_or("");
  std::string label = to_lower(trim(charset));
  if (label.empty() && is_html) {
    label = declared_charset(bytes);
    // Whoever could read the declaration in ASCII was not reading UTF-16.
    if (label.starts_with("utf-16")) label = "utf-8";
  }
  const char* encoding = find_encoding(label);
  if (encoding == nullptr && label.empty() && !is_utf8(bytes)) encoding = "CP1252";
  if (encoding != nullptr) {
    if (auto converted = convert(bytes, encoding)) return std::move(*converted);
  }
  return is_utf8(bytes) ? std::move(bytes) : to_utf8(bytes);
}

}  // namespace awl::tools
