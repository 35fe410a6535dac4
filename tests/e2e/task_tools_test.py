"""The task list, background tasks and tool search in whole runs."""
import json
import os
import unittest

from support import E2eCase, call, result_text, sent_results, steps

OLDER_MODEL = ("--model", "claude-opus-4-7")


class TaskListTest(E2eCase):
    def structured(self, run):
        return [event["tool_use_result"] for event in run.events("user")]

    def test_tasks_are_kept_in_the_sessions_own_list(self):
        run, _ = self.play(steps([call("TaskCreate", subject="One", description="d")],
                                 [call("TaskUpdate", task_id="1", status="completed")], [call("TaskList")], "Done."),
                           *OLDER_MODEL)
        self.assert_success(run, "Done.")
        created, updated, listed = self.structured(run)
        self.assertEqual(created, {"task": {"id": "1", "subject": "One"}})
        self.assertEqual(updated["statusChange"], {"from": "pending", "to": "completed"})
        self.assertEqual(listed["tasks"], [{"id": "1", "subject": "One", "status": "completed", "blockedBy": []}])
        session = run.events()[0]["session_id"]
        with open(os.path.join(self.home, ".claude", "tasks", session, "1.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file)["status"], "completed")

    def test_two_processes_share_a_named_list(self):
        shared = {"CLAUDE_CODE_TASK_LIST_ID": "our/list"}
        emulator = self.start_emulator(steps([call("TaskCreate", subject=f"T{i}", description="d") for i in range(5)], "Done."))
        both = [self.start("-p", "Go on.", "--output-format", "stream-json", "--verbose", *OLDER_MODEL,
                           env=self.env(emulator.url, **shared)) for _ in range(2)]
        for run in both:
            self.assert_success(run.end(), "Done.")
        run, _ = self.play(steps([call("TaskList")], "Done."), *OLDER_MODEL, **shared)
        self.assertEqual([t["id"] for t in self.structured(run)[0]["tasks"]], [str(i) for i in range(1, 11)])
        self.assertEqual(os.listdir(os.path.join(self.home, ".claude", "tasks")), ["our-list"])

    def test_after_ten_other_calls_the_list_is_recalled_inside_a_result(self):
        calls = [[call("Bash", command=f"echo {i}")] for i in range(12)]
        run, requests = self.play(steps([call("TaskCreate", subject="Open work", description="d")], *calls, "Done."),
                                  *OLDER_MODEL, "--allowedTools", "Bash")
        self.assert_success(run, "Done.")
        texts = [result_text(sent_results(request)[0]) for request in requests[1:]]
        recalled = [i for i, words in enumerate(texts) if "task list" in words]
        self.assertEqual(recalled, [10])
        self.assertIn("#1 [pending] Open work", texts[10])
        self.assertTrue(texts[10].startswith("9\n"), texts[10])
        # What was sent once is sent like that again.
        for earlier, later in zip(requests, requests[1:]):
            strip = lambda m: json.dumps(m).replace(', "cache_control": {"type": "ephemeral"}', "")
            self.assertEqual([strip(m) for m in earlier["body"]["messages"]],
                             [strip(m) for m in later["body"]["messages"][:len(earlier["body"]["messages"])]])


class BackgroundTest(E2eCase):
    def play_with_task(self, command, *more_steps):
        """Starts `command` in the background; the id of the task is not known before, so it is found by its error."""
        run, requests = self.play(steps([call("Bash", command=command, run_in_background=True)], *more_steps, "Done."),
                                  "--allowedTools", "Bash")
        return run, [result_text(sent_results(request)[0]) for request in requests[1:] if sent_results(request)]

    def test_an_unknown_id_names_the_tasks_that_run(self):
        run, texts = self.play_with_task("sleep 30", [call("TaskOutput", task_id="nope")], [call("KillShell", shell_id="nope")])
        self.assert_success(run)
        for words in texts[1:]:
            self.assertIn("There is no background task with the id nope", words)
            self.assertIn("(sleep 30)", words)


class ToolSearchTest(E2eCase):
    def test_a_loaded_tool_is_described_from_the_next_request_on(self):
        run, requests = self.play(steps([call("ToolSearch", query="jupyter notebook")],
                                        [call("ToolSearch", query="select:TaskStop,NoSuchTool")], "Done."))
        self.assert_success(run, "Done.")
        names = [[t["name"] for t in request["body"]["tools"]] for request in requests]
        self.assertNotIn("NotebookEdit", names[0])
        self.assertEqual(names[1], names[0] + ["NotebookEdit"])
        self.assertEqual(names[2], names[1] + ["TaskStop"])
        self.assertIn("advanced-tool-use-2025-11-20", requests[0]["headers"]["anthropic-beta"])
        blocks = sent_results(requests[2])[0]["content"]
        self.assertEqual([b["type"] for b in blocks], ["tool_reference", "text"])
        self.assertIn("Not found: NoSuchTool", blocks[1]["text"])
        first = requests[0]["body"]["messages"][0]["content"]
        self.assertIn("NotebookEdit", first[0]["text"])

    def test_a_waiting_tool_can_be_called_at_once(self):
        run, requests = self.play(steps([call("TaskStop", task_id="x"), call("NotebookEdit", wrong=1)], "Done."))
        self.assert_success(run, "Done.")
        stop, edit = (result_text(b) for b in sent_results(requests[1]))
        self.assertIn("no background task", stop)
        self.assertIn("select:NotebookEdit", edit)


class LoopTest(E2eCase):
    def test_a_call_that_is_repeated_in_vain_is_noted_then_not_run(self):
        again = [call("Bash", command="cat missing; echo x >> count")]
        run, requests = self.play(steps(*[again] * 11, [call("Bash", command="echo other")], again, "Done."),
                                  "--allowedTools", "Bash")
        self.assert_success(run, "Done.")
        texts = [result_text(sent_results(request)[0]) for request in requests[1:]]
        self.assertNotIn("in a row", texts[1])
        self.assertIn("3 times in a row", texts[2])
        for i in (8, 9, 10):
            self.assertIn("This was not run", texts[i])
        self.assertNotIn("This was not run", texts[12])
        self.assertEqual(self.read("count"), "x\n" * 9)

    def test_waiting_is_no_loop(self):
        again = [call("Bash", command="sleep 0; echo pending")]
        run, requests = self.play(steps(*[again] * 12, "Done."), "--allowedTools", "Bash")
        self.assert_success(run, "Done.")
        self.assertEqual({result_text(sent_results(request)[0]) for request in requests[1:]}, {"pending"})


if __name__ == "__main__":
    unittest.main()
