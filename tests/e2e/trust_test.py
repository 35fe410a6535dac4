"""`awl trust`: what a folder starts by itself, and whether that is what the person trusted."""
import json
import os
import pty
import subprocess
import unittest

from support import AWL, E2eCase, call, steps

HOOKS = {"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "true"}]}]}, "permissions": {"allow": ["Bash(touch *)"]}}


class TrustTest(E2eCase):
    def trust(self, *words):
        return self.run_awl("trust", *words, env=self.env())

    def may_touch(self, name):
        run, _ = self.play(steps([call("Bash", command=f"touch {name}")], "Done."))
        self.assert_success(run, "Done.")
        return os.path.exists(os.path.join(self.work, name)), run

    def test_nobody_is_asked_without_a_terminal(self):
        self.write(".claude/settings.json", json.dumps(HOOKS))
        run = self.trust()
        self.assertEqual(run.code, 1)
        self.assertIn("is not trusted", run.out)
        self.assertIn("the hooks of Stop of .claude/settings.json", run.out)
        self.assertFalse(self.may_touch("one")[0])

    def test_trusted_until_what_it_starts_changes(self):
        self.write(".claude/settings.json", json.dumps(HOOKS))
        self.assertEqual(self.trust("--yes").code, 0)
        self.assertTrue(self.may_touch("one")[0])
        self.write(".mcp.json", json.dumps({"mcpServers": {"odd": {"command": "true"}}}))
        touched, run = self.may_touch("two")
        self.assertFalse(touched)
        self.assertIn("awl trust", run.err)
        shown = json.loads(self.trust("--json").out)
        self.assertEqual((shown["trusted"], shown["accepted"]), (False, True))
        self.assertEqual([s["what"] for s in shown["starts"] if s["new"]], ["the MCP server odd of .mcp.json"])
        self.assertIn("new: the MCP server odd", self.trust().out)
        self.assertEqual(self.trust("--yes").code, 0)
        self.assertTrue(self.may_touch("two")[0])
        self.assertEqual(self.trust("--revoke").code, 0)
        self.assertFalse(self.may_touch("three")[0])

    def test_the_answer_on_a_terminal_counts(self):
        for answer, code in ((b"n\n", 1), (b"y\n", 0)):
            outer, inner = pty.openpty()
            process = subprocess.Popen([AWL, "trust"], env=self.env(), cwd=self.work, stdin=inner,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.addCleanup(process.kill)
            os.close(inner)
            os.write(outer, answer)
            process.communicate(timeout=60)
            os.close(outer)
            self.assertEqual(process.returncode, code)

    def test_what_else_is_in_the_file_stays(self):
        file = f"{self.home}/.claude.json"
        self.write(file, '{ "numStartups" : 3,\n "projects": {"/x": {"a": 1}} }\n')
        self.trust("--yes")
        after = json.loads(self.read(file))
        self.assertEqual(after["numStartups"], 3)
        self.assertEqual(after["projects"], {"/x": {"a": 1}, self.work: {"hasTrustDialogAccepted": True}})

    def test_another_folder_and_one_that_is_none(self):
        other = self.folder("other")
        self.assertEqual(self.trust(other, "--yes").code, 0)
        self.assertTrue(json.loads(self.trust(other, "--json").out)["trusted"])
        self.assertFalse(json.loads(self.trust("--json").out)["trusted"])
        self.assertIn("is no folder", self.trust("nowhere").err)


if __name__ == "__main__":
    unittest.main()
