"""The Bash tool in whole runs."""
import os
import re
import subprocess
import unittest

from support import STREAM, E2eCase, call, is_alive, result_text, sent_results, steps, text, wait_until

ALLOWED = ("--allowedTools", "Bash")


class BashTest(E2eCase):
    def run_commands(self, *commands, **env):
        """Each command in a request of its own; the results as the last request carries them."""
        calls = [[call("Bash", **c) if isinstance(c, dict) else call("Bash", command=c)] for c in commands]
        run, requests = self.play(steps(*calls, "Done."), *ALLOWED, **env)
        self.assert_success(run, "Done.")
        self.assertEqual(len(requests), len(commands) + 1)
        return run, [sent_results(r)[0] for r in requests[1:]]

    def test_the_folder_carries_over_and_variables_do_not(self):
        os.makedirs(os.path.join(self.work, "sub/deep"))
        _, results = self.run_commands("cd sub && X=1", "cd deep; echo x > here", "pwd; echo \"[$X]\"")
        self.assertEqual(result_text(results[2]), f"{self.work}/sub/deep\n[]")
        self.assertTrue(os.path.exists(os.path.join(self.work, "sub/deep/here")))

    def test_the_folder_does_not_leave_the_project(self):
        _, results = self.run_commands("cd /", "pwd")
        self.assertIn(self.work, result_text(results[0]))
        self.assertEqual(result_text(results[1]), self.work)

    def test_a_failing_command_gives_its_exit_code_and_both_outputs(self):
        run, results = self.run_commands("echo to-out; echo to-err >&2; exit 3")
        self.assertTrue(results[0]["is_error"])
        self.assertTrue(result_text(results[0]).startswith("Exit code 3"))
        self.assertIn("to-out\nto-err", result_text(results[0]))
        self.assertIsInstance(run.events("user")[0]["tool_use_result"], str)

    def test_a_silent_command_and_a_grep_without_a_match_are_no_errors(self):
        _, results = self.run_commands("true", "grep nothing /dev/null", "cat; echo rc=$?")
        for result in results:
            self.assertNotIn("is_error", result)
            self.assertTrue(result_text(result))
        self.assertEqual(result_text(results[2]), "rc=0")

    def test_bytes_that_are_not_utf_8_do_not_break_the_run(self):
        _, results = self.run_commands(r"printf 'left\377\000right'")
        self.assertRegex(result_text(results[0]), r"^left.{1,2}right$")

    def test_the_stream_carries_the_structured_result(self):
        run, _ = self.run_commands("echo out; echo err >&2")
        result = run.events("user")[0]["tool_use_result"]
        self.assertEqual((result["stdout"], result["interrupted"]), ("out\nerr", False))

    def test_a_sleep_past_its_limit_is_stopped(self):
        run, results = self.run_commands({"command": "sleep 300; echo late > late.txt", "timeout": 200})
        self.assertTrue(results[0]["is_error"])
        self.assertIn("0.2s", result_text(results[0]))
        self.assertFalse(os.path.exists(os.path.join(self.work, "late.txt")))
        self.assertLess(run.seconds, 30)

    def test_the_time_limit_of_the_environment_counts(self):
        _, results = self.run_commands("sleep 300", BASH_DEFAULT_TIMEOUT_MS="200")
        self.assertTrue(results[0]["is_error"])

    def test_another_command_past_its_limit_goes_on_in_the_background(self):
        run, results = self.run_commands({"command": "until [ -e go ]; do sleep 0.02; done; echo late > late.txt", "timeout": 200},
                                         "touch go; until [ -e late.txt ]; do sleep 0.02; done")
        self.assertNotIn("is_error", results[0])
        self.assertIn(run.events("user")[0]["tool_use_result"]["backgroundTaskId"], result_text(results[0]))
        self.assertEqual(self.read("late.txt"), "late\n")

    def test_long_output_becomes_a_beginning_and_a_file_that_holds_all(self):
        _, results = self.run_commands("seq 1 20000")
        shown = result_text(results[0])
        self.assertLess(len(shown), 31000)
        self.assertIn("1\n2\n3\n", shown)
        path = re.search(r"/\S+/tool-results/[\w.-]+\w", shown).group()
        self.assertTrue(path.startswith(self.home))
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read().split(), [str(n) for n in range(1, 20001)])
        self.assertEqual(os.stat(path).st_mode & 0o077, 0)

    def test_output_of_24000_characters_passes_whole(self):
        _, results = self.run_commands("head -c 24000 /dev/zero | tr '\\0' x")
        self.assertEqual(result_text(results[0]), "x" * 24000)

    def test_thirty_megabytes_of_output_do_not_fill_the_request(self):
        run, results = self.run_commands("head -c 30000000 /dev/zero | tr '\\0' x")
        self.assertLess(len(result_text(results[0])), 31000)
        self.assertLess(len(run.out), 200_000)


class BackgroundTest(E2eCase):
    def scenario(self, *first_contents):
        notified = {"when": {"last_user_contains": "<task-notification>"}, "step": {"content": "I heard of it."}}
        return {"rules": [notified], "steps": steps(*first_contents)["steps"]}

    def test_a_background_command_returns_at_once_and_is_announced(self):
        command = "until [ -e go ]; do sleep 0.02; done"
        run, requests = self.play(self.scenario([call("Bash", command=command, run_in_background=True, description="Waits")],
                                                [call("Bash", command="touch go")], "Done."), *ALLOWED)
        self.assertEqual(run.code, 0, run)
        task = run.events("user")[0]["tool_use_result"]["backgroundTaskId"]
        self.assertIn(task, result_text(sent_results(requests[1])[0]))
        started = run.events("system", "task_started")[0]
        self.assertEqual((started["task_id"], started["task_type"], started["description"]), (task, "local_bash", "Waits"))

    def test_a_command_that_ends_after_the_answer_starts_another_turn(self):
        command = "until [ -e go ]; do sleep 0.02; done; echo bg-line"
        emulator = self.start_emulator(self.scenario([call("Bash", command=command, run_in_background=True)], "Started."))
        started = self.start("-p", "Go on.", *STREAM, *ALLOWED, env=self.env(emulator.url))
        started.wait_for_output('"result":"Started."')
        self.write("go", "")
        run = started.end()
        self.assertEqual(run.code, 0, run)
        self.assertEqual([r["result"] for r in run.results()], ["Started.", "I heard of it."])
        self.assertNotIn("origin", run.results()[0])
        self.assertEqual(run.results()[1]["origin"], {"kind": "task-notification"})
        self.assertEqual(len(run.events("system", "init")), 2)
        self.assertEqual([e["status"] for e in run.events("system", "task_notification")], ["completed"])
        told = emulator.requests()[-1]["body"]["messages"][-1]["content"][-1]["text"]
        path = re.search(r"<output-file>(.*)</output-file>", told).group(1)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), "bg-line\n")
        self.assertEqual([r["status"] for r in emulator.requests()], [200] * 3)

    def test_a_command_that_ends_while_the_input_is_open_starts_another_turn(self):
        command = "until [ -e go ]; do sleep 0.02; done"
        emulator = self.start_emulator(self.scenario([call("Bash", command=command, run_in_background=True)], "Started."))
        started = self.start("-p", "--input-format", "stream-json", *STREAM, *ALLOWED, env=self.env(emulator.url), stdin=subprocess.PIPE)
        started.process.stdin.write(b'{"type":"user","message":{"role":"user","content":"Go on."}}\n')
        started.process.stdin.flush()
        started.wait_for_output('"result":"Started."')
        self.write("go", "")
        started.wait_for_output('"result":"I heard of it."')
        started.process.stdin.close()
        run = started.end()
        self.assertEqual(run.code, 0, run)
        self.assertEqual([r.get("origin") for r in run.results()], [None, {"kind": "task-notification"}])
        self.assertEqual(len(run.events("system", "init")), 2)

    def test_text_output_gives_the_answer_to_the_notification_as_the_last_one(self):
        command = "until [ -e go ]; do sleep 0.02; done"
        emulator = self.start_emulator(self.scenario([call("Bash", command=command, run_in_background=True)], "Started."))
        started = self.start("-p", "Go on.", *ALLOWED, env=self.env(emulator.url))
        wait_until(lambda: len(emulator.requests()) == 2, "the second request")
        self.write("go", "")
        self.assertEqual(started.end().out, "I heard of it.\n")

    def test_the_model_hears_once_of_a_command_that_ends_during_the_turn(self):
        run, _ = self.play(self.scenario([call("Bash", command="echo $$ > pid; echo bg-line", run_in_background=True)],
                                         [call("Bash", command="until [ -s pid ] && ! kill -0 $(cat pid); do sleep 0.02; done")],
                                         "Done."), *ALLOWED)
        self.assertEqual(run.code, 0, run)
        last = self.emulators[0].requests()[-1]["body"]["messages"]
        told = [b for m in last if m["role"] == "user" for b in m["content"] if "<task-notification>" in b.get("text", "")]
        self.assertEqual(len(told), 1)

    def test_a_command_that_still_runs_at_the_end_is_killed_soon(self):
        emulator = self.start_emulator(steps([text("I start."), call("Bash", command="echo $$ > pid; exec sleep 300", run_in_background=True)],
                                             [call("Bash", command="until [ -s pid ]; do sleep 0.02; done")], "Started."))
        run = self.ask(emulator.url, *ALLOWED)
        self.assert_success(run, "Started.")
        self.assertFalse(is_alive(int(self.read("pid"))))
        self.assertLess(run.seconds, 25)  # about five seconds; machines are slow


if __name__ == "__main__":
    unittest.main()
