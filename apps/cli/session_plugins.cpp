// Plugins of the command line: folders, zip files, and zip files to be fetched.
#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>

#include "base/strings.h"
#include "cli/network_setup.h"
#include "cli/plugin_setup.h"
#include "cli/run_to_end.h"
#include "cli/version.h"
#include "net/download.h"
#include "net/url.h"
#include "os/path.h"

namespace awl::cli {

namespace {

// A private folder that is gone when this is.
class UnpackedPlugins {
 public:
  explicit UnpackedPlugins(os::Path path) : path_(std::move(path)) {}
  UnpackedPlugins(const UnpackedPlugins&) = delete;
  UnpackedPlugins& operator=(const UnpackedPlugins&) = delete;
  ~UnpackedPlugins() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  // A folder of its own for each archive.
  Result<os::Path> next() {
    const os::Path folder = path_ / std::to_string(++count_);
    AWL_CHECK(os::make_directories(folder, 0700));
    return folder;
  }

 private:
  os::Path path_;
  int count_ = 0;
};

class SessionPluginLoader {
 public:
  SessionPluginLoader(const Setup& setup, SessionPlugins& loaded) : setup_(setup), loaded_(loaded) {}

  Result<> load(const os::Path& path) {
    if (os::is_folder(path) || !equals_ignore_case(path.extension().string(), ".zip")) return add(path);
    AWL_TRY(const os::Path folder, make_folder());
    AWL_TRY(const os::Path plugin, extensions::unpack_plugin(path, folder));
    return add(plugin);
  }

  Result<> fetch(const std::string& url) {
    AWL_TRY(const net::Url parsed, net::parse_url(url));
    AWL_TRY(const std::string bytes, download(url));
    AWL_TRY(const os::Path folder, make_folder());
    const std::string name = os::Path(parsed.path).stem().string();
    const os::Path zip = folder / ((name.empty() ? "plugin" : name) + ".zip");
    AWL_CHECK(os::write_file_atomic(zip, bytes, 0600));
    AWL_TRY(const os::Path plugin, extensions::unpack_plugin(zip, folder));
    return add(plugin);
  }

 private:
  Result<> add(const os::Path& folder) {
    AWL_TRY(extensions::Plugin plugin, extensions::load_plugin(folder));
    loaded_.plugins.push_back(std::move(plugin));
    return {};
  }

  Result<os::Path> make_folder() {
    if (!unpacked_) {
      const std::string named = setup_.shell.get("TMPDIR");
      AWL_TRY(os::Path path,
              os::make_private_directory(named.empty() ? os::Path("/tmp") : os::Path(named), "awl-plugins-"));
      unpacked_ = std::make_shared<UnpackedPlugins>(std::move(path));
      loaded_.unpacked = unpacked_;
    }
    return unpacked_->next();
  }

  Result<std::string> download(const std::string& url) const {
    AWL_TRY(const NetworkSetup network, make_network_setup(setup_.environment));
    boost::asio::io_context io(1);
    const auto http = net::make_curl_client(io.get_executor(), network.http);
    return run_to_end(io, net::download(*http, url, {.user_agent = std::string(user_agent())}));
  }

  const Setup& setup_;
  SessionPlugins& loaded_;
  std::shared_ptr<UnpackedPlugins> unpacked_;
};

Task<Result<std::string>> download_archive(const Setup& setup, std::string url) {
  const Executor executor = co_await boost::asio::this_coro::executor;
  AWL_CO_TRY(const NetworkSetup network, make_network_setup(setup.environment));
  const auto http = net::make_curl_client(executor, network.http);
  auto got = co_await net::download(*http, std::move(url),
                                    {.user_agent = std::string(user_agent()), .is_public = true});
  co_return got;
}

}  // namespace

Result<SessionPlugins> load_session_plugins(const Setup& setup, const Arguments& arguments,
                                            std::vector<std::string>& problems) {
  SessionPlugins loaded;
  SessionPluginLoader loader(setup, loaded);
  for (const std::string& written : arguments.plugin_dirs) {
    const auto done =
        loader.load(os::absolute_path(written, setup.locations.project_dir, setup.locations.home));
    if (!done)
      return fail(done.error().kind, fmt::format("--plugin-dir: {}", done.error().message),
                  done.error().hint);
  }
  // The session begins without what a server does not give.
  for (const std::string& list : arguments.plugin_urls) {
    for (const std::string_view url : split(list, ' ')) {
      if (trim(url).empty()) continue;
      if (const auto done = loader.fetch(std::string(trim(url))); !done)
        problems.push_back(
            fmt::format("--plugin-url: {}; the session has no such plugin", describe(done.error())));
    }
  }
  return loaded;
}

extensions::DownloadArchive make_archive_download(const Setup& setup) {
  return [&setup](std::string url) { return download_archive(setup, std::move(url)); };
}

}  // namespace awl::cli
