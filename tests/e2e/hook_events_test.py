"""Hooks that hear of what belongs to no tool: instructions, files, folders, worktrees, notifications, the session's start."""
import json
import os
import subprocess

from control_test import Driver
from support import E2eCase, call, steps, wait_until
from terminal import ENTER
from terminal_test import READY, TerminalCase

LOG = 'import json, sys\nopen("heard", "a").write(sys.stdin.read().strip() + "\\n")\n'


class Listening:
    """For E2eCase: hooks that write down what they hear."""

    def listen(self, *events, **matchers):
        self.write("log.py", LOG)
        hooks = {event: [{"matcher": matchers.get(event, ""), "hooks": [{"type": "command", "command": f"cd {self.work} && python3 log.py"}]}]
                 for event in events}
        return json.dumps({"hooks": hooks})

    def heard(self, event=None):
        path = os.path.join(self.work, "heard")
        if not os.path.exists(path):
            return []
        told = [json.loads(line) for line in self.read(path).splitlines()]
        return [one for one in told if event in (None, one["hook_event_name"])]

    def wait_to_hear(self, event, count=1):
        wait_until(lambda: len(self.heard(event)) >= count, f"{count} of {event}")
        return self.heard(event)


class EventsTest(Listening, E2eCase):
    def run_with(self, scenario, settings, *arguments, **more):
        self.emulator = self.start_emulator(scenario)
        return self.ask(self.emulator.url, "--output-format", "stream-json", "--verbose", "--settings", settings, *arguments, **more)

    def test_instructions_are_told_with_the_reason_why_they_were_loaded(self):
        self.write("CLAUDE.md", "Top. @more.md")
        self.write("more.md", "More.")
        self.write("sub/CLAUDE.md", "Nested.")
        self.write("sub/code.py", "x = 1\n")
        self.write(".claude/rules/py.md", "---\npaths: ['**/*.py']\n---\nOf Python.")
        run = self.run_with(steps([call("Read", file_path=os.path.join(self.work, "sub/code.py"))], "Done."), self.listen("InstructionsLoaded"))
        self.assert_success(run, "Done.")
        loaded = {os.path.relpath(e["file_path"], os.path.realpath(self.work)): e for e in self.heard("InstructionsLoaded")}
        reasons = {name: (event["load_reason"], event["memory_type"]) for name, event in loaded.items()}
        self.assertEqual(reasons, {"CLAUDE.md": ("session_start", "Project"), "more.md": ("include", "Project"),
                                   "sub/CLAUDE.md": ("nested_traversal", "Project"), ".claude/rules/py.md": ("path_glob_match", "Project")})
        self.assertTrue(loaded["more.md"]["parent_file_path"].endswith("CLAUDE.md"))
        self.assertEqual(loaded[".claude/rules/py.md"]["globs"], ["**/*.py"])
        self.assertTrue(loaded["sub/CLAUDE.md"]["trigger_file_path"].endswith("sub/code.py"))

    def test_a_session_may_begin_with_a_message_and_a_name_of_a_hook(self):
        self.write("start.py", 'print(\'{"hookSpecificOutput":{"hookEventName":"SessionStart","initialUserMessage":"first of all","sessionTitle":"morning"}}\')')
        settings = json.dumps({"hooks": {"SessionStart": [{"hooks": [{"type": "command", "command": "python3 start.py"}]}]}})
        rules = {"rules": [{"when": {"last_user_contains": "first of all"}, "step": {"content": "One."}},
                           {"when": {"model_contains": "claude"}, "step": {"content": "Two."}}]}
        run = self.run_with(rules, settings)
        self.assertEqual([r["result"] for r in run.results()], ["One.", "Two."])
        bodies = [json.dumps(request["body"]["messages"]) for request in self.emulator.requests()]
        self.assertIn("first of all", bodies[0])
        self.assertNotIn("Go on.", bodies[0])
        listed = self.run_awl("sessions", "list", env=self.env())
        self.assertIn("morning", listed.out)

    def test_a_worktree_of_a_subagent_is_made_and_removed_by_hooks(self):
        self.write("make.py", 'import json, os, sys\nname = json.load(sys.stdin)["name"]\npath = os.path.realpath("trees/" + name)\n'
                              'os.makedirs(path)\nprint("making it")\nprint(path)\n')
        settings = json.loads(self.listen("WorktreeRemove"))
        settings["hooks"]["WorktreeCreate"] = [{"hooks": [{"type": "command", "command": "python3 make.py"}]}]
        rules = {"rules": [{"when": {"last_user_contains": "WHERE-ARE-YOU"}, "step": {"content": [call("Bash", command="pwd > where")]}},
                           {"when": {"messages_contain": "WHERE-ARE-YOU", "system_contains": "worktree"}, "step": {"content": "I know."}},
                           {"when": {"last_user_contains": "I know."}, "step": {"content": "Done."}},
                           {"when": {"last_user_contains": "Go"}, "step": {"content": [call("Agent", description="d", prompt="WHERE-ARE-YOU", isolation="worktree")]}},
                           {"when": {"model_contains": "claude"}, "step": {"content": "Done."}}]}
        run = self.run_with(rules, json.dumps(settings), "--allowedTools", "Bash")
        self.assert_success(run, "Done.")
        removed, = self.heard("WorktreeRemove")
        trees = os.path.realpath(os.path.join(self.work, "trees"))
        self.assertEqual(os.path.dirname(removed["worktree_path"]), trees)
        self.assertEqual(self.read(os.path.join(removed["worktree_path"], "where")).strip(), removed["worktree_path"])

    def test_a_hook_that_makes_no_worktree_leaves_the_subagent_unstarted(self):
        for command, words in (("true", "it gave no path"), ("echo /nowhere/x", "no folder that can be worked in"), ("exit 3", "it gave no path")):
            settings = {"hooks": {"WorktreeCreate": [{"hooks": [{"type": "command", "command": command}]}]}}
            run = self.run_with(steps([call("Agent", description="d", prompt="p", isolation="worktree")], "Done."), json.dumps(settings),
                                "--no-session-persistence")
            self.assertIn(words, json.dumps(run.tool_results()))


class DrivenTest(Listening, E2eCase):
    def drive(self, scenario, *arguments):
        self.emulator = self.start_emulator(scenario)
        return Driver(self, self.emulator.url, *arguments)

    def test_a_file_that_changes_is_told_whoever_changes_it(self):
        driver = self.drive(steps("One.", "Two."), "--settings", self.listen("FileChanged", FileChanged=".envrc|data.csv"))
        driver.say("go")
        driver.wait(lambda m: m["type"] == "result", "result")
        self.write(".envrc", "A=1")
        self.wait_to_hear("FileChanged")
        self.write("other", "x")
        os.unlink(os.path.join(self.work, ".envrc"))
        events = [(os.path.basename(e["file_path"]), e["event"]) for e in self.wait_to_hear("FileChanged", 2)]
        self.assertEqual(events, [(".envrc", "add"), (".envrc", "unlink")])
        driver.end()

    def test_hooks_may_name_further_files(self):
        self.write("start.py", 'print(\'{"hookSpecificOutput":{"hookEventName":"SessionStart","watchPaths":["late.txt"]}}\')')
        settings = json.loads(self.listen("FileChanged"))
        settings["hooks"]["SessionStart"] = [{"hooks": [{"type": "command", "command": "python3 start.py"}]}]
        driver = self.drive(steps("One."), "--settings", json.dumps(settings))
        driver.say("go")
        driver.wait(lambda m: m["type"] == "result", "result")
        self.write("late.txt", "x")
        self.assertTrue(self.wait_to_hear("FileChanged")[0]["file_path"].endswith("late.txt"))
        driver.end()

    def test_a_part_of_the_project_is_registered_by_the_program(self):
        os.makedirs(os.path.join(self.work, "part"))
        driver = self.drive(steps("One."), "--settings", self.listen("DirectoryAdded"))
        self.assertEqual(driver.request("register_repo_root", directory="part")["subtype"], "success")
        told, = self.wait_to_hear("DirectoryAdded")
        self.assertEqual((told["source"], os.path.basename(told["directory"])), ("register_repo_root", "part"))
        self.assertIn("is no folder below", driver.request("register_repo_root", directory="/usr")["error"])
        driver.end()


class PersonTest(Listening, TerminalCase):
    def test_a_folder_is_added_with_a_command(self):
        more = self.folder("more")
        self.write(os.path.join(more, "a.txt"), "of the other folder")
        terminal = self.open(steps([call("Read", file_path=os.path.join(more, "a.txt"))], "Read."), "--settings", self.listen("DirectoryAdded"))
        terminal.wait_for(READY).press(f"/add-dir {more}" + ENTER).wait_for("is a work folder of this session now")
        self.assertEqual(self.wait_to_hear("DirectoryAdded")[0]["source"], "slash_command")
        terminal.press("go" + ENTER).wait_for("Read.").wait_for(READY)
        terminal.press(f"/add-dir {more}/nowhere" + ENTER).wait_for("is not a folder")
        self.leave(terminal)
