"""What a headless run prints, and its exit codes."""
import json
import os
import re
import unittest

from support import AWL, E2eCase, Started, call, steps, text

UUID = "550e8400-e29b-41d4-a716-446655440000"
TWO_TURNS = steps([text("I look."), call("Bash", command="echo looked")], "Final words.")


class OutputTest(E2eCase):
    def run_format(self, scenario, *arguments):
        emulator = self.start_emulator(scenario)
        return self.run_awl("-p", "Go on.", "--allowedTools", "Bash", *arguments, env=self.env(emulator.url))

    def test_text_output_is_the_last_answer_alone(self):
        run = self.run_format(TWO_TURNS)
        self.assertEqual((run.code, run.out, run.err), (0, "Final words.\n", ""))

    def test_json_output_is_one_result_object(self):
        run = self.run_format(TWO_TURNS, "--output-format", "json")
        self.assertEqual(run.code, 0, run)
        self.assertEqual(len(run.out.strip().split("\n")), 1)
        result = json.loads(run.out)
        self.assertEqual((result["type"], result["subtype"], result["is_error"]), ("result", "success", False))
        self.assertEqual((result["result"], result["num_turns"], result["stop_reason"]), ("Final words.", 2, "end_turn"))
        self.assertRegex(result["session_id"], r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
        self.assertGreater(result["total_cost_usd"], 0)
        usage = result["usage"]  # the platform's cache takes most of the input
        self.assertGreater(usage["input_tokens"] + usage["cache_creation_input_tokens"], 0)
        self.assertEqual(result["permission_denials"], [])
        self.assertEqual(len(result["modelUsage"]), 1)
        self.assertLessEqual(0, result["duration_api_ms"])

    def test_json_output_with_verbose_is_an_array_of_all_events(self):
        run = self.run_format(TWO_TURNS, "--output-format", "json", "--verbose")
        self.assertEqual(run.code, 0, run)
        events = json.loads(run.out)
        self.assertEqual([e["type"] for e in events], ["system", "assistant", "assistant", "user", "assistant", "result"])

    def test_stream_json_output_is_one_event_a_line_that_ends_with_the_result(self):
        run, _ = self.play(TWO_TURNS, "--allowedTools", "Bash")
        self.assert_success(run, "Final words.")
        self.assertEqual([e["type"] for e in run.events()], ["system", "assistant", "assistant", "user", "assistant", "result"])
        self.assertTrue(run.out.endswith("}\n"))
        session = run.results()[0]["session_id"]
        self.assertTrue(all(e["session_id"] == session for e in run.events()))
        self.assertEqual(len({e["uuid"] for e in run.events()}), 6)
        first, second = run.events("assistant")[:2]
        self.assertEqual(first["message"]["id"], second["message"]["id"])
        self.assertIsNone(first["parent_tool_use_id"])

    def test_the_init_event_describes_the_session(self):
        run, requests = self.play(steps("Done."), "--permission-mode", "acceptEdits")
        init = run.events()[0]
        self.assertEqual((init["type"], init["subtype"], init["cwd"]), ("system", "init", self.work))
        self.assertEqual(init["permissionMode"], "acceptEdits")
        self.assertEqual(init["model"], requests[0]["body"]["model"])
        self.assertTrue({"Bash", "Read", "Edit", "Write"} <= set(init["tools"]))
        self.assertEqual(init["mcp_servers"], [])
        self.assertEqual(init["apiKeySource"], "none")

    def test_partial_messages_come_before_and_around_the_whole_message(self):
        run, _ = self.play(steps("A text that is longer than one chunk of the stream."), "--include-partial-messages")
        self.assert_success(run)
        kinds = [e["event"]["type"] for e in run.events("stream_event") if e["event"]["type"] != "ping"]
        self.assertEqual(kinds[:3], ["message_start", "content_block_start", "content_block_delta"])
        self.assertEqual(kinds[-1], "message_stop")
        deltas = [e["event"]["delta"]["text"] for e in run.events("stream_event") if e["event"]["type"] == "content_block_delta"]
        self.assertEqual("".join(deltas), run.results()[0]["result"])

    def test_an_error_result_is_printed_in_each_format_with_exit_1(self):
        scenario = steps({"status": 500, "headers": {"x-should-retry": "false"}, "error": {"message": "scripted-bad-thing"}})
        for arguments in ((), ("--output-format", "json"), ("--output-format", "json", "--verbose"),
                          ("--output-format", "stream-json", "--verbose")):
            with self.subTest(arguments=arguments):
                run = self.run_format(scenario, *arguments)
                self.assertEqual(run.code, 1, run)
                self.assertIn("scripted-bad-thing", run.out)
                self.assertEqual(run.out.count('"type":"result"'), 1 if arguments else 0)

    def test_max_turns_ends_the_run_with_its_own_error(self):
        again = [call("Bash", command="echo ran >> ran.txt")]
        for limit in (1, 2):
            with self.subTest(limit=limit):
                self.write("ran.txt", "")
                run, requests = self.play(steps(again, again, again, "Never."), "--allowedTools", "Bash", "--max-turns", str(limit))
                self.assertEqual(run.code, 1, run)
                self.assertEqual(len(run.results()), 1)
                result = run.results()[0]
                self.assertEqual((result["subtype"], result["is_error"]), ("error_max_turns", True))
                self.assertNotIn("result", result)
                self.assertEqual(len(requests), limit)
                self.assertEqual(self.read("ran.txt"), "ran\n" * limit)

    def test_max_turns_that_is_not_reached_changes_nothing(self):
        run, _ = self.play(TWO_TURNS, "--allowedTools", "Bash", "--max-turns", "2")
        self.assert_success(run, "Final words.")

    def test_the_session_id_is_used_everywhere(self):
        run, requests = self.play(steps("Done."), "--session-id", UUID)
        self.assert_success(run)
        self.assertTrue(all(e["session_id"] == UUID for e in run.events()))
        self.assertIn(UUID, requests[0]["body"]["metadata"]["user_id"])
        self.assertEqual(requests[0]["headers"]["x-claude-code-session-id"], UUID)

    def test_line_and_paragraph_separators_do_not_break_a_line_in_two(self):
        words = "one\u2028two\u2029three\x1b[1m"
        run, _ = self.play(steps(words))
        self.assertEqual(run.results()[0]["result"], words)
        # Some programs that read the stream take these two for ends of lines as well.
        self.assertEqual(len(re.split("[\n\u2028\u2029]", run.out.strip())), 3)

    def test_a_reader_that_goes_away_ends_the_run(self):
        emulator = self.start_emulator(steps(*[[text("x" * 20000), call("Bash", command="sleep 0.05")]] * 400, "Never."))
        reader, writer = os.pipe()
        os.close(reader)
        started = self.start("-p", "Go on.", "--allowedTools", "Bash", "--output-format", "stream-json", "--verbose",
                             env=self.env(emulator.url), stdout=writer)
        os.close(writer)
        run = started.end()
        self.assertEqual(run.code, 1, run)
        self.assertLess(len(emulator.requests()), 50)


class UsageTest(E2eCase):
    """Mistakes on the command line: a sentence on stderr, nothing on stdout, nothing sent."""

    def assert_usage_error(self, *arguments, words=(), stdin=b""):
        emulator = self.start_emulator(steps("Never."))
        run = self.run_awl(*arguments, env=self.env(emulator.url), stdin=stdin)
        self.assertEqual(run.code, 1, run)
        self.assertEqual(run.out, "")
        for word in words:
            self.assertIn(word, run.err)
        self.assertGreater(len(run.err.strip()), 10)
        self.assertEqual(emulator.requests(), [])

    def test_an_unknown_flag_is_named(self):
        self.assert_usage_error("-p", "Go on.", "--no-such-flag", words=["--no-such-flag"])

    def test_a_flag_without_its_value_is_named(self):
        self.assert_usage_error("-p", "Go on.", "--model", words=["--model"])

    def test_stream_json_without_verbose_is_refused(self):
        self.assert_usage_error("-p", "Go on.", "--output-format", "stream-json", words=["--verbose"])

    def test_an_unknown_output_format_is_refused(self):
        self.assert_usage_error("-p", "Go on.", "--output-format", "xml", words=["xml"])

    def test_a_session_id_that_is_no_uuid_is_refused(self):
        self.assert_usage_error("-p", "Go on.", "--session-id", "mine", words=["--session-id", "mine"])

    def test_max_turns_of_nothing_or_words_is_refused(self):
        for value in ("0", "-1", "many"):
            with self.subTest(value=value):
                self.assert_usage_error("-p", "Go on.", "--max-turns", value, words=["--max-turns"])

    def test_an_unknown_permission_mode_is_refused(self):
        self.assert_usage_error("-p", "Go on.", "--permission-mode", "yolo", words=["--permission-mode", "yolo"])

    def test_settings_that_are_no_json_are_refused(self):
        self.assert_usage_error("-p", "Go on.", "--settings", '{"env": {', words=["--settings"])

    def test_a_settings_file_that_does_not_exist_is_named(self):
        self.assert_usage_error("-p", "Go on.", "--settings", "no-such-file.json", words=["--settings", "no-such-file.json"])

    def test_a_broken_settings_file_on_the_command_line_is_named_with_its_line(self):
        path = self.write("mine.json", '{\n  "env": {},\n  oops\n}\n')
        self.assert_usage_error("-p", "Go on.", "--settings", path, words=["mine.json", "line 3"])

    def test_an_unknown_settings_source_is_refused(self):
        self.assert_usage_error("-p", "Go on.", "--setting-sources", "user,global", words=["global"])

    def test_no_prompt_at_all_is_refused(self):
        self.assert_usage_error("-p", words=["prompt"])

    def test_a_prompt_of_white_space_is_refused(self):
        self.assert_usage_error("-p", " \n", stdin=b"\n \t\n", words=["prompt"])

    def test_a_malformed_rule_is_refused(self):
        self.assert_usage_error("-p", "Go on.", "--allowedTools", "Bash(ls", words=["--allowedTools"])

    def test_bypass_mode_as_root_is_refused_outside_a_sandbox(self):
        if os.geteuid() != 0:
            self.skipTest("not root")
        self.assert_usage_error("-p", "Go on.", "--dangerously-skip-permissions", words=["root", "IS_SANDBOX"])


class VersionTest(E2eCase):
    def test_the_version_is_one_line_that_begins_with_three_numbers(self):
        for flag in ("--version", "-v"):
            with self.subTest(flag=flag):
                run = self.run_awl(flag, env=self.env())
                self.assertEqual((run.code, run.err), (0, ""))
                self.assertRegex(run.out, re.compile(r"\A\d+\.\d+\.\d+ \(Awl \d+\.\d+\.\d+\)\n\Z"))

    def test_the_version_needs_no_environment_at_all(self):
        run = Started([AWL, "--version"], env={}, cwd=self.work).end()
        self.assertEqual(run.code, 0, run)

    def test_help_lists_the_flags(self):
        run = self.run_awl("--help", env=self.env())
        self.assertEqual((run.code, run.err), (0, ""))
        for flag in ("--output-format", "--allowedTools", "--permission-mode", "status"):
            self.assertIn(flag, run.out)


if __name__ == "__main__":
    unittest.main()
