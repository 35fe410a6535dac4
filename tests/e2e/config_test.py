"""`awl config`: what is written, and what stays as it is."""
import json
import os
import subprocess
import unittest

from support import E2eCase

BEFORE = """{
  // none
}"""
ODD = '{ "model":"opus",\n\t"unknown" : {"b":1,  "a":[1,2 ,3]} ,\n  "permissions": {\n    "allow": ["Bash(ls)"]\n  }\n}\n'


class ConfigTest(E2eCase):
    def setUp(self):
        super().setUp()
        self.file = os.path.join(self.home, ".claude/settings.json")

    def config(self, *words):
        return self.run_awl("config", *words, env=self.env())

    def contents(self):
        with open(self.file, encoding="utf-8") as file:
            return file.read()

    def test_a_new_file_is_private(self):
        self.assertEqual(self.config("set", "model", "sonnet").code, 0)
        self.assertEqual(json.loads(self.contents()), {"model": "sonnet"})
        self.assertEqual(os.stat(self.file).st_mode & 0o777, 0o600)
        self.assertEqual(self.config("get", "model").out, "sonnet\n")

    def test_every_other_byte_stays(self):
        self.write(self.file, ODD)
        self.assertEqual(self.config("set", "model", "haiku").code, 0)
        self.assertEqual(self.contents(), ODD.replace("opus", "haiku"))
        self.assertEqual(self.config("set", "permissions.deny", '["Bash(rm *)"]').code, 0)
        self.assertEqual(json.loads(self.contents())["permissions"], {"allow": ["Bash(ls)"], "deny": ["Bash(rm *)"]})
        self.assertEqual(self.config("unset", "permissions.deny").code, 0)
        self.assertEqual(self.contents(), ODD.replace("opus", "haiku"))

    def test_what_the_setting_cannot_be_is_refused(self):
        self.write(self.file, ODD)
        run = self.config("set", "model", "7")
        self.assertEqual(run.code, 1)
        self.assertIn("must be a string", run.err)
        self.assertEqual(self.contents(), ODD)

    def test_a_broken_file_is_not_touched(self):
        self.write(self.file, BEFORE)
        run = self.config("set", "model", "opus")
        self.assertEqual(run.code, 1)
        self.assertIn("not changed", run.err)
        self.assertEqual(self.contents(), BEFORE)

    def test_in_a_session(self):
        def say(words):
            run = self.run_awl("-p", words, env=self.env("http://127.0.0.1:1"))
            self.assertEqual(run.code, 0, run)
            return run.out
        self.assertIn("effortLevel is low", say("/config effort=low model=haiku"))
        self.assertEqual(json.loads(self.contents()), {"effortLevel": "low", "model": "haiku"})
        self.assertIn('model = "haiku"', say("/config"))
        self.assertIn("must be", say("/config thinking=3"))
        self.assertIn("key=value", say("/config nothing"))
        self.assertIn("thinking", say("/config --help"))
        self.assertEqual(json.loads(self.contents()), {"effortLevel": "low", "model": "haiku"})

    def test_local_settings_are_those_of_the_repository(self):
        root = self.work
        os.makedirs(os.path.join(root, ".git"))
        self.work = self.folder("work/deep/down")
        self.assertEqual(self.config("set", "model", "haiku", "--scope", "local").code, 0)
        with open(os.path.join(root, ".claude/settings.local.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file), {"model": "haiku"})
        self.assertEqual(self.config("get", "model").out, "haiku\n")
        self.write(".claude/settings.local.json", '{"model": "sonnet", "outputStyle": "x"}')
        self.assertEqual(self.config("get", "model").out, "haiku\n")
        self.assertEqual(self.config("get", "outputStyle").out, "x\n")
        # A worktree has those of the main checkout.
        self.work = self.folder("tree")
        os.makedirs(os.path.join(root, ".git/worktrees/tree"))
        self.write(".git", f"gitdir: {root}/.git/worktrees/tree\n")
        self.assertEqual(self.config("get", "model").out, "haiku\n")

    def test_get_follows_the_precedence_and_says_where(self):
        self.write(self.file, '{"model": "opus"}')
        self.write(".claude/settings.local.json", '{"model": "haiku"}')
        run = self.config("get", "model", "--json")
        self.assertEqual(json.loads(run.out), {"value": "haiku",
                                               "file": os.path.join(self.work, ".claude/settings.local.json")})
        self.assertEqual(self.config("get", "effortLevel").code, 1)

    def test_git_does_not_see_the_local_settings_of_a_checkout_or_a_worktree(self):
        def git(*words, at=self.work):
            return subprocess.run(["git", "-C", at, "-c", "user.name=a", "-c", "user.email=a@b.example", *words], check=True, capture_output=True, text=True).stdout
        git("init", "-q")
        git("commit", "-q", "--allow-empty", "-m", "one")
        git("worktree", "add", "-q", "../tree")
        for _ in range(2):
            self.assertEqual(self.config("set", "model", "haiku", "--scope", "local").code, 0)
        self.assertEqual(git("status", "--short", "--untracked-files=all"), "")
        with open(os.path.join(self.work, ".git/info/exclude")) as file:
            self.assertEqual(file.read().count("settings.local.json"), 1)
        tree = os.path.join(os.path.dirname(self.work), "tree")
        os.makedirs(f"{tree}/.claude")
        open(f"{tree}/.claude/settings.local.json", "w").close()
        self.assertEqual(git("status", "--short", "--untracked-files=all", at=tree), "")

    def test_scopes(self):
        self.config("set", "--scope", "local", "model", "haiku")
        self.assertEqual(json.loads(self.read(".claude/settings.local.json")), {"model": "haiku"})
        self.assertEqual(self.config("set", "--scope", "galaxy", "model", "haiku").code, 1)

    def test_list_names_every_file(self):
        self.write(self.file, '{"model": "opus"}')
        self.write(".claude/settings.json", '{"permissions": {"deny": ["Bash(rm *)"]}}')
        run = self.config("list")
        self.assertIn("model = \"opus\"", run.out)
        self.assertIn("(project)", run.out)
        self.assertEqual(len(json.loads(self.config("list", "--json").out)), 2)


if __name__ == "__main__":
    unittest.main()
