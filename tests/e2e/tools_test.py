"""Which tools are offered, how calls run, and the file tools in whole runs."""
import json
import os
import unittest

from support import STREAM, E2eCase, call, result_text, sent_results, steps, text

NOTEBOOK = {"cells": [{"cell_type": "code", "id": "one", "metadata": {}, "source": ["print(1)\n"], "outputs": [], "execution_count": 1},
                      {"cell_type": "markdown", "id": "two", "metadata": {}, "source": ["# Two"]}],
            "metadata": {"kernelspec": {"name": "python3"}, "other": [1]}, "nbformat": 4, "nbformat_minor": 5}


def offered(requests):
    return [tool["name"] for tool in requests[0]["body"].get("tools", [])]


class OfferTest(E2eCase):
    def tools(self, *arguments, **more):
        """The tools that the session has, and those that are described to the model."""
        run, requests = self.play(steps("Done."), *arguments, **more)
        self.assert_success(run)
        # Clients know Agent by its former name.
        listed = ["Agent" if name == "Task" else name for name in run.events()[0]["tools"]]
        self.assertLessEqual(set(offered(requests)), set(listed))
        return set(listed), set(offered(requests))

    def assert_tools(self, expected, *arguments, **more):
        self.assertEqual(self.tools(*arguments, **more), (expected, expected))

    def test_the_usual_tools_are_there_and_the_rare_ones_wait(self):
        listed, described = self.tools()
        self.assertEqual(described, {"Agent", "Bash", "Read", "Edit", "Write", "ToolSearch"})
        self.assertLessEqual({"NotebookEdit", "TaskOutput", "TaskStop", "WebFetch", "WebSearch"}, listed - described)
        self.assertFalse(listed & {"Grep", "Glob", "TaskCreate", "TodoWrite"})

    def test_without_tool_search_all_are_described(self):
        for more in ({"ENABLE_TOOL_SEARCH": "false"}, {"ENABLE_TOOL_SEARCH": "auto"},
                     {"CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS": "1", "ENABLE_TOOL_SEARCH": "true"}):
            listed, described = self.tools(**more)
            self.assertEqual(listed, described)
            self.assertIn("NotebookEdit", described)
            self.assertNotIn("ToolSearch", described)
        listed, described = self.tools("--disallowedTools", "ToolSearch")
        self.assertEqual(listed, described)

    def test_tools_restricts_what_exists(self):
        self.assert_tools({"Bash", "Read"}, "--tools", "Bash,Read")
        self.assert_tools({"Read", "NotebookEdit"}, "--tools", "Read,NotebookEdit")

    def test_no_tools_at_all_can_be_asked_for(self):
        self.assert_tools(set(), "--tools", "")

    def test_grep_and_glob_are_offered_when_named(self):
        self.assert_tools({"Grep", "Glob", "Read"}, "--tools", "Grep,Glob,Read")
        self.assertLessEqual({"Grep", "Glob", "Bash", "Read"}, self.tools("--allowedTools", "Grep,Glob")[1])

    def test_grep_and_glob_are_offered_when_bash_is_denied(self):
        listed, described = self.tools("--disallowedTools", "Bash")
        self.assertNotIn("Bash", listed)
        self.assertLessEqual({"Read", "Edit", "Write", "Grep", "Glob"}, described)

    def test_the_minimal_mode_has_three_tools(self):
        self.assert_tools({"Bash", "Read", "Edit"}, CLAUDE_CODE_SIMPLE="1")

    def test_a_deny_rule_takes_a_tool_away(self):
        listed, _ = self.tools("--disallowedTools", "NotebookEdit", "KillShell")
        self.assertFalse(listed & {"NotebookEdit", "TaskStop"})
        self.assertEqual(self.tools("--disallowedTools", "*")[0], set())

    def test_the_task_list_depends_on_the_model_and_on_wishes(self):
        tasks = {"TaskCreate", "TaskGet", "TaskUpdate", "TaskList"}
        self.assertLessEqual(tasks, self.tools("--model", "claude-opus-4-7")[1])
        self.assertFalse(tasks & self.tools("--model", "claude-opus-5")[0])
        self.assertLessEqual(tasks, self.tools("--model", "claude-opus-5", "--allowedTools", "TaskCreate")[1])
        self.assert_tools({"TaskGet"}, "--model", "claude-opus-5", "--tools", "TaskGet")
        self.assertLessEqual(tasks, self.tools("--model", "claude-opus-5", CLAUDE_CODE_ENABLE_TODO_TOOLS="1")[1])
        listed, _ = self.tools("--model", "claude-opus-4-7", CLAUDE_CODE_ENABLE_TASKS="0")
        self.assertIn("TodoWrite", listed)
        self.assertFalse(tasks & listed)


class CallTest(E2eCase):
    def results(self, calls, *arguments, then=()):
        run, requests = self.play(steps(calls, *then, "Done."), *arguments)
        self.assert_success(run, "Done.")
        return run, sent_results(requests[1])

    def test_two_reads_run_side_by_side_and_go_back_in_call_order(self):
        for name in ("one", "two"):
            os.mkfifo(os.path.join(self.work, name))
        emulator = self.start_emulator(steps([call("Bash", "toolu_one", command="cat one"),
                                              call("Bash", "toolu_two", command="cat two")], "Done."))
        started = self.start("-p", "Go on.", *STREAM, env=self.env(emulator.url))
        self.write("two", "second")  # waits until the second command reads, while the first has nothing to read
        started.wait_for_output('"tool_use_id":"toolu_two"')
        self.write("one", "first")
        run = started.end()
        self.assert_success(run, "Done.")
        self.assertEqual([b["tool_use_id"] for b in run.tool_results()], ["toolu_two", "toolu_one"])
        sent = sent_results(emulator.requests()[1])
        self.assertEqual([(b["tool_use_id"], result_text(b)) for b in sent], [("toolu_one", "first"), ("toolu_two", "second")])

    def test_writing_calls_run_one_after_the_other_in_order(self):
        _, results = self.results([call("Bash", command="sleep 0.3; echo first >> log"), call("Bash", command="echo second >> log"),
                                   call("Read", file_path="log"), call("Bash", command="echo third >> log")],
                                  "--allowedTools", "Bash")
        self.assertEqual(self.read("log"), "first\nsecond\nthird\n")
        self.assertEqual(result_text(results[2]), "1\tfirst\n2\tsecond\n3\t")

    def test_more_than_ten_reads_at_once_all_come_back(self):
        for n in range(25):
            self.write(f"{n}.txt", f"file-{n}")
        _, results = self.results([call("Read", f"toolu_{n}", file_path=f"{n}.txt") for n in range(25)])
        self.assertEqual([result_text(b) for b in results], [f"1\tfile-{n}" for n in range(25)])

    def test_an_unknown_tool_is_an_error_and_the_run_goes_on(self):
        run, results = self.results([text("I try."), call("Teleport", to="home")])
        self.assertTrue(results[0]["is_error"])
        self.assertIn("<tool_use_error>", result_text(results[0]))
        self.assertIn("Teleport", result_text(results[0]))
        self.assertEqual(run.results()[0]["permission_denials"], [])

    def test_wrong_input_is_an_error_that_names_the_field(self):
        wrong = (("Bash", {"cmd": "ls"}, "command"), ("Read", {}, "file_path"), ("Bash", {"command": "ls", "mood": "good"}, "mood"),
                 ("Read", {"file_path": ["a"]}, "file_path"), ("Bash", {"command": " "}, "command"))
        run, results = self.results([call(name, **given) for name, given, _ in wrong], "--allowedTools", "Bash")
        for result, (_, _, word) in zip(results, wrong):
            self.assertTrue(result["is_error"])
            self.assertIn("<tool_use_error>", result_text(result))
            self.assertIn(word, result_text(result))
        self.assertEqual(run.results()[0]["permission_denials"], [])

    def test_numbers_given_as_text_are_taken(self):
        self.write("a.txt", "1\n2\n3\n4\n")
        _, results = self.results([call("Read", file_path="a.txt", offset="2", limit="2")])
        self.assertEqual(result_text(results[0]), "2\t2\n3\t3")

    def test_grep_and_glob_find_things(self):
        self.write("src/main.cc", "int needle;\n")
        self.write("src/other.cc", "int hay;\n")
        _, results = self.results([call("Grep", pattern="needle"), call("Glob", pattern="**/*.cc")], "--tools", "Grep,Glob")
        self.assertIn("src/main.cc", result_text(results[0]))
        self.assertNotIn("other", result_text(results[0]))
        self.assertIn("src/main.cc", result_text(results[1]))
        self.assertIn("src/other.cc", result_text(results[1]))


class FileToolsTest(E2eCase):
    def play_calls(self, *calls):
        """Each call in a request of its own, edits allowed; the results."""
        run, requests = self.play(steps(*[[c] for c in calls], "Done."), "--permission-mode", "acceptEdits")
        self.assert_success(run, "Done.")
        return [sent_results(r)[0] for r in requests[1:]]

    def test_write_edit_and_read_work_together(self):
        results = self.play_calls(call("Write", file_path="sub/new/a.txt", content="one\ntwo\n"),
                                  call("Edit", file_path=f"{self.work}/sub/new/a.txt", old_string="two", new_string="Grüße"),
                                  call("Read", file_path="sub/new/a.txt"))
        self.assertEqual(self.read("sub/new/a.txt"), "one\nGrüße\n")
        self.assertIn("2\tGrüße", result_text(results[2]))
        self.assertFalse([r for r in results if "is_error" in r])

    def test_an_edit_of_text_that_is_not_there_or_not_unique_changes_nothing(self):
        self.write("a.txt", "same\nsame\n")
        results = self.play_calls(call("Read", file_path="a.txt"), call("Edit", file_path="a.txt", old_string="same", new_string="x"),
                                  call("Edit", file_path="a.txt", old_string="other", new_string="x"))
        self.assertTrue(results[1]["is_error"] and results[2]["is_error"])
        self.assertEqual(self.read("a.txt"), "same\nsame\n")

    def test_a_missing_file_and_a_folder_are_errors(self):
        results = self.play_calls(call("Read", file_path="missing.txt"), call("Read", file_path="."))
        for result in results:
            self.assertTrue(result["is_error"])

    def test_a_notebook_is_read_and_its_cells_replaced_inserted_and_deleted(self):
        path = self.write("n.ipynb", json.dumps(NOTEBOOK, indent=1))
        results = self.play_calls(
            call("Read", file_path=path),
            call("NotebookEdit", notebook_path=path, cell_id="one", new_source="print('Grüße')\nprint(2)"),
            call("NotebookEdit", notebook_path=path, cell_id="one", new_source="Between", cell_type="markdown", edit_mode="insert"),
            call("NotebookEdit", notebook_path=path, cell_id="two", edit_mode="delete", new_source=""),
            call("NotebookEdit", notebook_path=path, cell_id="none", new_source="x"))
        self.assertIn("print(1)", result_text(results[0]))
        self.assertEqual(["is_error" in r for r in results], [False, False, False, False, True])
        book = json.loads(self.read("n.ipynb"))
        self.assertEqual(["".join(c["source"]) for c in book["cells"]], ["print('Grüße')\nprint(2)", "Between"])
        self.assertEqual([c["cell_type"] for c in book["cells"]], ["code", "markdown"])
        self.assertEqual((book["cells"][0]["outputs"], book["cells"][0]["execution_count"]), ([], None))
        self.assertEqual((book["metadata"], book["nbformat_minor"]), (NOTEBOOK["metadata"], 5))


if __name__ == "__main__":
    unittest.main()
