// A work folder on disk for the tests of the permission layer.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "json/json.h"
#include "os/file.h"
#include "os/path.h"
#include "permission/policy.h"

namespace awl::permission {

/// <root>/work is the project, <root>/home the home folder, <root>/extra an additional folder, <root>/outside
/// neither.
class SituationTest : public testing::Test {
 protected:
  SituationTest() {
    root_ = *os::make_private_directory(os::resolve_links(std::filesystem::temp_directory_path()),
                                        "awl-permission-");
    situation_.project_dir = situation_.cwd = root_ / "work";
    situation_.home = root_ / "home";
    situation_.additional_dirs = {root_ / "extra"};
    for (const char* folder :
         {"work/src", "work/secrets", "work/locked", "work/lib", "home/.ssh", "extra", "outside"}) {
      (void)os::make_directories(root_ / folder);
    }
    for (const char* file : {"work/a.txt", "work/b.txt", "work/src/x.ts", "work/src/y.ts",
                             "work/secrets/k.txt", "home/.ssh/id_rsa", "outside/o.txt", "extra/e.txt"}) {
      (void)os::write_file_atomic(root_ / file, "x\n");
    }
    (void)::symlink("../outside", (root_ / "work/way_out").c_str());
    (void)::symlink("secrets/k.txt", (root_ / "work/innocent").c_str());
    (void)::symlink("../../home/.ssh/id_rsa", (root_ / "work/src/key").c_str());
  }
  ~SituationTest() override { std::filesystem::remove_all(root_); }

  void allow(std::string_view rule) {
    rules_.allow.push_back(*parse_rule(rule, "test", situation_.project_dir));
  }
  void ask_for(std::string_view rule) {
    rules_.ask.push_back(*parse_rule(rule, "test", situation_.project_dir));
  }
  void deny(std::string_view rule) {
    rules_.deny.push_back(*parse_rule(rule, "test", situation_.project_dir));
  }

  Behavior bash(std::string_view command) { return bash_verdict(command).behavior; }
  Verdict bash_verdict(std::string_view command) {
    Access access;
    access.kind = Access::Kind::kShell;
    access.command = command;
    return decide(rules_, situation_, "Bash", access,
                  *json::parse("{\"command\":" + json::quote(command) + "}"));
  }
  Behavior file(std::string_view tool, Access::Kind kind, const std::string& path) {
    Access access;
    access.kind = kind;
    access.paths = {os::resolve_links(os::absolute_path(path, situation_.cwd, situation_.home))};
    const char* field = tool == "Grep" || tool == "Glob" ? "path" : "file_path";
    const auto input = json::parse("{\"" + std::string(field) + "\":" + json::quote(path) + "}");
    return decide(rules_, situation_, tool, access, *input).behavior;
  }
  Behavior read(const std::string& path) { return file("Read", Access::Kind::kRead, path); }
  Behavior write(const std::string& path) { return file("Write", Access::Kind::kEdit, path); }

  os::Path root_;
  Situation situation_;
  Rules rules_;
};

inline void PrintTo(Behavior behavior, std::ostream* stream) {
  *stream << (behavior == Behavior::kAllow ? "allow" : behavior == Behavior::kAsk ? "ask" : "deny");
}

}  // namespace awl::permission
