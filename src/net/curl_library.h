// libcurl as a table of functions, loaded at run time: its 30 libraries cost a start 10 to 18 ms of CPU, so a
// start that sends nothing does without (docs/adr/0004-http-client.md).
#pragma once

#include <curl/curl.h>

#include <string>

#include "base/error.h"

namespace awl::net {

struct CurlLibrary {
  decltype(&::curl_easy_init) easy_init;
  decltype(&::curl_easy_cleanup) easy_cleanup;
  decltype(&::curl_easy_setopt) easy_setopt;
  decltype(&::curl_easy_getinfo) easy_getinfo;
  decltype(&::curl_easy_pause) easy_pause;
  decltype(&::curl_easy_strerror) easy_strerror;
  decltype(&::curl_slist_append) slist_append;
  decltype(&::curl_slist_free_all) slist_free_all;
  decltype(&::curl_multi_init) multi_init;
  decltype(&::curl_multi_cleanup) multi_cleanup;
  decltype(&::curl_multi_add_handle) multi_add_handle;
  decltype(&::curl_multi_remove_handle) multi_remove_handle;
  decltype(&::curl_multi_perform) multi_perform;
  decltype(&::curl_multi_poll) multi_poll;
  decltype(&::curl_multi_wakeup) multi_wakeup;
  decltype(&::curl_multi_info_read) multi_info_read;

  std::string
      default_ca_file;  ///< the file of trusted certificates that this libcurl was built for; may be empty
  std::string default_ca_directory;  ///< the same as a directory; empty when it is not indexed by hash

  /// Loads and initialises it; it stays loaded until the process ends. Errors: kNetwork.
  static Result<CurlLibrary> load();
};

}  // namespace awl::net
