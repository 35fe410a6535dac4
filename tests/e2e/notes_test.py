"""Notes that the model keeps for later sessions of a project."""
import json
import os
import re
import unittest

from support import E2eCase, call, result_text, sent_results, steps


class NotesTest(E2eCase):
    def setUp(self):
        super().setUp()
        self.notes = os.path.join(self.home, ".claude/projects", re.sub("[^A-Za-z0-9]", "-", self.work), "memory")

    def test_it_may_write_and_read_them_and_is_told_the_index_the_next_time(self):
        note, index = f"{self.notes}/user_role.md", f"{self.notes}/MEMORY.md"
        run, requests = self.play(steps([call("Write", file_path=note, content="ROLE"), call("Write", file_path=index, content="- INDEX-LINE\n")],
                                        [call("Read", file_path=note)], "Done."))
        result = self.assert_success(run, "Done.")
        self.assertEqual(result["permission_denials"], [])
        self.assertIn(self.notes, json.dumps(requests[0]["body"]["system"]))
        self.assertIn("ROLE", result_text(sent_results(requests[2])[0]))
        _, requests = self.play(steps("Done."))
        self.assertIn("INDEX-LINE", json.dumps(requests[0]["body"]["messages"]))

    def test_the_worktrees_of_a_repository_share_them(self):
        os.makedirs(f"{self.work}/.git/worktrees/tree")
        self.write(f"{self.notes}/MEMORY.md", "- INDEX-LINE\n")
        root, self.work = self.work, self.folder("tree")
        self.write(".git", f"gitdir: {root}/.git/worktrees/tree\n")
        _, requests = self.play(steps("Done."))
        self.assertIn("INDEX-LINE", json.dumps(requests[0]["body"]["messages"]))

    def test_nothing_else_beside_them_and_no_link_out_of_them(self):
        os.makedirs(self.notes)
        os.symlink(f"{self.home}/outside.txt", f"{self.notes}/link.md")
        run, _ = self.play(steps([call("Write", file_path=f"{self.notes}/../x.md", content="x"),
                                  call("Write", file_path=f"{self.notes}/link.md", content="x"),
                                  call("Write", file_path=f"{self.notes}-2/x.md", content="x")], "Done."))
        self.assertEqual(len(run.results()[0]["permission_denials"]), 3, run)

    def test_a_deny_rule_and_the_mode_plan_hold(self):
        for flags in (("--disallowedTools", "Write"), ("--disallowedTools", f"Edit(/{self.notes}/**)"), ("--permission-mode", "plan")):
            run, _ = self.play(steps([call("Write", file_path=f"{self.notes}/x.md", content="x")], "Done."), *flags)
            self.assertFalse(os.path.exists(f"{self.notes}/x.md"), flags)

    def test_an_index_that_is_too_long_is_said(self):
        run, requests = self.play(steps([call("Write", file_path=f"{self.notes}/MEMORY.md", content="- a line\n" * 201)], "Done."))
        self.assertIn("is not told to later sessions", result_text(sent_results(requests[1])[0]))

    def test_they_can_be_switched_off_or_be_elsewhere(self):
        for env, settings in (({"CLAUDE_CODE_DISABLE_AUTO_MEMORY": "1"}, {}), ({}, {"autoMemoryEnabled": False})):
            _, requests = self.play(steps("Done."), "--settings", json.dumps(settings), **env)
            self.assertNotIn(self.notes, json.dumps(requests[0]["body"]))
        run, requests = self.play(steps([call("Write", file_path=f"{self.home}/mine/x.md", content="x")], "Done."),
                                  "--settings", json.dumps({"autoMemoryDirectory": "~/mine"}))
        self.assertTrue(os.path.exists(f"{self.home}/mine/x.md"), run)

    def test_a_subagent_is_not_told_of_them(self):
        _, requests = self.play({"rules": [{"when": {"messages_contain": "SUBTASK"}, "times": 1, "step": {"content": "Report."}}],
                                 **steps([call("Agent", description="d", prompt="SUBTASK")], "Done.")})
        of_subagent = next(r for r in requests if "SUBTASK" in json.dumps(r["body"]["messages"][0]))
        self.assertNotIn(self.notes, json.dumps(of_subagent["body"]["system"]))


if __name__ == "__main__":
    unittest.main()
