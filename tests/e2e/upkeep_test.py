"""What is kept for how long, what is put back, and what is deleted on demand."""
import json
import os
import re
import time
import unittest

from support import E2eCase, call, steps

MONTH = 31 * 24 * 3600


class UpkeepTest(E2eCase):
    def setUp(self):
        super().setUp()
        self.projects = os.path.join(self.home, ".claude/projects")
        self.project = os.path.join(self.projects, re.sub("[^A-Za-z0-9]", "-", self.work))

    def aged(self, name, seconds=MONTH):
        path = self.write(os.path.join(self.projects, name), "{}\n")
        then = time.time() - seconds
        os.utime(path, (then, then))
        return path

    def test_old_sessions_go_once_a_day(self):
        old, young = self.aged("-other/old.jsonl"), self.aged("-other/young.jsonl", 60)
        run, _ = self.play(steps("Done."))
        self.assert_success(run, "Done.")
        self.assertFalse(os.path.exists(old))
        self.assertTrue(os.path.exists(young))
        old = self.aged("-other/old.jsonl")
        self.play(steps("Done."))
        self.assertTrue(os.path.exists(old), "it looked again on the same day")

    def test_the_period_is_a_setting_and_a_broken_one_deletes_nothing(self):
        old = self.aged("-other/old.jsonl", 3 * 24 * 3600)
        for settings in ('{"cleanupPeriodDays": 0}', '{"cleanupPeriodDays": "1"}', "{broken"):
            self.write(f"{self.home}/.claude/settings.json", settings)
            self.play(steps("Done."))
            self.assertTrue(os.path.exists(old), settings)
        self.write(".claude/settings.json", '{"cleanupPeriodDays": 1}')
        self.write(f"{self.home}/.claude/settings.json", '{"cleanupPeriodDays": 4}')
        self.play(steps("Done."))
        self.assertTrue(os.path.exists(old), "a project that is not trusted shortens the period")
        os.unlink(f"{self.home}/.local/state/awl/last-clean-up")
        self.write(f"{self.home}/.claude/settings.json", '{"cleanupPeriodDays": 2}')
        self.play(steps("Done."))
        self.assertFalse(os.path.exists(old))

    def test_files_are_put_back_as_they_were_before_a_message(self):
        self.write("a.txt", "one\n")
        emulator = self.start_emulator(steps([call("Read", file_path="a.txt")],
                                             [call("Edit", file_path="a.txt", old_string="one", new_string="two"),
                                              call("Write", file_path="new.txt", content="n")], "Done."))
        env = {"CLAUDE_CODE_ENABLE_SDK_FILE_CHECKPOINTING": "1"}
        run = self.ask(emulator.url, "--permission-mode", "acceptEdits", **env)
        self.assert_success(run, "Done.")
        self.assertEqual(self.read("a.txt"), "two\n")
        session = run.events("system", "init")[0]["session_id"]
        with open(os.path.join(self.project, session + ".jsonl"), encoding="utf-8") as file:
            message = next(r["uuid"] for r in map(json.loads, file) if r["type"] == "user")
        run = self.run_awl("--resume", session, "--rewind-files", message, env=self.env())
        self.assertEqual(run.code, 0, run)
        self.assertEqual(self.read("a.txt"), "one\n")
        self.assertFalse(os.path.exists(os.path.join(self.work, "new.txt")))
        run = self.run_awl("--resume", session, "--rewind-files", "00000000-0000-4000-8000-000000000000", env=self.env())
        self.assertEqual(run.code, 1)
        self.assertIn("no state of files is kept", run.err)

    def test_a_project_is_purged(self):
        run, _ = self.play(steps("Done."))
        self.write(f"{self.home}/.claude.json", json.dumps({"kept": 1, "projects": {self.work: {}, "/x": {}}}))
        history = self.write(f"{self.home}/.claude/history.jsonl",
                             json.dumps({"project": self.work}) + "\n" + json.dumps({"project": "/x"}) + "\n")
        self.aged("-x/other.jsonl", 60)
        run = self.run_awl("project", "purge", "--dry-run", env=self.env())
        self.assertEqual(run.code, 0)
        self.assertIn("a transcript", run.out)
        self.assertTrue(os.path.exists(self.project))
        self.assertEqual(self.run_awl("project", "purge", env=self.env()).code, 1)
        self.assertTrue(os.path.exists(self.project))
        run = self.run_awl("project", "purge", "--yes", env=self.env())
        self.assertEqual(run.code, 0, run)
        self.assertFalse(os.path.exists(self.project))
        self.assertEqual(json.loads(self.read(f"{self.home}/.claude.json")), {"kept": 1, "projects": {"/x": {}}})
        self.assertEqual(self.read(history), json.dumps({"project": "/x"}) + "\n")
        run = self.run_awl("project", "purge", "--yes", env=self.env())
        self.assertEqual(run.code, 1)
        self.assertIn("nothing is kept", run.err)
        self.assertEqual(self.run_awl("project", "purge", "--all", "--yes", env=self.env()).code, 0)
        self.assertEqual(os.listdir(self.projects), [])

    def test_the_context_is_shown_without_a_request(self):
        self.write("CLAUDE.md", "Remember this.\n")
        run = self.run_awl("context", env=self.env("http://127.0.0.1:1"))
        self.assertEqual(run.code, 0, run)
        self.assertIn("CLAUDE.md", run.out)
        self.assertFalse(os.path.exists(self.project))

    def test_memory_files_are_listed_and_one_is_asked_for(self):
        self.write("CLAUDE.md", "Remember this.\n")
        run = self.run_awl("-p", "/memory", env=self.env("http://127.0.0.1:1"))
        self.assertEqual(run.code, 0, run)
        self.assertIn(f"{self.work}/CLAUDE.md", run.out)
        self.assertIn("Notes of the model:", run.out)
        emulator = self.start_emulator(steps("Written."))
        run = self.ask(emulator.url, prompt="/init mind the tests")
        self.assert_success(run, "Written.")
        sent = json.dumps(emulator.requests()[0]["body"]["messages"])
        self.assertIn("Write a CLAUDE.md for this repository", sent)
        self.assertIn("The person adds: mind the tests", sent)


if __name__ == "__main__":
    unittest.main()
