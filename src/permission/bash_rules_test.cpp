#include "permission/bash_rules.h"

#include "permission/test_situation.h"

namespace awl::permission {
namespace {

using enum Behavior;
using BashRules = SituationTest;

TEST(CommandPattern, Matches) {
  struct Case {
    std::string_view pattern, text;
    bool expected;
  };
  const Case cases[] = {
      {"npm run build", "npm run build", true},
      {"npm run build", "npm run build x", false},
      {"npm run *", "npm run", true},
      {"npm run *", "npm run a b", true},
      {"npm run *", "npm runner", false},
      {"ls*", "lsof", true},
      {"ls *", "lsof", false},
      {"ls:*", "ls -l", true},
      {"ls:*", "lsof", false},
      {"git * main", "git push origin main", true},
      {"git * main", "git main", false},
      {"* --version", "node --version", true},
      {"* install", "npm install", true},
      {"git:* push", "git push", false},
      {"a*b*c", "aXXbYYc", true},
      {"a*b*c", "aXXbYY", false},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(matches_command_pattern(test.pattern, test.text), test.expected)
        << test.pattern << " / " << test.text;
  }
}

TEST_F(BashRules, DenySeesThroughSpellings) {
  allow("Bash");
  deny("Bash(rm *)");
  for (const char* command : {
           "rm x",
           "rm",
           "  rm x",
           "rm\tx",
           "/bin/rm x",
           "/usr/bin/rm -rf x",
           "./rm x",
           "'rm' x",
           "\"rm\" x",
           "r\\m x",
           "r''m x",
           "\\rm x",
           "$'rm' x",
           "$'\\x72m' x",
           "r\\\nm x",
           "ls; rm x",
           "ls && rm x",
           "ls || rm x",
           "ls | rm x",
           "ls |& rm x",
           "ls & rm x",
           "ls\nrm x",
           "(rm x)",
           "{ rm x; }",
           "! rm x",
           "if true; then rm x; fi",
           "while rm x; do :; done",
           "for i in 1; do rm $i; done",
           "case a in a) rm x;; esac",
           "f() { rm x; }; f",
           "echo $(rm x)",
           "echo `rm x`",
           "echo \"$(rm x)\"",
           "cat <(rm x)",
           "cat <<E\n$(rm x)\nE",
           "A=$(rm x)",
           "FOO=bar rm x",
           "PATH=/x rm x",
           "sudo rm x",
           "sudo -u root rm x",
           "sudo -- rm x",
           "env rm x",
           "env A=1 rm x",
           "env -i A=1 rm x",
           "env -S 'rm x'",
           "nohup rm x",
           "nice -n 5 rm x",
           "timeout 5 rm x",
           "timeout -s KILL 5 rm x",
           "time rm x",
           "time -p rm x",
           "command rm x",
           "builtin rm x",
           "exec rm x",
           "exec -a ls rm x",
           "xargs rm",
           "ls | xargs rm -f",
           "ls | xargs -n1 rm",
           "xargs -I{} rm {}",
           "bash -c 'rm x'",
           "sh -c \"rm x\"",
           "bash -lc 'ls; rm x'",
           "/bin/bash -c 'rm x'",
           "bash -c \"bash -c 'rm x'\"",
           "eval rm x",
           "eval 'rm x'",
           "eval \"r\"m x",
           "find . -exec rm {} \\;",
           "find . -execdir rm {} +",
           "setsid rm x",
           "stdbuf -oL rm x",
           "flock /tmp/l rm x",
           "watch rm x",
           "watch 'rm x'",
           "sudo env A=1 nice timeout 5 rm x",
           "busybox rm x",
           "chroot / rm x",
           "strace -f rm x",
           "trap 'rm x' EXIT",
           "su -c 'rm x'",
           "r? x",
           "/bin/r* x",
           "r[m] x",
           "{rm,x}",
           "X=rm; $X x",
           "rm>out x",
           ">out rm x",
           "2>&1 rm x",

           "rm x \'unclosed",
           "if rm",
           "a=(1); rm x",
       }) {
    EXPECT_EQ(bash(command), kDeny) << command;
  }
  for (const char* command : {"unknown-tool rm x", "docker exec c rm x", "r${x} y", "ssh host rm -rf x"}) {
    EXPECT_EQ(bash(command), kAsk) << command;
  }
  for (const char* command :
       {"ls", "echo rm", "grep rm x", "git rm x", "git commit -m 'rm x'", "docker run --rm img", "farm x",
        "npm run rm-old", "cat rm.txt", "make && ./rmx", "echo 'a"}) {
    EXPECT_EQ(bash(command), kAllow) << command;
  }
}

TEST_F(BashRules, DenyFindsTheLastOfManyParts) {
  allow("Bash");
  deny("Bash(rm *)");
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "ls && ";
  EXPECT_EQ(bash(text + "rm x"), kDeny);
  EXPECT_EQ(bash(text + "ls"), kAllow);
}

TEST_F(BashRules, AllowNeedsEveryPart) {
  allow("Bash(npm run *)");
  for (const char* command : {"npm run build --fast",
                              "npm run",
                              "npm run a && npm run b",
                              "npm run h && ls",
                              "npm run b 2>/dev/null",
                              "npm  run  x",
                              "timeout 30 npm run x",
                              "time npm run x",
                              "nice -n 5 npm run x",
                              "nohup npm run x",
                              "NODE_ENV=test npm run x",
                              "stdbuf -oL npm run x",
                              "command npm run x",
                              "npm run x 2>&1 | tail -5",
                              "ls | xargs npm run x",
                              "npm run \"a b\"",
                              "npm run $x",
                              "if npm run a; then npm run b; fi",
                              "(cd src && npm run x)",
                              "for f in a b; do npm run $f; done"}) {
    EXPECT_EQ(bash(command), kAllow) << command << ": " << bash_verdict(command).reason;
  }
  for (const char* command : {
           "npm install",
           "npm runner",
           "npm run c && rm a.txt",
           "npm run d; rm a.txt",
           "npm run e | tee a.txt",
           "npm run f\nrm a.txt",
           "npm run g || rm a.txt",
           "npm run a > out.txt",
           "npm run c >> ../outside.txt",
           "npm run $(rm x)",
           "npm run `rm x`",
           "npm run <(rm x)",
           "PATH=. npm run x",
           "LD_PRELOAD=./x.so npm run x",
           "NODE_OPTIONS=-r npm run x",
           "sudo npm run x",
           "\"npm run\" x",
           "'npm run x'",
           "npm 'run x'",
           "bash -c 'npm run x'",
           "eval npm run x",
           "$X run build",
           "watch npm run x",
           "xargs -n1 npm run x",
           "npm run x & rm y",
           "npm run 'unclosed",
           "/tmp/npm run x",
           "timeout -x 30 npm run x",
           "for PATH in /evil; do npm run x; done",
           "npm run x <<EOF\n$(rm y)\nEOF",
           "npm(){ rm x; }; npm run a",
           "npm run x &> log",
           "A=1",
           "npm run x; B=2",
       }) {
    EXPECT_EQ(bash(command), kAsk) << command;
  }
}

TEST_F(BashRules, WrappersThatRunThingsNeedAnExactRule) {
  allow("Bash(watch *)");
  allow("Bash(find *)");
  allow("Bash(flock l make)");
  EXPECT_EQ(bash("watch ls"), kAsk);
  EXPECT_EQ(bash("find . -delete"), kAsk);
  EXPECT_EQ(bash("find . -exec cat {} +"), kAsk);
  EXPECT_EQ(bash("find /etc -name x"), kAllow);
  EXPECT_EQ(bash("flock l make"), kAllow);
}

TEST_F(BashRules, DenyBeatsAskBeatsAllow) {
  allow("Bash(npm publish now)");
  allow("Bash(npm *)");
  ask_for("Bash(npm publish *)");
  EXPECT_EQ(bash("npm publish now"), kAsk);
  EXPECT_EQ(bash("npm test && npm publish x"), kAsk);
  EXPECT_EQ(bash("npm test"), kAllow);
  deny("Bash(npm publish *)");
  EXPECT_EQ(bash("npm publish now"), kDeny);
  ask_for("Bash(ls *)");
  EXPECT_EQ(bash("ls"), kAsk);
  situation_.mode = Mode::kBypass;
  EXPECT_EQ(bash("npm publish now"), kDeny);
  EXPECT_EQ(bash("ls"), kAsk);
  EXPECT_EQ(bash("touch x"), kAllow);
}

TEST_F(BashRules, WhatIsNotUnderstoodIsOnlyForWholeToolRules) {
  allow("Bash(echo *)");
  EXPECT_EQ(bash("echo $((x))"), kAsk);
  EXPECT_EQ(bash("echo " + std::string(11'000, 'x')), kAsk);
  situation_.mode = Mode::kDontAsk;
  EXPECT_EQ(bash("echo $((x))"), kDeny);
  situation_.mode = Mode::kDefault;
  allow("Bash");
  EXPECT_EQ(bash("echo $((x))"), kAllow);
  deny("Bash(curl *)");
  EXPECT_EQ(bash("echo $((x)); c'u'rl y"), kDeny);
}

TEST_F(BashRules, FieldsOfTheInput) {
  allow("Bash");
  deny("Bash(run_in_background:true)");
  Access access;
  access.kind = Access::Kind::kShell;
  access.command = "make";
  EXPECT_EQ(decide(rules_, situation_, "Bash", access,
                   *json::parse(R"({"command":"make","run_in_background":true})"))
                .behavior,
            kDeny);
  EXPECT_EQ(decide(rules_, situation_, "Bash", access, *json::parse(R"({"command":"make"})")).behavior,
            kAllow);
}

TEST_F(BashRules, OrdinaryWork) {
  for (const char* rule :
       {"Bash(git *)", "Bash(cmake *)", "Bash(make *)", "Bash(cargo *)", "Bash(npm *)", "Bash(python3 *)",
        "Bash(pytest *)", "Bash(go test *)", "Bash(docker build *)", "Bash(./build/*)"}) {
    allow(rule);
  }
  for (const char* command : {
           "git commit -m \"it's (a) [test] #1; done\"",
           "git add -A && git commit -m 'x' && git push",
           "cmake --preset dev",
           "cmake --build build -j 2 --target a_test && ./build/a_test --gtest_filter='A.*'",
           "make -j4 CC=clang",
           "make -j$(nproc) VERBOSE=1",
           "cargo test -- --nocapture foo::bar",
           "npm test 2>&1 | tail -20",
           "python3 -c 'import os; print(1)'",
           "python3 - <<'EOF'\nprint(1)\nEOF",
           "pytest -k 'a and not b' -x",
           "go test ./...",
           "docker build -t x:latest .",
           "git log --format='%h %s' | head -5",
           "git stash && make; git stash pop",
           "git commit -F - <<'EOF'\nsubject\n\nbody $(x)\nEOF",
           "CI=1 npm test",
           "make 2>&1 | grep -E 'error|warning' | head",
           "git diff HEAD~1 -- src/*.ts",
           "[ -d build ] || cmake -B build",
           "for t in a b c; do make $t || break; done",
           "test -f a.txt && make",
           "git checkout -b feature/x",
           "cat a.txt | python3 x.py",
           "git show stash@{0}",
           "make;",
           "LC_ALL=C git status",
           "if git diff --quiet; then echo clean; else git status; fi",
           "git log -1 --pretty=%B | cat",
       }) {
    EXPECT_EQ(bash(command), kAllow) << command << ": " << bash_verdict(command).reason;
  }
}

}  // namespace
}  // namespace awl::permission
