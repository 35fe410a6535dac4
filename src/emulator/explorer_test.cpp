#include "emulator/explorer.h"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "emulator/exploration.h"
#include "emulator/messages_validator.h"

namespace awl::emulator {
namespace {

struct ToolAnswer {
  std::string text;
  bool failed = false;
};
using Tools = std::function<ToolAnswer(const std::string& name, const json::Value& input)>;

struct Outcome {
  std::string report;
  size_t requests = 0;
  size_t most_parallel = 0;
  std::vector<std::string> calls;
};

json::Value first_request(const std::vector<std::string>& tools, const std::string& question) {
  json::Value request = {
      {"model", "claude-opus-5"}, {"max_tokens", 1000}, {"messages", json::Value::array()}};
  request["messages"].push_back(
      {{"role", "user"},
       {"content",
        {{{"type", "text"}, {"text", question}},
         {{"type", "text"}, {"text", "<system-reminder>`other` words</system-reminder>"}}}}});
  if (!tools.empty()) request["tools"] = json::Value::array();
  for (const std::string& tool : tools)
    request["tools"].push_back({{"name", tool}, {"input_schema", {{"type", "object"}}}});
  return request;
}

/// Plays a client's loop; every request must be valid.
Outcome explore(const std::vector<std::string>& tools, const std::string& question, const Tools& answer,
                bool thinking = false) {
  const auto model = make_explorer();
  json::Value request = first_request(tools, question);
  if (thinking) request["thinking"] = {{"type", "adaptive"}};
  Outcome run;
  while (run.requests < 20) {
    const auto valid = validate_request(request, {}, Endpoint::kMessages);
    EXPECT_TRUE(valid) << (valid ? "" : valid.error().message);
    ++run.requests;
    const auto message =
        json::parse(message_json(make_message(model->next(request), "claude-opus-5", {.input_tokens = 1})));
    json::Value results = json::Value::array();
    for (const json::Value& block : (*message)["content"]) {
      if (block["type"] == "text") run.report = block["text"];
      if (block["type"] != "tool_use") continue;
      run.calls.push_back(block["name"].get<std::string>() + " " + json::dump(block["input"]));
      const ToolAnswer got = answer(block["name"], block["input"]);
      results.push_back({{"type", "tool_result"},
                         {"tool_use_id", block["id"]},
                         {"content", got.text},
                         {"is_error", got.failed}});
    }
    run.most_parallel = std::max(run.most_parallel, results.size());
    if (results.empty()) return run;
    request["messages"].push_back({{"role", "assistant"}, {"content", (*message)["content"]}});
    request["messages"].push_back({{"role", "user"}, {"content", std::move(results)}});
  }
  ADD_FAILURE() << "the explorer does not end";
  return run;
}

constexpr const char* kReadme =
    "     1\t# Ferry\n     2\t\n     3\tCarries parcels.\n     4\t\n     5\t## Build\n     6\t```\n     "
    "7\tmake all\n     8\t```\n";

ToolAnswer repository(const std::string& name, const json::Value& input) {
  if (name == "Glob")
    return {"/work/ferry/README.md\n/work/ferry/src/main.rs\n/work/ferry/src/lib.rs\n/work/ferry/Cargo.toml"};
  if (name == "Grep") return {"src/lib.rs:7:fn parcel_count()"};
  if (name == "Read" && input["file_path"] == "README.md") return {kReadme};
  if (name == "Read" && input["file_path"] == "Cargo.toml") return {"1\t[package]"};
  if (name == "Bash") {
    const std::string command = input["command"];
    if (command == "git ls-files") return {"README.md\nsrc/main.rs\nsrc/lib.rs\nCargo.toml"};
    if (command.starts_with("head")) return {"# Ferry\n\nCarries parcels.\n"};
    if (command.starts_with("grep")) return {"./src/lib.rs:7:fn parcel_count()"};
  }
  return {"no such thing", true};
}

TEST(Explorer, ReportsWhatTheToolsGave) {
  const Outcome run = explore({"Glob", "Read", "Grep"}, "What is this repository about?", repository);
  EXPECT_EQ(run.requests, 3U);
  EXPECT_GE(run.most_parallel, 2U);
  for (const char* part :
       {"README.md is headed \"Ferry\"", "Carries parcels.", "4 files", "src/ (2)", "Rust (2)", "make all",
        "cargo build", "scripted explorer, not a language model"}) {
    EXPECT_TRUE(run.report.contains(part)) << part << "\n" << run.report;
  }
  EXPECT_FALSE(run.report.contains("What did not work"));
}

TEST(Explorer, WorksWithBashAlone) {
  const Outcome run = explore({"Bash"}, "How do I build this?", repository);
  EXPECT_TRUE(run.report.contains("Ferry")) << run.report;
  EXPECT_TRUE(run.report.starts_with("## Building it")) << run.report;
  EXPECT_TRUE(run.calls[0].contains("git ls-files"));
}

TEST(Explorer, SearchesForWhatTheQuestionNames) {
  const Outcome run = explore({"Glob", "Read", "Grep"}, "Where is `parcel_count` defined?", repository);
  EXPECT_TRUE(run.report.contains("src/lib.rs:7:fn parcel_count()")) << run.report;
  const Outcome dotted = explore({"Grep"}, "Where is main.rs used?", repository);
  EXPECT_TRUE(dotted.calls[0].contains(R"("pattern":"main\\.rs")")) << dotted.calls[0];
  EXPECT_TRUE(explore({"Bash"}, "Where is parcel_count?", repository).report.contains("src/lib.rs:7"));
}

TEST(Explorer, SaysWhichCallsWereDeniedAndEnds) {
  const auto deny = [](const std::string&, const json::Value&) {
    return ToolAnswer{"Permission to use this tool was denied.", true};
  };
  for (const auto& tools : {std::vector<std::string>{"Bash"},
                            {"Glob", "Read", "Grep"},
                            {"Bash", "Glob", "Read", "Grep"},
                            {"Read"},
                            {"Grep"}}) {
    const Outcome run = explore(tools, "What does `thing` do here?", deny);
    EXPECT_LE(run.requests, 6U);
    EXPECT_TRUE(run.report.contains("What did not work")) << run.report;
    EXPECT_TRUE(run.report.contains("Permission to use this tool was denied.")) << run.report;
  }
}

TEST(Explorer, FallsBackWhenThereIsNoGitRepository) {
  const Outcome run =
      explore({"Bash"}, "What is here?", [](const std::string&, const json::Value& input) -> ToolAnswer {
        if (input["command"].get<std::string>().starts_with("find")) return {"./notes.txt\n./a.py"};
        return {"fatal: not a git repository", true};
      });
  EXPECT_TRUE(run.report.contains("Python (1)")) << run.report;
  EXPECT_TRUE(run.report.contains("not a git repository"));
}

TEST(Explorer, FindsTheReadmeWhenTheListingIsCut) {
  const Outcome run =
      explore({"Glob", "Read"}, "What is this?", [](const std::string& name, const json::Value& input) {
        if (name == "Read") return ToolAnswer{kReadme};
        if (input["pattern"] == "README*") return ToolAnswer{"/w/README.md"};
        if (input["pattern"] != "**/*") return ToolAnswer{"No files found"};
        return ToolAnswer{"/w/build/x/y.o\n/w/src/deep/a.go\n(Results are truncated.)"};
      });
  EXPECT_TRUE(run.report.contains("headed \"Ferry\"")) << run.report;
  EXPECT_TRUE(run.report.contains("at least 2 files")) << run.report;
}

TEST(Explorer, ThinksWhenAskedTo) {
  const Outcome run = explore({"Glob", "Read"}, "What is this?", repository, true);
  EXPECT_TRUE(run.report.contains("Ferry"));
}

TEST(Explorer, IsShortWithoutToolsAndForGreetings) {
  EXPECT_EQ(explore({}, "What is this repository?", repository).requests, 1U);
  EXPECT_EQ(explore({"Task"}, "What is this repository?", repository).requests, 1U);
  const Outcome run = explore({"Bash"}, "hi", repository);
  EXPECT_EQ(run.requests, 1U);
  EXPECT_TRUE(run.report.contains("not a language model"));
}

TEST(SearchTerm, IsQuotedOrNameLike) {
  EXPECT_EQ(search_term_of("where is `a b` used"), "a b");
  EXPECT_EQ(search_term_of("who calls parse_header?"), "parse_header");
  EXPECT_EQ(search_term_of("explain (HttpServer) please"), "HttpServer");
  EXPECT_EQ(search_term_of("what is in main.cpp?"), "main.cpp");
  EXPECT_EQ(search_term_of("What does this do? It is an API."), "");
}

TEST(PathsIn, SkipsWhatIsNoPathAndMakesPathsRelative) {
  EXPECT_EQ(paths_in("/a/b/x.c\n/a/y.c\n(Results are truncated)\n"),
            (std::vector<std::string>{"b/x.c", "y.c"}));
  EXPECT_EQ(paths_in("./x\n./x\nNo files found"), (std::vector<std::string>{"x"}));
  EXPECT_EQ(paths_in("Saved to: x\n/tmp/saved.txt\nsrc/a.c\nnode_modules/b.js\nbuild"),
            (std::vector<std::string>{"build", "src/a.c"}));
  EXPECT_TRUE(paths_in("").empty());
}

}  // namespace
}  // namespace awl::emulator
