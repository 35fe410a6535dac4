#include "permission/git_config.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "permission/test_situation.h"

namespace awl::permission {
namespace {

using enum Behavior;

std::string show(std::string_view text) {
  const auto settings = parse_git_config(text);
  if (!settings) return "(refused)";
  std::string shown;
  for (const GitSetting& setting : *settings)
    shown += fmt::format("{}={};", setting.key, setting.value.value_or("(none)"));
  return shown;
}

TEST(GitConfigParser, ReadsWhatGitReads) {
  EXPECT_EQ(show("[core]\n\tbare = false\n\tX\n[remote \"Ori gin\"]\nURL = a b  # c\n"),
            "core.bare=false;core.x=(none);remote.Ori gin.url=a b;");
  EXPECT_EQ(show("[core] fsmonitor = ./x"), "core.fsmonitor=./x;");
  EXPECT_EQ(show("[a][b.C] k=\"x # y\" ; z\r\n"), "b.c.k=x # y;");
  EXPECT_EQ(show("[a]\nk = x \\\n y\nl = \"a\\\"b\\\\\"\n"), "a.k=x  y;a.l=a\"b\\;");
  // A comment does not go on in the next line.
  EXPECT_EQ(show("[a]\n# x \\\nk = 1 ; y \\\nl = 2\n"), "a.k=1;a.l=2;");
  EXPECT_EQ(show("\xEF\xBB\xBF[a \"b\\]\\\"\"]\nk="), "a.b]\".k=;");
  for (const char* refused :
       {"[a", "[a \"b]\nk=1", "[a]\n1=2", "[a]\nk \"x\"", "[a]\nk = \"x\n", "[a]\nk = \\z"})
    EXPECT_EQ(show(refused), "(refused)") << refused;
  EXPECT_EQ(show(std::string_view("[a]\nk=1\0", 8)), "(refused)");
}

class GitConfig : public SituationTest {
 protected:
  GitConfig() { put("work/.git/HEAD", "ref: refs/heads/feature/x\n"); }
  void put(const std::string& name, std::string_view text) {
    (void)os::make_directories((root_ / name).parent_path());
    EXPECT_TRUE(os::write_file_atomic(root_ / name, text));
  }
  std::string found(std::string_view config) {
    put("work/.git/config", config);
    return find();
  }
  std::string find() { return find_program_key(situation_.cwd).value_or(""); }
};

TEST_F(GitConfig, AnOrdinaryRepositoryRunsNothing) {
  EXPECT_EQ(found("[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n"
                  "\thooksPath = .husky\n\tfsmonitor = true\n\tautocrlf = input\n"
                  "[remote \"origin\"]\n\turl = git@example.com:a/b.git\n\tfetch = +refs/heads/*:refs/x/*\n"
                  "[branch \"main\"]\n\tremote = origin\n\tmerge = refs/heads/main\n"
                  "[user]\n\tname = A\n\temail = a@b\n\tsigningkey = x\n[commit]\n\tgpgsign = true\n"
                  "[protocol]\n\tversion = 2\n[pager]\n\tlog = false\n[credential]\n\thelper = store\n"
                  "[filter \"lfs\"]\n\tclean = git-lfs clean -- %f\n\tsmudge = git-lfs smudge -- %f\n"
                  "\tprocess = git-lfs filter-process\n\trequired = true\n"
                  "[lfs]\n\trepositoryformatversion = 0\n[diff]\n\trenames = copies\n"),
            "");
  for (const char* command : {"git status", "git diff", "git log -5", "git show", "git branch -a"})
    EXPECT_EQ(bash(command), kAllow) << command;
  EXPECT_EQ(read_git_branch(situation_.cwd / "src"), "feature/x");
}

TEST_F(GitConfig, KeysThatRunPrograms) {
  for (const char* key : {"core.fsmonitor=./x",
                          "core.pager=./x",
                          "pager.log=./x",
                          "core.sshCommand=./x",
                          "core.editor=./x",
                          "core.alternateRefsCommand=./x",
                          "core.askPass=./x",
                          "diff.external=./x",
                          "diff.d.command=./x",
                          "diff.d.textconv=./x",
                          "filter.evil.clean=./x",
                          "filter.evil.process=./x",
                          "filter.lfs.clean=git-lfs clean -- %f; ./x",
                          "gpg.program=./x",
                          "gpg.ssh.program=./x",
                          "log.showSignature=true",
                          "merge.d.driver=./x",
                          "remote.o.uploadpack=./x",
                          "credential.helper=!./x",
                          "credential.u.helper=/x",
                          "alias.whatchanged=!./x",
                          "include.path=../x",
                          "includeIf.c.path=../x",
                          "protocol.ext.allow=always",
                          "lfs.extension.x.clean=./x",
                          "lfs.customtransfer.x.path=./x",
                          "man.x.cmd=./x",
                          "core.worktree=../../outside",
                          "hook.x.command=./x",
                          "diff.submodule=diff",
                          "status.submoduleSummary=true"}) {
    const std::string_view text = key;
    const size_t equals = text.find('='), first = text.find('.'), last = text.substr(0, equals).rfind('.');
    std::string config = fmt::format("[{}", text.substr(0, first));
    if (last > first) config += fmt::format(" \"{}\"", text.substr(first + 1, last - first - 1));
    config +=
        fmt::format("]\n{} = \"{}\"\n", text.substr(last + 1, equals - last - 1), text.substr(equals + 1));
    EXPECT_NE(found(config), "") << config;
    EXPECT_EQ(bash("git status"), kAsk) << config;
    EXPECT_EQ(bash("git version"), kAllow);
    EXPECT_EQ(bash("ls"), kAllow);
  }
  EXPECT_NE(found("[core"), "");
  allow("Bash(git status)");
  EXPECT_EQ(bash("git status"), kAllow);
}

TEST_F(GitConfig, EveryPlaceThatGitReads) {
  // A parent's repository, seen from a folder in it.
  put("work/.git/config", "[core]\nfsmonitor=./x\n");
  situation_.cwd = root_ / "work/src";
  EXPECT_EQ(find(), "core.fsmonitor");
  put("work/.git/config", "");
  EXPECT_EQ(find(), "");
  put("work/.git/config.worktree", "[core]\nfsmonitor=./x\n");
  EXPECT_EQ(find(), "core.fsmonitor");
  put("work/.git/config.worktree", "");
  put("work/.git/hooks/post-index-change", "x");
  EXPECT_EQ(find(), "hooks/post-index-change");
  std::filesystem::remove(root_ / "work/.git/hooks/post-index-change");
  put("work/.git/config", "[core]\nhooksPath=.husky\n");
  put("work/.husky/post-index-change", "x");
  EXPECT_EQ(find(), "hooks/post-index-change");
  put("work/.git/config", "");
  // A further work tree.
  put("extra/.git", "gitdir: ../outside/w\n");
  put("outside/w/commondir", "../common\n");
  put("outside/w/HEAD", "ref: refs/heads/other\n");
  put("outside/common/config", "[gpg]\nprogram=./x\n");
  EXPECT_EQ(find_program_key(root_ / "extra"), "gpg.program");
  EXPECT_EQ(read_git_branch(root_ / "extra"), "other");
  // A bare repository without a name of its own.
  for (const char* file : {"work/src/HEAD", "work/src/objects/x", "work/src/refs/x"}) put(file, "x");
  put("work/src/config", "[core]\nfsmonitor=./x\n");
  EXPECT_EQ(find(), "core.fsmonitor");
}

TEST_F(GitConfig, FilesThatAreNone) {
  ASSERT_EQ(::mkfifo((root_ / "work/.git/config").c_str(), 0600), 0);
  EXPECT_EQ(find(), "a file config that cannot be read");
  // git does not take the space away.
  put("extra/.git", "gitdir: ../outside/w \n");
  put("outside/w/config", "");
  put("outside/w /config", "[gpg]\nprogram=./x\n");
  EXPECT_EQ(find_program_key(root_ / "extra"), "gpg.program");
}

TEST_F(GitConfig, Submodules) {
  const auto entry = [](std::string_view mode, std::string_view name) {
    std::string text(24, '\0');
    text += mode;
    text += std::string(12 + 20, '\0') + '\0' + static_cast<char>(name.size());
    text += name;
    return text + std::string(8 - text.size() % 8, '\0');
  };
  const std::string index = std::string("DIRC\0\0\0\2\0\0\0\2", 12) + entry({"\0\0\x81\xA4", 4}, "a.txt") +
                            entry({"\0\0\xE0\0", 4}, "lib");
  put("work/.git/index", index);
  put("work/.git/config", "");
  put("work/lib/.git", "gitdir: ../.git/modules/lib\n");
  put("work/.git/modules/lib/config", "[core]\nworktree = ../../../lib\n");
  EXPECT_EQ(find(), "");
  put("work/.git/modules/lib/config", "[core]\nworktree = ../../../lib\nfsmonitor = ./x\n");
  EXPECT_EQ(find(), "lib: core.fsmonitor");
  put("work/.git/index", index.substr(0, index.size() - 20));
  EXPECT_EQ(find(), "submodules that are not known");
}

}  // namespace
}  // namespace awl::permission
