#include "net/curl_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace awl::net {

namespace {

constexpr const char* kFile = "libcurl.so.4";

std::unexpected<Error> cannot_load(std::string cause) {
  return fail(ErrorKind::kNetwork, fmt::format("the library libcurl cannot be loaded: {}", cause),
              "Install it: on Debian and Ubuntu the package is libcurl4");
}

template <typename Function>
bool find_symbol(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

// OpenSSL looks certificates up as <eight hex digits>.<number>.
bool is_hashed_name(const std::string& name) {
  return name.size() > 9 && name[8] == '.' && std::all_of(name.begin(), name.begin() + 8, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

bool is_indexed_directory(const std::string& directory) {
  std::error_code error;
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    if (is_hashed_name(it->path().filename().string())) return true;
  }
  return false;
}

void find_trust_store(CurlLibrary& curl) {
  CURL* handle = curl.easy_init();
  if (!handle) return;
  char* text = nullptr;
  if (curl.easy_getinfo(handle, CURLINFO_CAINFO, &text) == CURLE_OK && text) curl.default_ca_file = text;
  text = nullptr;
  if (curl.easy_getinfo(handle, CURLINFO_CAPATH, &text) == CURLE_OK && text && is_indexed_directory(text)) {
    curl.default_ca_directory = text;
  }
  curl.easy_cleanup(handle);
}

}  // namespace

Result<CurlLibrary> CurlLibrary::load() {
  void* library = ::dlopen(kFile, RTLD_LAZY | RTLD_LOCAL);
  if (!library) {
    const char* cause = ::dlerror();
    return cannot_load(cause ? cause : kFile);
  }
  CurlLibrary curl{};
  decltype(&::curl_global_init) global_init = nullptr;
  const char* missing = nullptr;
  const auto bind = [&](const char* name, auto& function) {
    if (!find_symbol(library, name, function)) missing = name;
  };
  bind("curl_global_init", global_init);
  bind("curl_easy_init", curl.easy_init);
  bind("curl_easy_cleanup", curl.easy_cleanup);
  bind("curl_easy_setopt", curl.easy_setopt);
  bind("curl_easy_getinfo", curl.easy_getinfo);
  bind("curl_easy_pause", curl.easy_pause);
  bind("curl_easy_strerror", curl.easy_strerror);
  bind("curl_slist_append", curl.slist_append);
  bind("curl_slist_free_all", curl.slist_free_all);
  bind("curl_multi_init", curl.multi_init);
  bind("curl_multi_cleanup", curl.multi_cleanup);
  bind("curl_multi_add_handle", curl.multi_add_handle);
  bind("curl_multi_remove_handle", curl.multi_remove_handle);
  bind("curl_multi_perform", curl.multi_perform);
  bind("curl_multi_poll", curl.multi_poll);
  bind("curl_multi_wakeup", curl.multi_wakeup);
  bind("curl_multi_info_read", curl.multi_info_read);
  if (missing)
    return cannot_load(fmt::format("{} has no {}, version 7.68 or later is needed", kFile, missing));
  if (const CURLcode code = global_init(CURL_GLOBAL_DEFAULT); code != CURLE_OK) {
    return cannot_load(curl.easy_strerror(code));
  }
  find_trust_store(curl);
  return curl;
}

}  // namespace awl::net
