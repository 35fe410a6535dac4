"""The two corpora of commands: none of the denied ones may run, none of the ordinary ones asks."""
import os
import shutil
import subprocess
import tempfile
import unittest

AWL = os.environ["AWL"]
VECTORS = os.environ["AWL_VECTORS"]
DENY = ["--disallowedTools", "Bash(rm *)", "Bash(curl *)", "Bash(git push *)"]


class CorporaTest(unittest.TestCase):
    def setUp(self):
        self.root = os.path.realpath(tempfile.mkdtemp(prefix="awl-corpora-"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        self.work = os.path.join(self.root, "work")
        for folder in ("src/net", "docs", "tests", "scripts", ".github", ".git"):
            os.makedirs(os.path.join(self.work, folder))
        for name in ("README.md", "Makefile", "package.json", "src/main.cpp", "src/main.h", "docs/api.md"):
            with open(os.path.join(self.work, name), "w", encoding="utf-8"):
                pass

    def check(self, name, *flags):
        done = subprocess.run([AWL, "policy", "test", os.path.join(VECTORS, name), *flags], cwd=self.work,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
                              env={"PATH": "/usr/bin:/bin", "HOME": self.root})
        self.assertEqual(done.returncode, 0, done.stdout[-4000:] + done.stderr)
        return int(done.stdout.split()[-4])

    def test_no_denied_command_runs_although_bash_is_allowed(self):
        self.assertGreaterEqual(self.check("denied.txt", "--allowedTools", "Bash", *DENY), 1000)

    def test_no_denied_command_runs_in_bypass_mode(self):
        # Root may not choose that mode by itself; the rules are the same through the settings' permissions.
        flags = ["--settings", '{"permissions":{"allow":["Bash"]}}', "--permission-mode", "acceptEdits"]
        self.assertGreaterEqual(self.check("denied.txt", *flags, *DENY), 1000)

    def test_no_ordinary_command_asks(self):
        self.assertGreaterEqual(self.check("ordinary.txt"), 500)

    def test_an_expectation_that_does_not_hold_is_told_with_its_line(self):
        path = os.path.join(self.root, "team.txt")
        with open(path, "w", encoding="utf-8") as file:
            file.write("# ours\ndeny Bash(ls)\nallow Bash(ls)\nmaybe Bash(ls)\nallow Bash ls\n")
        done = subprocess.run([AWL, "policy", "test", path], cwd=self.work, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False, env={"HOME": self.root})
        self.assertEqual(done.returncode, 1)
        self.assertIn("team.txt:2: expected deny, got allow", done.stdout)
        self.assertIn('team.txt:4: "maybe"', done.stdout)
        self.assertIn("team.txt:5:", done.stdout)
        self.assertIn("4 expectations, 3 failed", done.stdout)


if __name__ == "__main__":
    unittest.main()
