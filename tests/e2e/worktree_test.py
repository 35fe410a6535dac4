"""--worktree: a checkout of its own for the session."""
import json
import os
import subprocess

from support import E2eCase, steps


class WorktreeTest(E2eCase):
    def git(self, *words, folder=None):
        ran = subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@t.example", *words],
                             cwd=folder or self.work, check=True, stdout=subprocess.PIPE)
        return ran.stdout.decode().strip()

    def setUp(self):
        super().setUp()
        self.git("init", "-q", "-b", "main")
        for name in ("a/one.txt", "b/two.txt", "top.txt"):
            self.write(name, name)
        self.write(".gitignore", "node_modules\n")
        self.git("add", ".")
        self.git("commit", "-q", "-m", "one")

    def run_in(self, name, *more):
        url = self.start_emulator(steps("Done.")).url
        run = self.ask(url, "--worktree", name, *more)
        return run

    def tree(self, name):
        return os.path.join(self.work, ".claude/worktrees", name)

    def test_a_pull_request_is_checked_out_as_origin_has_it(self):
        origin = self.folder("origin")
        self.git("clone", "-q", "--bare", self.work, origin)
        self.git("remote", "add", "origin", origin)
        self.git("checkout", "-q", "-b", "theirs")
        self.git("commit", "-q", "--allow-empty", "-m", "of the request")
        self.git("push", "-q", "origin", "HEAD:refs/merge-requests/17/head", "HEAD:refs/pull/4/head")
        self.git("checkout", "-q", "main")
        for name, folder in (("#4", "pr-4"), ("https://gitlab.example/g/r/-/merge_requests/17", "pr-17")):
            self.assert_success(self.run_in(name), "Done.")
            self.assertEqual(self.git("log", "-1", "--format=%s", folder=self.tree(folder)), "of the request")
        run = self.run_in("#99")
        self.assertNotEqual(run.code, 0)
        self.assertIn("--worktree: git: ", run.err)
        self.assertIn("#x is no name", self.run_in("#x").err)

    def test_only_some_folders_are_checked_out_and_others_shared(self):
        self.write("node_modules/lib.js", "x")
        self.write(f"{self.home}/.claude/settings.json",
                   json.dumps({"worktree": {"sparsePaths": ["a"], "symlinkDirectories": ["node_modules", "../home"]}}))
        self.assert_success(self.run_in("slim"), "Done.")
        tree = self.tree("slim")
        self.assertEqual(sorted(os.listdir(tree)), [".git", ".gitignore", "a", "node_modules", "top.txt"])
        self.assertEqual(self.read(os.path.join(tree, "node_modules/lib.js")), "x")
        self.assertTrue(os.path.islink(os.path.join(tree, "node_modules")))
