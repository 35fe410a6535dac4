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

    def test_with_the_mode_and_the_agent_that_it_had(self):
        self.write(".claude/agents/poet.md", "---\nname: poet\ndescription: Rhymes.\n---\nYOU-RHYME\n")
        mode = lambda run: run.events("system", "init")[0]["permissionMode"]
        self.say("One.", "--permission-mode", "acceptEdits", "--agent", "poet")
        run, requests = self.say("Two.", "--continue")
        self.assertEqual(mode(run), "acceptEdits")
        self.assertIn("YOU-RHYME", json.dumps(requests[0]["body"]["system"]))
        run, _ = self.say("Three.", "--continue", "--permission-mode", "default")
        self.assertEqual(mode(run), "default")
        os.unlink(os.path.join(self.work, ".claude/agents/poet.md"))
        run, requests = self.say("Four.", "--continue")
        self.assertEqual(mode(run), "default")
        self.assertIn("poet", run.err)
        self.assertNotIn("YOU-RHYME", json.dumps(requests[0]["body"]["system"]))
        for chosen in ("plan", "bypassPermissions"):
            self.say("Five.", "--continue", "--permission-mode", chosen, IS_SANDBOX="1")
            run, _ = self.say("Six.", "--continue")
            self.assertEqual(mode(run), "default", chosen)

    def test_a_turn_that_did_not_end_goes_on_by_itself(self):
        going = {"CLAUDE_CODE_RESUME_INTERRUPTED_TURN": "1"}
        self.say("One.", answer=steps([call("Bash", command="echo made")], {"status": 402, "error": {"type": "billing_error", "message": "no"}}))
        path = self.transcripts()[-1]
        with open(path, "rb") as file:
            before = file.read()

        def resume(*flags, **env):
            with open(path, "wb") as file:
                file.write(before)
            return self.say("", "--continue", *flags, **env)

        refused, requests = resume()
        self.assertEqual((refused.code, requests), (1, []), "nothing was asked for")
        self.assertEqual(resume(**going, CLAUDE_CODE_RESUME_INTERRUPTED_TURN_MAX_AGE_MS="1")[1], [], "too old")
        _, requests = resume(**going, CLAUDE_CODE_RESUME_INTERRUPTED_TURN_MAX_AGE_MS="soon", CLAUDE_CODE_RESUME_PROMPT="MY-WORDS")
        self.assertIn("MY-WORDS", json.dumps(requests[0]["body"]["messages"]))
        _, requests = resume("--input-format", "stream-json", **going)
        self.assertIn("where you left off", json.dumps(requests[0]["body"]["messages"]))
        run, requests = resume(**going)
        self.assert_success(run, "Yes.")
        self.assertIn("echo made", json.dumps(requests[0]["body"]["messages"]))
        refused, requests = self.say("", "--continue", **going)
        self.assertEqual((refused.code, requests), (1, []), "it is done")

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

    def sessions(self, *words):
        return self.run_awl("sessions", *words, env=self.env())

    def test_they_are_listed_named_tagged_found_and_exported(self):
        run, _ = self.say("Where is the parser?", answer=steps([call("Bash", command="echo in src")], "In src/parser."))
        other, _ = self.say("Something else.")
        first, second = self.session_of(run), self.session_of(other)
        listed = json.loads(self.sessions("list", "--json").out)
        self.assertEqual([s["id"] for s in listed], [second, first])
        self.assertEqual(listed[1]["first_prompt"], "Where is the parser?")
        self.assertEqual(self.sessions("rename", first, "the", "parser").code, 0)
        self.assertEqual(self.sessions("tag", "the parser", "work").code, 0)
        listed = {s["id"]: s for s in json.loads(self.sessions("list", "--json").out)}
        self.assertEqual((listed[first]["title"], listed[first]["tag"]), ("the parser", "work"))
        self.assertIn("[work] the parser", self.sessions("list").out)
        found = json.loads(self.sessions("search", "--json", "SRC/parser").out)
        self.assertEqual([s["id"] for s in found], [first])
        text = self.sessions("export", "the parser").out
        for words in ("# the parser", "## You", "Where is the parser?", "**Bash**", "in src", "In src/parser."):
            self.assertIn(words, text)
        self.assertNotIn("system-reminder", text)
        # A record more does not change the conversation.
        _, requests = self.say("And now?", "--resume", "the parser")
        self.assertIn("In src/parser.", json.dumps(requests[0]["body"]["messages"]))

    def test_one_that_is_deleted_is_gone_with_what_lay_beside_it(self):
        run, _ = self.say("One.", answer=steps([call("Bash", command="seq 1 20000")], "Done."))
        beside = os.path.join(self.folder_of_project, self.session_of(run))
        self.assertTrue(os.path.isdir(beside))
        self.assertEqual(self.sessions("delete", self.session_of(run)).code, 0)
        self.assertFalse(os.path.exists(beside))
        self.assertEqual(self.transcripts(), [])
        self.assertEqual(self.sessions("delete", self.session_of(run)).code, 1)

    def test_one_that_is_in_use_is_not_deleted(self):
        emulator = self.start_emulator(steps({"content": "Slow.", "delay_ms": 50_000}))
        started = self.start("-p", "Two.", *STREAM, env=self.env(emulator.url))
        wait_until(emulator.requests, "the request")
        [path] = self.transcripts()
        refused = self.sessions("delete", os.path.basename(path)[:-6])
        self.assertEqual(refused.code, 1, refused)
        self.assertTrue(os.path.exists(path))
        started.process.send_signal(signal.SIGTERM)
        started.end()

    def test_export_overwrites_nothing(self):
        run, _ = self.say("One.")
        self.write("there.md", "mine")
        self.assertEqual(self.sessions("export", self.session_of(run), "there.md").code, 1)
        self.assertEqual(self.read("there.md"), "mine")
        self.assertEqual(self.sessions("export", self.session_of(run), "new.md").code, 0)
        self.assertIn("One.", self.read("new.md"))

    def test_a_trace_names_every_call(self):
        run, requests = self.play(steps([call("Bash", command="true")], "Done."), "--allowedTools", "Bash")
        session = run.results()[0]["session_id"]
        traced = self.run_awl("sessions", "trace", session, "--json", env=self.env())
        self.assertEqual(traced.code, 0, traced)
        turn, = json.loads(traced.out)
        self.assertEqual((turn["prompt"], turn["tools"]), ("Go on.", ["Bash"]))
        self.assertEqual(len(turn["calls"]), 2)
        for made in turn["calls"]:
            self.assertTrue(made["request_id"], made)
            self.assertTrue(made["aws_request_id"], made)
            self.assertIn("SigV4", made["principal"])
            self.assertEqual(made["workspace"], "wrkspc_01E2E0TESTS0WORKSPACE")
        self.assertAlmostEqual(turn["cost_usd"], run.results()[0]["total_cost_usd"], places=4)
        shown = self.run_awl("sessions", "trace", session, env=self.env())
        self.assertIn(turn["calls"][0]["request_id"], shown.out)
        self.assert_no_secrets(shown)
        self.assertIn("Error: ", self.run_awl("sessions", "trace", env=self.env()).err)


if __name__ == "__main__":
    unittest.main()
