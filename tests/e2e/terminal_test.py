"""The interactive terminal, as a person meets it: keys in, what is shown out."""
import json
import os
import signal
import subprocess
import unittest

from support import E2eCase, call, is_alive, steps, wait_until
from terminal import (BACK_TAB, CONTROL_C, CONTROL_D, DOWN, ENTER, ESCAPE, UP, Terminal)

READY = "/help"  # the end of the footer


def rules(*pairs):
    """An answer for each text that the last message holds; "Done." to everything else."""
    return {"rules": [{"when": {"last_user_contains": words}, "step": {"content": content}} for words, content in pairs]
            + [{"when": {"model_contains": "claude"}, "step": {"content": "Done."}}]}


class TerminalCase(E2eCase):
    def trust(self):
        self.assertEqual(self.run_awl("trust", "--yes", env=self.env()).code, 0)

    def open(self, scenario, *arguments, trusted=True, **more):
        if trusted:
            self.trust()
        self.emulator = self.start_emulator(scenario)
        return self.reopen(*arguments, **more)

    def reopen(self, *arguments, **more):
        terminal = Terminal(arguments, self.env(self.emulator.url, **more), self.work)
        self.addCleanup(terminal.close)
        return terminal

    def leave(self, terminal):
        terminal.press(CONTROL_D + CONTROL_D)
        self.assertEqual(terminal.wait(), 0)
        self.assertTrue(terminal.is_as_before(), "the terminal is not as it was")

    def last_body(self):
        return self.emulator.requests()[-1]["body"]


class Talking(TerminalCase):
    def test_a_question_is_answered_and_the_session_can_go_on(self):
        terminal = self.open(rules(("first", "# Answer\n\nwith **bold** words")))
        terminal.wait_for("Claude Platform on AWS · wrkspc_01E2E0TESTS0WORKSPACE · us-east-1").wait_for(READY)
        terminal.press("the first" + ENTER).wait_for("❯ the first").wait_for("● Answer").wait_for("with bold words")
        self.leave(terminal)
        self.assertIn("goes on with this session", terminal.shown)
        again = self.reopen("--continue").wait_for("❯ the first").wait_for("with bold words").wait_for(READY)
        again.press("second" + ENTER).wait_for("Done.")
        self.leave(again)
        self.assertEqual([m["role"] for m in self.last_body()["messages"]], ["user", "assistant", "user"])

    def test_a_prompt_on_the_command_line_is_asked_at_once(self):
        terminal = self.open(rules(), "say it").wait_for("❯ say it").wait_for("Done.")
        self.leave(terminal)

    def test_several_lines_and_a_long_paste_go_out_as_they_are(self):
        terminal = self.open(rules()).wait_for(READY)
        paste = "".join(f"line {i}\n" for i in range(9))
        terminal.press("one\\" + ENTER + "two\n\x1b[200~" + paste + "\x1b[201~").wait_for("[Pasted text #1 +9 lines]")
        terminal.press(ENTER).wait_for("Done.")
        self.leave(terminal)
        self.assertIn("one\ntwo\n" + paste, json.dumps(self.last_body()).replace("\\n", "\n"))

    def test_what_was_written_before_comes_back(self):
        terminal = self.open(rules()).wait_for(READY)
        terminal.press("the old words" + ENTER).wait_for("Done.").wait_for(READY)
        self.leave(terminal)
        again = self.reopen().wait_for(READY)
        again.press(UP).wait_for("the old words").press(CONTROL_C).press("\x12").wait_for("search:").press("old" + ENTER)
        again.wait_for("❯ the old words")
        again.press(ENTER).wait_for("Done.")
        self.leave(again)

    def test_the_terminal_is_given_back_after_a_signal(self):
        terminal = self.open(rules()).wait_for(READY)
        terminal.process.send_signal(signal.SIGTERM)
        self.assertEqual(terminal.wait(), 128 + signal.SIGTERM)
        self.assertTrue(terminal.is_as_before())

    def test_a_hang_up_ends_it(self):
        terminal = self.open(rules()).wait_for(READY)
        terminal.process.send_signal(signal.SIGHUP)
        self.assertEqual(terminal.wait(), 128 + signal.SIGHUP)

    def test_control_c_twice_leaves(self):
        terminal = self.open(rules()).wait_for(READY)
        terminal.press(CONTROL_C).wait_for("ctrl+c once more leaves").press(CONTROL_C)
        self.assertEqual(terminal.wait(), 0)

    def test_commands_are_completed(self):
        self.write(".claude/commands/greet.md", "---\ndescription: Says hello\n---\nGreet $ARGUMENTS")
        terminal = self.open(rules(("Greet Ann", "Hello Ann."))).wait_for(READY)
        terminal.press("/gr").wait_for("/greet").wait_for("Says hello").press("\tAnn" + ENTER).wait_for("Hello Ann.")
        self.leave(terminal)

    def test_what_is_in_force_is_shown(self):
        self.write(".claude/settings.json", json.dumps({"permissions": {"deny": ["Bash(rm *)"]}}))
        terminal = self.open(rules(), "--allowedTools", "Bash(ls *)").wait_for(READY)
        terminal.press("/permissions" + ENTER).wait_for("deny Bash(rm *)").wait_for("settings.json").wait_for("allow Bash(ls *)")
        terminal.press(ESCAPE).wait_for(READY).press("/mcp" + ENTER).wait_for("There are no MCP servers here")
        terminal.press("/plan look around" + ENTER).wait_for("Done.").wait_for("plan ·")
        terminal.press("/status" + ENTER).wait_for("Region: us-east-1 (AWS_REGION)")
        self.leave(terminal)
        self.assertIn("look around", json.dumps(self.last_body()["messages"]))

    def test_rules_are_added_and_taken_out(self):
        self.write(".claude/settings.json", json.dumps({"permissions": {"deny": ["Bash(rm *)"]}, "other": 1}))
        terminal = self.open(rules(), "--disallowedTools", "WebFetch").wait_for(READY)
        terminal.press("/permissions" + ENTER).wait_for("deny Bash(rm *)").press("1").press("Bash(ls)" + ENTER).wait_for("is kept")
        local = f"{self.work}/.claude/settings.local.json"
        self.assertEqual(json.loads(self.read(local)), {"permissions": {"allow": ["Bash(ls)"]}})
        terminal.press("/permissions" + ENTER).wait_for("4. deny WebFetch").press("4").wait_for("it is changed there")
        terminal.press("/permissions" + ENTER).wait_for("5. deny Bash(rm *)").press("5").wait_for("is gone")
        self.assertEqual(json.loads(self.read(".claude/settings.json")), {"permissions": {"deny": []}, "other": 1})
        terminal.press("/permissions" + ENTER).wait_for("allow Bash(ls)").press("3").press("not ( a rule" + ENTER).wait_for("not ( a rule")
        self.leave(terminal)

    def test_another_size_is_drawn_anew(self):
        terminal = self.open(rules()).wait_for(READY)
        terminal.resize(30, 10)
        terminal.press("x").wait_for("─" * 29 + "\n❯ x")
        self.leave_with_text(terminal)

    def leave_with_text(self, terminal):
        terminal.press(CONTROL_C)
        self.leave(terminal)


class Interrupting(TerminalCase):
    def test_escape_ends_the_turn_and_what_waits_comes_back(self):
        terminal = self.open(rules(("slow", [call("Bash", command="echo $$ > pid; sleep 60")])),
                             "--allowedTools", "Bash").wait_for(READY)
        terminal.press("slow" + ENTER).wait_for("○ Bash(")
        wait_until(lambda: os.path.exists(os.path.join(self.work, "pid")) and self.read("pid"), "the command")
        terminal.press("and then this" + ENTER).wait_for("waits: and then this")
        terminal.press(ESCAPE).wait_for("interrupted").wait_for("❯ and then this")
        wait_until(lambda: not is_alive(int(self.read("pid"))), "the command's end")
        terminal.press(ENTER).wait_for("Done.")
        self.leave(terminal)

    def test_a_turn_that_was_interrupted_is_not_gone_on_with(self):
        terminal = self.open(rules(("slow", [call("Bash", command="touch began; sleep 60")])),
                             "--allowedTools", "Bash").wait_for(READY)
        terminal.press("slow" + ENTER)
        wait_until(lambda: os.path.exists(os.path.join(self.work, "began")), "the command")
        terminal.press(ESCAPE).wait_for("interrupted")
        self.leave(terminal)
        before = len(self.emulator.requests())
        run = self.run_awl("-p", "--continue", "x", env=self.env(self.emulator.url, CLAUDE_CODE_RESUME_INTERRUPTED_TURN="1"))
        self.assertEqual(run.code, 0, run)
        self.assertEqual(len(self.emulator.requests()), before + 1)


class Asking(TerminalCase):
    COMMAND = rules(("go", [call("Bash", command="touch made")]))

    def test_yes_runs_it_once(self):
        terminal = self.open(self.COMMAND).wait_for(READY)
        terminal.press("go" + ENTER).wait_for("touch made").wait_for("Run this command?").wait_for("1. Yes")
        self.assertFalse(os.path.exists(os.path.join(self.work, "made")))
        terminal.press("1").wait_for("Done.")
        self.assertTrue(os.path.exists(os.path.join(self.work, "made")))
        self.leave(terminal)
        self.assertFalse(os.path.exists(os.path.join(self.work, ".claude")))

    def test_a_rule_that_is_saved_answers_the_next_time(self):
        terminal = self.open(self.COMMAND).wait_for(READY)
        terminal.press("go" + ENTER).wait_for("2. Yes, and save the rule Bash(touch made)").press("2").wait_for("Done.")
        self.leave(terminal)
        settings = json.loads(self.read(".claude/settings.local.json"))
        self.assertEqual(settings, {"permissions": {"allow": ["Bash(touch made)"]}})
        os.remove(os.path.join(self.work, "made"))
        self.trust()
        again = self.reopen().wait_for(READY)
        again.press("go" + ENTER).wait_for("Done.")
        self.assertTrue(os.path.exists(os.path.join(self.work, "made")))
        self.leave(again)

    def test_no_stops_the_turn(self):
        terminal = self.open(self.COMMAND).wait_for(READY)
        terminal.press("go" + ENTER).wait_for("Run this command?").press(ESCAPE).wait_for("the person said no")
        terminal.wait_for(READY)
        self.leave(terminal)
        self.assertFalse(os.path.exists(os.path.join(self.work, "made")))
        self.assertEqual(len(self.emulator.requests()), 1)

    def test_no_with_a_comment_goes_on_with_it(self):
        terminal = self.open(self.COMMAND).wait_for(READY)
        terminal.press("go" + ENTER).wait_for("Run this command?").press(UP + "\tuse make" + ENTER).wait_for("Done.")
        self.leave(terminal)
        self.assertIn("use make", json.dumps(self.last_body()["messages"][-1]))

    def test_yes_with_a_comment_tells_it_with_the_result(self):
        terminal = self.open(self.COMMAND).wait_for(READY)
        terminal.press("go" + ENTER).wait_for("Run this command?").press("\tthen stop" + ENTER).wait_for("Done.")
        self.leave(terminal)
        self.assertTrue(os.path.exists(os.path.join(self.work, "made")))
        self.assertIn("then stop", json.dumps(self.last_body()["messages"][-1]))

    def test_all_changes_may_be_allowed_for_the_session(self):
        self.write("a.txt", "one\n")
        terminal = self.open(rules(("go", [call("Write", file_path="b.txt", content="1\n")]),
                                   ("more", [call("Write", file_path="c.txt", content="2\n")]))).wait_for(READY)
        terminal.press("go" + ENTER).wait_for("Make this change?").press("2").wait_for("Done.").wait_for("acceptEdits")
        terminal.press("more" + ENTER).wait_for("Done.")
        self.assertEqual(self.read("c.txt"), "2\n")
        self.leave(terminal)

    def test_shift_tab_changes_the_mode(self):
        terminal = self.open(self.COMMAND).wait_for("default ·")
        terminal.press(BACK_TAB).wait_for("acceptEdits ·").press(BACK_TAB).wait_for("plan ·")
        self.leave(terminal)

    def test_what_the_model_wrote_cannot_write_to_the_terminal(self):
        terminal = self.open(rules(("go", [call("Bash", command="echo \x1b]0;evil\x07 > made")]))).wait_for(READY)
        terminal.press("go" + ENTER).wait_for("Run this command?").press(ESCAPE).wait_for("the person said no")
        self.leave(terminal)
        self.assertNotIn(b"\x1b]0;", terminal.raw)


    def test_a_call_is_explained_on_demand(self):
        scenario = rules(("go", [call("Bash", command="touch made")]))
        scenario["rules"].insert(0, {"when": {"system_contains": "must decide whether a tool call"},
                                     "step": {"content": "Low risk: it makes a file."}})
        terminal = self.open(scenario).wait_for(READY)
        terminal.press("go" + ENTER).wait_for("Run this command?").press("\x05").wait_for("Low risk: it makes a file.")
        terminal.press("1").wait_for("Done.")
        self.leave(terminal)


class Trusting(TerminalCase):
    def test_a_folder_is_asked_about_once_and_when_what_it_starts_changes(self):
        terminal = self.open(rules(), trusted=False).wait_for("Do you trust this folder?").wait_for("starts nothing by itself")
        terminal.press("1").wait_for(READY)
        self.leave(terminal)
        again = self.reopen().wait_for(READY)
        self.leave(again)
        self.assertNotIn("Do you trust", again.shown)
        self.write(".claude/settings.json", json.dumps({"hooks": {"SessionStart": [
            {"hooks": [{"type": "command", "command": "touch hooked"}]}]}}))
        changed = self.reopen().wait_for("Do you trust this folder?").wait_for("new:").wait_for("touch hooked")
        changed.press("2")
        self.assertEqual(changed.wait(), 1)
        self.assertFalse(os.path.exists(os.path.join(self.work, "hooked")))


class GoingBack(TerminalCase):
    def test_a_session_is_picked(self):
        terminal = self.open(rules()).wait_for(READY)
        terminal.press("about apples" + ENTER).wait_for("Done.").wait_for(READY)
        terminal.press("/clear" + ENTER).wait_for(READY).press("about pears" + ENTER).wait_for("Done.").wait_for(READY)
        self.leave(terminal)
        picker = self.reopen("--resume").wait_for("Go on with a session").wait_for("pears").press("apples")
        picker.wait_for("❯ about apples").press(ENTER).wait_for(READY)
        picker.press("more" + ENTER).wait_for("Done.").wait_for(READY)
        said = json.dumps(self.last_body()["messages"])
        self.assertIn("apples", said)
        self.assertNotIn("pears", said)
        picker.press("/resume" + ENTER).wait_for("Go on with a session").press("pears" + ENTER).wait_for("❯ about pears")
        picker.wait_for(READY)
        self.leave(picker)

    def test_what_programs_said_is_not_offered(self):
        terminal = self.open(rules()).wait_for(READY)
        terminal.press("of the person" + ENTER).wait_for("Done.").wait_for(READY)
        self.leave(terminal)
        self.assertEqual(self.run_awl("-p", "of a program", env=self.env(self.emulator.url)).code, 0)
        again = self.reopen("--continue").wait_for("❯ of the person").wait_for(READY)
        again.press("/resume" + ENTER).wait_for("nothing fits").press(ESCAPE)
        again.wait_for(READY)
        self.leave(again)

    def test_a_copy_is_gone_on_with(self):
        terminal = self.open(rules()).wait_for(READY)
        terminal.press("shared" + ENTER).wait_for("Done.").wait_for(READY)
        terminal.press("/branch other way" + ENTER).wait_for("❯ shared").wait_for(READY)
        terminal.press("only here" + ENTER).wait_for("Done.").wait_for(READY)
        terminal.press("/resume" + ENTER).wait_for("❯ shared").press(ENTER).wait_for("❯ shared").wait_for(READY)
        terminal.press("and there" + ENTER).wait_for("Done.").wait_for(READY)
        self.leave(terminal)
        said = json.dumps(self.last_body()["messages"])
        self.assertIn("shared", said)
        self.assertNotIn("only here", said)
        listed = self.run_awl("sessions", "list", env=self.env())
        self.assertIn("other way", listed.out)

    def test_the_picker_renames_and_shows_a_session(self):
        terminal = self.open(rules(("apples", "They are red."))).wait_for(READY)
        terminal.press("about apples" + ENTER).wait_for("They are red.").wait_for(READY)
        self.leave(terminal)
        picker = self.reopen("--resume").wait_for("❯ about apples").press("\x16").wait_for("They are red.")
        picker.press("\x12").wait_for("new name:").press("fruit" + ENTER).wait_for("❯ fruit").press(ENTER).wait_for(READY)
        self.leave(picker)
        again = self.reopen("--resume", "fruit").wait_for("❯ about apples").wait_for(READY)
        self.leave(again)

    def test_a_session_of_another_folder_is_not_moved(self):
        terminal = self.open(rules()).wait_for(READY)
        terminal.press("here" + ENTER).wait_for("Done.").wait_for(READY)
        self.leave(terminal)
        self.work = self.folder("other")
        self.trust()
        picker = self.reopen("--resume").wait_for("nothing fits").press("\x01").wait_for("❯ here").press(ENTER)
        picker.wait_for("belongs to another folder: cd '").wait_for("awl --resume ")
        self.assertEqual(picker.wait(), 0)

    def test_the_sessions_of_other_worktrees_are_found(self):
        git = lambda *words: subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@t.example", *words], cwd=self.work, check=True)
        git("init", "-q")
        git("commit", "-q", "--allow-empty", "-m", "one")
        git("worktree", "add", "-q", f"{self.home}/tree")
        terminal = self.open(rules()).wait_for(READY)
        terminal.press("in the main checkout" + ENTER).wait_for("Done.").wait_for(READY)
        self.leave(terminal)
        self.work = f"{self.home}/tree"
        self.trust()
        picker = self.reopen("--resume").wait_for("nothing fits").press("\x17").wait_for("any worktree").wait_for("❯ in the main checkout")
        picker.press(ESCAPE)
        self.assertEqual(picker.wait(), 1)

    def test_a_session_is_found_by_the_pull_request_that_it_made(self):
        self.write(f"{self.home}/bin/gh", "#!/bin/sh\necho https://github.com/o/n/pull/77\n")
        os.chmod(f"{self.home}/bin/gh", 0o755)
        terminal = self.open(rules(("a request", [call("Bash", command="PATH=$HOME/bin:$PATH; gh pr create")])), "--dangerously-skip-permissions",
                             IS_SANDBOX="1").wait_for(READY)
        for words in ("just talk", "make a request"):
            terminal.press(words + ENTER).wait_for("Done.").wait_for(READY)
        self.leave(terminal)
        picker = self.reopen("--from-pr", "77").wait_for("just talk").wait_for("https://github.com/o/n/pull/77").press(ENTER).wait_for("make a request")
        self.leave(picker.wait_for(READY))
        self.assertEqual(self.reopen("--from-pr", "78").wait_for("nothing fits").press(ESCAPE).wait(), 1)

    def test_rewinding_puts_files_and_conversation_back(self):
        self.write("a.txt", "one\n")
        terminal = self.open(rules(("change it", [call("Read", file_path="a.txt"),
                                                  call("Edit", file_path="a.txt", old_string="one", new_string="two")])),
                             "--permission-mode", "acceptEdits").wait_for(READY)
        terminal.press("before" + ENTER).wait_for("Done.").wait_for(READY)
        terminal.press("change it" + ENTER).wait_for("Done.").wait_for(READY)
        self.assertEqual(self.read("a.txt"), "two\n")
        terminal.press(ESCAPE + ESCAPE).wait_for("Go back to before which message?").wait_for("❯ change it").press(ENTER)
        terminal.wait_for("would be put back").wait_for("1. Files and conversation").press("1")
        terminal.wait_for("as they were before").wait_for("❯ before").wait_for("❯ change it")
        self.assertEqual(self.read("a.txt"), "one\n")
        terminal.press(CONTROL_C + "something else" + ENTER).wait_for("Done.").wait_for(READY)
        self.leave(terminal)
        said = json.dumps(self.last_body()["messages"])
        self.assertIn("before", said)
        self.assertNotIn("change it", said)
        resumed = self.reopen("--continue").wait_for("❯ something else").wait_for(READY)
        self.assertNotIn("change it", resumed.shown)
        self.leave(resumed)

    def summing_up(self):
        """Three messages, the second of which has an answer of its own; a summary is "IT WAS SO"."""
        terminal = self.open(rules(("is about to be cut", "IT WAS SO"), ("end of the conversation", "IT WAS SO"),
                                   ("the middle", "the long way"))).wait_for(READY)
        for words, answer in (("the start", "Done."), ("the middle", "the long way"), ("the end", "Done.")):
            terminal.press(words + ENTER).wait_for(answer).wait_for(READY)
        return terminal

    def test_the_end_of_a_conversation_is_summed_up(self):
        terminal = self.summing_up()
        terminal.press(ESCAPE + ESCAPE).wait_for("Go back to before which message?").press("middle" + ENTER)
        terminal.wait_for("2. Only sum up what came from here on").press(DOWN + "\tthe way" + ENTER)
        terminal.wait_for("❯ the start").wait_for("❯ the middle").wait_for(READY)
        asked = json.dumps(self.last_body()["messages"][-1])
        self.assertIn("wishes for this summary: the way", asked)
        terminal.press(CONTROL_C + "then" + ENTER).wait_for("Done.").wait_for(READY)
        self.leave(terminal)
        said = json.dumps(self.last_body()["messages"])
        for words, there in (("the start", True), ("IT WAS SO", True), ("the middle", False), ("the end", False)):
            self.assertEqual(words in said, there, words)

    def test_the_start_of_a_conversation_is_summed_up(self):
        terminal = self.summing_up()
        terminal.press(ESCAPE + ESCAPE).wait_for("Go back to before which message?").press("middle" + ENTER)
        terminal.wait_for("3. Only sum up what came before").press("3").wait_for("was summarised").wait_for(READY)
        self.assertNotIn("the middle", json.dumps(self.last_body()["messages"]))
        terminal.press("then" + ENTER).wait_for("Done.").wait_for(READY)
        self.leave(terminal)
        said = json.dumps(self.last_body()["messages"])
        for words, there in (("the start", False), ("IT WAS SO", True), ("the middle", True), ("the end", True)):
            self.assertEqual(words in said, there, words)
        again = self.reopen("--continue").wait_for("❯ the end").wait_for(READY)
        self.leave(again)


if __name__ == "__main__":
    unittest.main()
