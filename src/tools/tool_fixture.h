// For the tests of tools: a temporary folder, a session in it, and calls as the agent makes them.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "base/utf8.h"
#include "json/schema.h"
#include "json/value.h"
#include "tools/input.h"
#include "tools/session.h"
#include "tools/tool.h"

namespace awl::tools {

class ToolFixture : public ::testing::Test {
 protected:
  ToolFixture() {
    const auto made = os::make_private_directory(std::filesystem::temp_directory_path(), "awl-tools-");
    EXPECT_TRUE(made);
    folder = std::filesystem::canonical(*made);
    session.executor = io.get_executor();
    session.id = "test";
    session.project_dir = session.cwd = session.home = folder;
    session.child_environment.set("PATH", "/usr/local/bin:/usr/bin:/bin");
  }
  ~ToolFixture() override { std::filesystem::remove_all(folder); }

  void put(const std::string& name, std::string_view bytes) const {
    std::filesystem::create_directories((folder / name).parent_path());
    std::ofstream(folder / name, std::ios::binary) << bytes;
  }
  /// "(none)" when there is no such file.
  std::string get(const std::string& name) const { return os::read_file(folder / name).value_or("(none)"); }
  /// Moves the file's time by some seconds.
  void touch(const std::string& name, int seconds) const {
    const auto path = folder / name;
    std::filesystem::last_write_time(path,
                                     std::filesystem::last_write_time(path) + std::chrono::seconds(seconds));
  }

  /// Coerces, validates, asks for the access and runs; `input` is JSON.
  ToolResult call(Tool& tool, std::string_view input) {
    const auto schema_text = json::parse(tool.spec().input_schema);
    const auto schema = json::Schema::compile(*schema_text);
    EXPECT_TRUE(schema);
    const auto coerced = coerce(*json::parse(input), *schema_text);
    if (!coerced) return ToolResult::error(coerced.error().message);
    if (const auto valid = schema->validate(*coerced); !valid)
      return ToolResult::error(valid.error().message);
    const auto access = tool.access(*coerced, session);
    if (!access) return ToolResult::error(access.error().message);
    last_access = *access;
    if (between) between();
    ToolResult result = run(tool.run(*coerced, *access, "toolu_1", session));
    EXPECT_TRUE(is_utf8(result.text));
    EXPECT_TRUE(result.structured_json.empty() || json::parse(result.structured_json));
    return result;
  }

  template <typename T>
  T run(Task<T> task) {
    std::optional<T> value;
    std::exception_ptr failure;
    io.restart();
    boost::asio::co_spawn(io, std::move(task), [&](const std::exception_ptr& error, T result) {
      failure = error;
      value = std::move(result);
    });
    io.run();
    if (failure) std::rethrow_exception(failure);
    return std::move(*value);
  }

  static json::Value structured(const ToolResult& result) {
    return json::parse(result.structured_json).value_or(json::Value());
  }

  boost::asio::io_context io;
  os::Path folder;
  Session session;
  Access last_access;
  std::function<void()> between;  ///< what happens after the check and before the call
};

}  // namespace awl::tools
