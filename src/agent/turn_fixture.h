// For the tests of turns: a session against answers that were made up, message by message.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "agent/engine.h"
#include "anthropic/fake_http.h"
#include "async/task_group.h"
#include "json/value.h"

namespace awl::agent {

class NoHost final : public protocol::Host {
 public:
  Task<protocol::PermissionAnswer> ask_permission(protocol::PermissionQuestion /*question*/) override {
    co_return protocol::PermissionAnswer{false, "nobody is here"};
  }
};

inline json::Value text(std::string_view words) { return {{"type", "text"}, {"text", words}}; }

inline json::Value bash(const std::string& id, std::string_view command) {
  return {{"type", "tool_use"}, {"id", id}, {"name", "Bash"}, {"input", {{"command", command}}}};
}

/// A whole message: shorter than a stream, and told in the same way.
inline anthropic::Reply message(const json::Value& content, std::string_view stop_reason,
                                const json::Value& more = {}) {
  static int number = 0;
  json::Value body{{"id", "msg_" + std::to_string(++number)},
                   {"type", "message"},
                   {"model", "m"},
                   {"content", content.is_array() ? content : json::Value::array({content})},
                   {"stop_reason", stop_reason},
                   {"usage", {{"input_tokens", 1}, {"output_tokens", 1}}}};
  if (more.is_object()) body.update(more);
  return anthropic::whole(json::dump(body));
}

class TurnTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder = os::make_private_directory(std::filesystem::temp_directory_path(), "awl-turn-test-").value();
    options.provider.base_url = "http://test";
    options.request.model = model("claude-opus-5");
    options.small_request.model = options.request.model;
    options.session.project_dir = folder;
    options.session.cwd = folder;
    options.session.home = folder;
    options.session.output_dir = folder / "output";
    options.session.child_environment = Environment({{"PATH", "/usr/bin:/bin"}, {"HOME", folder.string()}});
    options.tool_runner.mode = permission::Mode::kBypass;
    options.clock = [] { return TimePoint(); };
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  static anthropic::ModelChoice model(const std::string& id) {
    return anthropic::choose_model({.flag = id, .settings = {}}, Environment(),
                                   anthropic::Platform::kClaudePlatformOnAws, false);
  }

  // Sends `messages` one after the other; `watch` sees each event and may post commands.
  std::vector<protocol::TurnEnded> run(
      std::vector<std::string> messages = {R"("go")"},
      const std::function<void(Engine&, const protocol::Event&)>& watch = {}) {
    boost::asio::io_context io;
    anthropic::RetryPolicy policy;
    policy.max_retries = 0;
    const auto authenticator = anthropic::make_key_authenticator(options.provider);
    anthropic::MessagesClient client(http, *authenticator, policy, [] { return 0.0; });
    NoHost host;
    const auto engine = make_engine(io.get_executor(), options, client, host);
    for (std::string& content : messages) engine->post(protocol::SendMessage{std::move(content), "uuid"});
    engine->post(protocol::EndInput{});
    std::vector<protocol::TurnEnded> ended;
    auto body = [&]() -> Task<> {
      async::TaskGroup group(io.get_executor());
      group.spawn(engine->run());
      for (;;) {
        auto next = co_await engine->next_event();
        if (!next) break;
        note(*next);
        if (const auto* end = std::get_if<protocol::TurnEnded>(&*next)) ended.push_back(*end);
        if (watch) watch(*engine, *next);
      }
      co_await group.join();
    };
    std::exception_ptr failure;
    boost::asio::co_spawn(io, body(), [&failure](const std::exception_ptr& e) { failure = e; });
    io.run();
    if (failure) std::rethrow_exception(failure);
    return ended;
  }

  void note(const protocol::Event& event) {
    if (const auto* notice = std::get_if<protocol::Notice>(&event)) notices.push_back(notice->text);
    if (const auto* started = std::get_if<protocol::SessionStarted>(&event)) models.push_back(started->model);
    if (const auto* block = std::get_if<protocol::AssistantBlock>(&event)) {
      if (!block->error.empty()) errors.push_back(block->error);
    }
  }

  json::Value request(size_t index) const { return json::parse(http.requests.at(index).body).value(); }
  bool exists(const char* name) const { return os::path_exists(folder / name); }

  os::Path folder;
  EngineOptions options;
  anthropic::FakeHttp http;
  std::vector<std::string> notices;
  std::vector<std::string> models;
  std::vector<std::string> errors;  // of assistant messages that no model wrote
};

}  // namespace awl::agent
