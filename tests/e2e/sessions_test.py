"""Sessions on disk: they go on where they ended, whatever happened in between."""
import glob
import json
import os
import re
import signal
import unittest

from support import STREAM, E2eCase, call, steps, text, wait_until


class SessionsTest(E2eCase):
    def setUp(self):
        super().setUp()
        self.folder_of_project = os.path.join(self.home, ".claude/projects", re.sub("[^A-Za-z0-9]", "-", self.work))

    def transcripts(self):
        return sorted(glob.glob(f"{self.folder_of_project}/*.jsonl"), key=os.path.getmtime)

    def records(self, path):
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def say(self, words, *flags, answer="Yes.", **changes):
        """One run with this prompt: (run, its requests)."""
        emulator = self.start_emulator(answer if isinstance(answer, dict) else steps(answer))
        run = self.ask(emulator.url, *flags, prompt=words, **changes)
        return run, emulator.requests()

    def session_of(self, run):
        return run.events("system", "init")[0]["session_id"]

    def test_by_name_and_with_the_model_it_had(self):
        self.say("One.", "--name", "my task", "--model", "claude-sonnet-4-6")
        self.say("Another session.")
        run, requests = self.say("Two.", "--resume", "my task")
        self.assert_success(run, "Yes.")
        self.assertEqual(requests[0]["body"]["model"], "claude-sonnet-4-6")
        self.assertIn("One.", json.dumps(requests[0]["body"]["messages"]))
        self.assertNotIn("Another", json.dumps(requests[0]["body"]["messages"]))
        run, requests = self.say("Three.", "--resume", "my task", "--model", "haiku")
        self.assertIn("haiku", requests[0]["body"]["model"])

    def test_from_another_folder_by_id(self):
        run, _ = self.say("One.")
        self.work = self.folder("elsewhere")
        run, requests = self.say("Two.", "--resume", self.session_of(run))
        self.assert_success(run, "Yes.")
        self.assertIn("One.", json.dumps(requests[0]["body"]["messages"]))

    def test_up_to_a_message(self):
        run, _ = self.say("One.", answer="First.")
        first = [e for e in run.events("assistant")][-1]["uuid"]
        self.say("Two.", "--continue", answer="Second.")
        _, requests = self.say("Three.", "--resume", self.session_of(run), "--resume-session-at", first, "--fork-session")
        sent = json.dumps(requests[0]["body"]["messages"])
        self.assertIn("First.", sent)
        self.assertNotIn("Two.", sent)

    def test_a_tool_that_was_searched_for_is_still_loaded(self):
        self.say("One.", answer=steps([call("ToolSearch", query="select:TaskList")], "Found."), CLAUDE_CODE_ENABLE_TODO_TOOLS="1")
        _, requests = self.say("Two.", "--continue", CLAUDE_CODE_ENABLE_TODO_TOOLS="1")
        self.assertIn("TaskList", [tool["name"] for tool in requests[0]["body"]["tools"]])

    def test_killed_at_any_moment_it_goes_on(self):
        emulator = self.start_emulator(steps([text("I run."), call("Bash", command="touch began; sleep 300")], "Never."))
        started = self.start("-p", "One.", *STREAM, "--allowedTools", "Bash", env=self.env(emulator.url))
        wait_until(lambda: os.path.exists(os.path.join(self.work, "began")), "the command")
        started.process.send_signal(signal.SIGKILL)
        started.end()
        run, requests = self.say("Two.", "--continue")
        self.assert_success(run, "Yes.")
        self.assertIn("had no result", run.err)
        self.assertNotIn("tool_use", json.dumps(requests[0]["body"]["messages"]))

    def test_a_torn_last_record_costs_that_record_alone(self):
        self.say("One.", answer="First.")
        path = self.transcripts()[0]
        with open(path, "rb+") as file:
            whole = file.read()
            file.truncate(len(whole) - 20)
        run, requests = self.say("Two.", "--continue")
        self.assert_success(run, "Yes.")
        self.assertIn("could not be read", run.err)
        self.assertIn("First.", json.dumps(requests[0]["body"]["messages"]))

    def test_two_runs_do_not_write_to_one_session(self):
        run, _ = self.say("One.")
        emulator = self.start_emulator(steps({"content": "Slow.", "delay_ms": 50_000}))
        started = self.start("-p", "Two.", *STREAM, "--continue", env=self.env(emulator.url))
        wait_until(emulator.requests, "the request of the first")
        other, _ = self.say("Three.", "--resume", self.session_of(run))
        self.assert_success(other, "Yes.")
        self.assertIn("--fork-session", other.err)
        started.process.send_signal(signal.SIGTERM)
        started.end()
        self.assertNotIn("Three.", json.dumps(self.records(self.transcripts()[0])))

    def test_an_id_that_is_taken_is_refused(self):
        run, _ = self.say("One.")
        other, requests = self.say("Two.", "--session-id", self.session_of(run))
        self.assertEqual((other.code, requests), (1, []))
        self.assertIn("is taken", other.err)

    def test_what_excludes_each_other_is_said(self):
        for flags in (["--continue", "--resume", "x"], ["--fork-session"], ["--resume"], ["--resume-session-at", "x"],
                      ["--continue", "--session-id", "550e8400-e29b-41d4-a716-446655440000"]):
            run, requests = self.say("One.", *flags)
            self.assertEqual((run.code, requests), (1, []), flags)

    def test_without_a_session_there_is_nothing_to_go_on_with(self):
        run, requests = self.say("One.", "--continue")
        self.assertEqual((run.code, requests), (1, []))
        self.assertIn(self.work, run.err)

    def test_what_is_written_is_private_and_holds_no_key(self):
        run, _ = self.say("One.", answer=steps([call("Bash", command="echo hi")], "Done."))
        self.assert_success(run, "Done.")
        path = self.transcripts()[0]
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        with open(path, encoding="utf-8") as file:
            self.assertNotIn(self.env()["AWS_SECRET_ACCESS_KEY"], file.read())


if __name__ == "__main__":
    unittest.main()
