#include "permission/test_situation.h"

namespace awl::permission {
namespace {

using enum Behavior;
using Decide = SituationTest;
using Kind = Access::Kind;

TEST_F(Decide, Baseline) {
  EXPECT_EQ(read("a.txt"), kAllow);
  EXPECT_EQ(read("x/../a.txt"), kAllow);
  EXPECT_EQ(read("../extra/e.txt"), kAllow);
  EXPECT_EQ(read("../outside/o.txt"), kAsk);
  EXPECT_EQ(read("~/.ssh/id_rsa"), kAsk);
  EXPECT_EQ(read("src/key"), kAsk);
  EXPECT_EQ(read("way_out/o.txt"), kAsk);
  EXPECT_EQ(file("Grep", Kind::kRead, "src"), kAllow);
  EXPECT_EQ(write("w.txt"), kAsk);
  EXPECT_EQ(file("TodoWrite", Kind::kNone, ""), kAllow);
  EXPECT_EQ(file("mcp__srv__beta", Kind::kNone, ""), kAsk);
  EXPECT_EQ(file("WebSearch", Kind::kNetwork, ""), kAsk);
}

TEST_F(Decide, EditRulesCoverWriteBelowTheirFolder) {
  allow("Edit(src/**)");
  EXPECT_EQ(file("Edit", Kind::kEdit, "src/x.ts"), kAllow);
  EXPECT_EQ(write("src/new/b.js"), kAllow);
  EXPECT_EQ(file("NotebookEdit", Kind::kEdit, "src/n.ipynb"), kAllow);
  EXPECT_EQ(write("lib/c.js"), kAsk);
  EXPECT_EQ(write("src/../top.js"), kAsk);
  EXPECT_EQ(write("src/key"), kAsk);            // a link to the outside
  EXPECT_EQ(write("vendor/src/lib.js"), kAsk);  // an allow rule is anchored
  EXPECT_EQ(write("src/.git/hooks/x"), kAsk);   // protected
  EXPECT_EQ(bash("ls > src/out.txt"), kAllow);
  EXPECT_EQ(bash("ls > out.txt"), kAsk);
  EXPECT_EQ(bash("ls > src/key"), kAsk);
  EXPECT_EQ(bash("cd src && ls > src/out.txt"), kAsk);
}

TEST_F(Decide, ReadDenyHoldsForEveryWayToReadOrChange) {
  allow("Bash");
  allow("Write");
  deny("Read(./secrets/**)");
  EXPECT_EQ(read("secrets/k.txt"), kDeny);
  EXPECT_EQ(read("./x/../secrets/k.txt"), kDeny);
  EXPECT_EQ(read("innocent"), kDeny);  // a link to it
  EXPECT_EQ(read("a.txt"), kAllow);
  EXPECT_EQ(write("secrets/new.txt"), kDeny);
  EXPECT_EQ(file("Grep", Kind::kRead, "secrets"), kDeny);
  for (const char* command : {"cat secrets/k.txt",
                              "cat ./secrets/k.txt",
                              "cat sec'rets'/k.txt",
                              "cat innocent",
                              "cat src/../secrets/k.txt",
                              "cat secrets/*",
                              "cat s*/k.txt",
                              "head -1 secrets/k.txt",
                              "sed -n p secrets/k.txt",
                              "grep x secrets/k.txt",
                              "grep -r x secrets",
                              "cd secrets && cat k.txt",
                              "cat < secrets/k.txt",
                              "sudo cat secrets/k.txt",
                              "bash -c 'cat secrets/k.txt'",
                              "git show HEAD:secrets/k.txt",
                              "cp secrets/k.txt x",
                              "tac secrets/k.txt",
                              "dd if=secrets/k.txt",
                              "ls | xargs cat secrets/k.txt",
                              "grep --file=secrets/k.txt x",
                              "base64 secrets/k.txt",
                              "awk 1 secrets/k.txt",
                              "diff secrets/k.txt a.txt",
                              "echo $(cat secrets/k.txt)"}) {
    EXPECT_EQ(bash(command), kDeny) << command;
  }
  EXPECT_EQ(bash("cat a.txt"), kAllow);
  EXPECT_EQ(bash("echo secrets/k.txt"), kAllow);
}

TEST_F(Decide, EditDenyHoldsInBypass) {
  situation_.mode = Mode::kBypass;
  deny("Edit(./locked/**)");
  EXPECT_EQ(write("locked/new.txt"), kDeny);
  EXPECT_EQ(write("free.txt"), kAllow);
  EXPECT_EQ(read("locked/x"), kAllow);
  for (const char* command :
       {"echo x > locked/a", "rm locked/a", "touch locked/a", "sed -i s/a/b/ locked/a", "cp a.txt locked/b",
        "ls | tee locked/a", "mv a.txt locked", "echo x 2>> locked/e"}) {
    EXPECT_EQ(bash(command), kDeny) << command;
  }
  EXPECT_EQ(bash("cat locked/a"), kAllow);
}

TEST_F(Decide, PatternShapes) {
  const auto denies = [&](std::string_view rule, const std::string& path) {
    rules_ = {};
    deny(rule);
    return read(path) == kDeny;
  };
  EXPECT_TRUE(denies("Read(.env)", ".env"));
  EXPECT_TRUE(denies("Read(.env)", "deep/down/.env"));
  EXPECT_TRUE(denies("Read(**/.env)", "deep/.env"));
  EXPECT_FALSE(denies("Read(.env)", "../outside/.env"));
  EXPECT_TRUE(denies("Read(//**/.env)", "../outside/.env"));
  EXPECT_TRUE(denies("Read(~/.ssh/**)", "~/.ssh/id_rsa"));
  EXPECT_TRUE(denies("Read(~/.ssh/**)", "src/key"));
  EXPECT_TRUE(denies("Read(secrets/**)", "a/secrets/k"));
  EXPECT_FALSE(denies("Read(/secrets/**)", "a/secrets/k"));
  EXPECT_TRUE(denies("Read(/secrets/**)", "secrets/k"));
  EXPECT_FALSE(denies("Read(src/components/**)", "a/src/components/k"));
  EXPECT_TRUE(denies("Read(*.pem)", "a/b.pem"));
  EXPECT_FALSE(denies("Read(*.pem)", "a/b.pem.txt"));
  EXPECT_TRUE(denies("Read(src)", "src/x.ts"));
  EXPECT_TRUE(denies("Read(build/)", "a/build/o"));
  EXPECT_FALSE(denies("Read(src/*.js)", "src/a/b.js"));
  EXPECT_TRUE(denies("Read(//" + (root_ / "outside").string().substr(1) + "/**)", "../outside/o.txt"));
  EXPECT_FALSE(denies("Read(secrets/**)", "secrets-not/k"));
}

TEST_F(Decide, AcceptEdits) {
  situation_.mode = Mode::kAcceptEdits;
  EXPECT_EQ(write("d/n.txt"), kAllow);
  EXPECT_EQ(write("../extra/n.txt"), kAllow);
  EXPECT_EQ(write("../out.txt"), kAsk);
  EXPECT_EQ(write("way_out/x"), kAsk);
  for (const char* path : {".git/hooks/pre-commit", ".vscode/tasks.json", ".claude/settings.json",
                           "sub/.claude/x", ".bashrc", ".mcp.json", ".envrc", ".config/git/config", ".npmrc",
                           "a/.husky/x", ".claude/worktrees/w/.git/config"}) {
    EXPECT_EQ(write(path), kAsk) << path;
  }
  EXPECT_EQ(write(".claude/worktrees/w/a.txt"), kAllow);
  EXPECT_EQ(write(".github/workflows/x.yml"), kAllow);
  for (const char* command :
       {"mkdir -p d/e", "touch x", "rm a.txt", "rmdir d", "mv a.txt b.txt", "cp -r src lib",
        "sed -i 's/a/b/' a.txt", "rm src/*.ts", "timeout 5 rm a.txt", "mkdir d && touch d/x && ls d",
        "echo x > new.txt", "sed -i.bak '2d' a.txt", "cp ../extra/e.txt ."}) {
    EXPECT_EQ(bash(command), kAllow) << command << ": " << bash_verdict(command).reason;
  }
  for (const char* command : {"rm ../outside/o.txt",
                              "cp /etc/passwd .",
                              "cp a.txt /tmp",
                              "mv a.txt way_out/",
                              "rm -rf .git",
                              "touch .bashrc",
                              "sed -i 's/a/b/e' a.txt",
                              "sed -i 'w /tmp/x' a.txt",
                              "sed -f x a.txt",
                              "rm $x",
                              "rm -rf .",
                              "rm -rf ~",
                              "rm -rf /",
                              "rm -rf *",
                              "cp -t /tmp a.txt",
                              "cp --target-directory=/tmp a.txt",
                              "chmod 777 a.txt",
                              "make",
                              "echo x > ~/y",
                              "echo x > .git/config",
                              "cd src && echo x > y",
                              "ls | xargs rm",
                              "PATH=. rm a.txt",
                              "find . -delete",
                              "ln -s /etc e",
                              "rm -rf \"$D\"/*"}) {
    EXPECT_EQ(bash(command), kAsk) << command;
  }
}

TEST_F(Decide, CriticalRemovalsAskEvenInBypass) {
  situation_.mode = Mode::kBypass;
  allow("Bash");
  for (const char* command : {"rm -rf /", "rm -rf /*", "rm -rf ~", "rm -rf ~/", "rm -rf /usr", "rm -rf .",
                              "rm -rf ..", "rm -rf $PWD/", "sudo rm -rf /", "echo $(rm -rf ~)",
                              "rm -rf \"$D\"/*", "rm -rf *", "rmdir /etc", "bash -c 'rm -rf ~'"}) {
    EXPECT_EQ(bash(command), kAsk) << command;
  }
  EXPECT_EQ(bash("rm -rf build"), kAllow);
  EXPECT_EQ(bash("rm -rf /tmp/x"), kAllow);
  EXPECT_EQ(bash("touch ../t && echo $((6*7))"), kAllow);
  EXPECT_EQ(write(".vscode/s.json"), kAllow);
  situation_.mode = Mode::kDontAsk;
  EXPECT_EQ(bash("rm -rf ~"), kDeny);
}

TEST_F(Decide, PlanAndDontAsk) {
  situation_.mode = Mode::kPlan;
  allow("Write");
  EXPECT_EQ(read("a.txt"), kAllow);
  EXPECT_EQ(write("n.txt"), kDeny);
  allow("Bash");
  EXPECT_EQ(bash("cat a.txt"), kAllow);
  EXPECT_EQ(bash("touch n.txt"), kAsk) << "no rule decides that";
  rules_.allow.pop_back();
  situation_.mode = Mode::kDontAsk;
  allow("Bash(npm *)");
  EXPECT_EQ(bash("npm test"), kAllow);
  EXPECT_EQ(file("Edit", Kind::kEdit, "w.txt"), kDeny);
  EXPECT_EQ(write("w.txt"), kAllow);
  EXPECT_EQ(read("../outside/o.txt"), kDeny);
}

TEST_F(Decide, WholeTools) {
  deny("Bash");
  deny("mcp__srv");
  deny("Web*");
  deny("Edit");
  EXPECT_TRUE(is_tool_denied(rules_, "Bash"));
  EXPECT_TRUE(is_tool_denied(rules_, "mcp__srv__x"));
  EXPECT_TRUE(is_tool_denied(rules_, "WebFetch"));
  EXPECT_TRUE(is_tool_denied(rules_, "Edit"));
  EXPECT_FALSE(is_tool_denied(rules_, "Write"));
  EXPECT_FALSE(is_tool_denied(rules_, "mcp__srv2__x"));
  EXPECT_EQ(bash("ls"), kDeny);
  EXPECT_EQ(write("x"), kDeny);
  rules_ = {};
  deny("Bash(rm *)");
  EXPECT_FALSE(is_tool_denied(rules_, "Bash"));
  deny("Bash(*)");
  EXPECT_TRUE(is_tool_denied(rules_, "Bash"));
}

TEST_F(Decide, McpAndAgents) {
  allow("mcp__srv__alpha");
  allow("mcp__git__get_*");
  allow("mcp__*");
  allow("*");
  deny("Agent(Explore)");
  const auto none = json::parse("{}");
  const auto call = [&](std::string_view tool) {
    return decide(rules_, situation_, tool, Access{}, *none).behavior;
  };
  EXPECT_EQ(call("mcp__srv__alpha"), kAllow);
  EXPECT_EQ(call("mcp__srv__beta"), kAsk);
  EXPECT_EQ(call("mcp__git__get_x"), kAllow);
  EXPECT_EQ(call("mcp__git__set_x"), kAsk);
  const auto agent = [&](std::string_view input) {
    return decide(rules_, situation_, "Agent", Access{}, *json::parse(input)).behavior;
  };
  EXPECT_EQ(agent(R"({"subagent_type":"Explore"})"), kDeny);
  EXPECT_EQ(agent(R"({"subagent_type":"general-purpose"})"), kAllow);
  deny("Agent(model:opus)");
  EXPECT_EQ(agent(R"({"subagent_type":"x","model":"opus"})"), kDeny);
}

TEST_F(Decide, Domains) {
  const auto fetch = [&](std::string_view rule, std::string url) {
    rules_ = {};
    allow(rule);
    Access access;
    access.kind = Kind::kNetwork;
    access.url = std::move(url);
    return decide(rules_, situation_, "WebFetch", access, *json::parse("{}")).behavior == kAllow;
  };
  EXPECT_TRUE(fetch("WebFetch(domain:127.0.0.1)", "https://127.0.0.1:9/x"));
  EXPECT_FALSE(fetch("WebFetch(domain:127.0.0.1)", "https://localhost:9/x"));
  EXPECT_TRUE(fetch("WebFetch(domain:Example.com.)", "https://EXAMPLE.com./x"));
  EXPECT_FALSE(fetch("WebFetch(domain:example.com)", "https://example.com@evil.com/"));
  EXPECT_FALSE(fetch("WebFetch(domain:example.com)", "https://example.com.evil.com/"));
  EXPECT_FALSE(fetch("WebFetch(domain:example.com)", "https://evil.com/example.com"));
  EXPECT_FALSE(fetch("WebFetch(domain:example.com)", "https://evil.com\\@example.com"));
  EXPECT_TRUE(fetch("WebFetch(domain:*.example.com)", "https://a.b.example.com"));
  EXPECT_FALSE(fetch("WebFetch(domain:*.example.com)", "https://example.com"));
  EXPECT_TRUE(fetch("WebFetch(domain:example.*)", "https://example.org"));
  EXPECT_FALSE(fetch("WebFetch(domain:example.*)", "https://example.evil.com"));
  EXPECT_TRUE(fetch("WebFetch(domain:*)", "https://x.y"));
  EXPECT_TRUE(fetch("WebFetch", "https://x.y"));
}

TEST_F(Decide, WhichRulesNameAHost) {
  const auto named = [&](std::string_view rule, const std::string& url) {
    rules_ = {};
    allow(rule);
    return is_host_named(rules_, "WebFetch", url);
  };
  EXPECT_TRUE(named("WebFetch(domain:localhost)", "http://localhost:3000/"));
  EXPECT_TRUE(named("WebFetch(domain:10.0.0.1)", "https://10.0.0.1/"));
  EXPECT_TRUE(named("WebFetch(domain:[::1])", "http://[::1]/"));
  EXPECT_TRUE(named("WebFetch(domain:*.corp.example.)", "https://wiki.corp.example/"));
  EXPECT_FALSE(named("WebFetch(domain:other)", "http://localhost/"));
  for (const char* rule : {"WebFetch", "WebFetch(*)", "WebFetch(domain:*)", "WebFetch(domain:*.example)",
                           "WebFetch(domain:wiki.*.example)", "Bash(domain:wiki.corp.example)"}) {
    EXPECT_FALSE(named(rule, "https://wiki.corp.example/")) << rule;
  }
  rules_ = {};
  deny("WebFetch(domain:localhost)");
  EXPECT_FALSE(is_host_named(rules_, "WebFetch", "http://localhost/"));
}

TEST_F(Decide, InTheModeAutoOnlyWhatARuleWantsAskedIsForThePersonAlone) {
  situation_.mode = Mode::kAuto;
  EXPECT_EQ(read("a.txt"), kAllow);
  EXPECT_EQ(write("w.txt"), kAllow);
  EXPECT_EQ(write(".git/config"), kAsk);
  EXPECT_EQ(write("../outside/w.txt"), kAsk);
  EXPECT_EQ(bash("ls"), kAllow);
  EXPECT_FALSE(bash_verdict("make deploy").only_person);
  EXPECT_EQ(bash("make deploy"), kAsk);
  EXPECT_EQ(bash("rm -rf /"), kAsk);
  EXPECT_EQ(file("Agent", Kind::kNone, ""), kAsk);
  EXPECT_EQ(file("mcp__s__t", Kind::kNone, ""), kAsk);
  ask_for("Bash(git push *)");
  deny("Bash(curl *)");
  EXPECT_TRUE(bash_verdict("git push origin").only_person);
  EXPECT_EQ(bash("curl x"), kDeny);
  EXPECT_TRUE(bash_verdict("cur$(echo l) x").only_person) << "it may be curl";
}

TEST_F(Decide, InTheModeAutoWideAllowRulesRest) {
  situation_.mode = Mode::kAuto;
  for (const char* rule : {"Bash", "Bash(*)", "Bash(python3 *)", "Bash(node:*)", "Bash(npm run *)",
                           "Bash(npm:*)", "Bash(npx *)", "Bash(sh *)", "Agent", "Task(Explore)", "Monitor"})
    EXPECT_TRUE(is_suspended_in_auto(*parse_rule(rule, "", ""), false)) << rule;
  for (const char* rule : {"Bash(npm test)", "Bash(npm run test)", "Bash(git commit *)", "Bash(python3 x.py)",
                           "Read", "WebFetch(domain:a.b)"})
    EXPECT_FALSE(is_suspended_in_auto(*parse_rule(rule, "", ""), false)) << rule;
  EXPECT_TRUE(is_suspended_in_auto(*parse_rule("Bash(npm test)", "", ""), true));
  allow("Bash");
  EXPECT_EQ(bash("touch x"), kAsk);
  allow("Bash(touch *)");
  EXPECT_EQ(bash("touch x"), kAllow);
  situation_.classify_all_shell = true;
  EXPECT_EQ(bash("touch x"), kAsk);
}

}  // namespace
}  // namespace awl::permission
