#include "net/idn.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include "base/utf8.h"

namespace awl::net {

namespace {

constexpr const char* kIdnLibrary = "libidn2.so.0";
constexpr int kNormalize = 1;        // IDN2_NFC_INPUT
constexpr int kNonTransitional = 8;  // IDN2_NONTRANSITIONAL: as browsers do

struct Idn2 {
  int (*to_ascii)(const char* input, char** output, int flags) = nullptr;
  void (*free)(void* pointer) = nullptr;
  const char* (*strerror)(int code) = nullptr;
};

template <typename Function>
void bind(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
}

const Idn2* load() {
  static const Idn2 idn = [] {
    Idn2 found;
    // libcurl depends on it, so that it is there wherever a page can be fetched.
    if (void* library = ::dlopen(kIdnLibrary, RTLD_LAZY | RTLD_LOCAL)) {
      bind(library, "idn2_to_ascii_8z", found.to_ascii);
      bind(library, "idn2_free", found.free);
      bind(library, "idn2_strerror", found.strerror);
    }
    return found;
  }();
  return idn.to_ascii != nullptr && idn.free != nullptr && idn.strerror != nullptr ? &idn : nullptr;
}

}  // namespace

Result<std::string> to_ascii_host(std::string_view utf8) {
  if (!is_utf8(utf8) || utf8.contains('\0') || utf8.size() > 1024)
    return fail(ErrorKind::kInvalidInput, "the host is not a name in UTF-8");
  const Idn2* idn = load();
  if (idn == nullptr) {
    return fail(ErrorKind::kUnsupported, fmt::format("the host {} has letters outside ASCII", utf8),
                "Write it in its xn-- form, or install libidn2-0");
  }
  char* output = nullptr;
  const int code = idn->to_ascii(std::string(utf8).c_str(), &output, kNormalize | kNonTransitional);
  if (code != 0 || output == nullptr)
    return fail(ErrorKind::kInvalidInput,
                fmt::format("\"{}\" is not a host name: {}", utf8, idn->strerror(code)));
  std::string ascii = output;
  idn->free(output);
  return ascii;
}

}  // namespace awl::net
