"""The mode plan and the model's questions: whoever may answer does, and nobody else."""
import json
import os

from control_test import Driver
from support import E2eCase, call, result_text, sent_results, steps
from terminal import DOWN, ENTER, ESCAPE
from terminal_test import READY, TerminalCase

QUESTION = {"question": "Which store?", "header": "Store", "multiSelect": False,
            "options": [{"label": "SQLite", "description": "one file"}, {"label": "Files", "description": "many"}]}
EXIT = call("ExitPlanMode")
ASK = call("AskUserQuestion", questions=[QUESTION])
PLAN = "# Plan\n\n1. Write **made**\n"
HOOK = """import json, sys
asked = json.load(sys.stdin)
open("seen.json", "w").write(json.dumps(asked["tool_input"]))
answer = {"hookEventName": "PreToolUse", "permissionDecision": "allow"}
if len(sys.argv) > 1: answer["updatedInput"] = {**asked["tool_input"], **json.loads(sys.argv[1])}
print(json.dumps({"hookSpecificOutput": answer}))
"""


class PlanCase:
    """For E2eCase: a model that plans."""

    def plan_file(self, session):
        return os.path.join(os.path.realpath(self.home), ".claude", "plans", f"{session}.md")

    def planning(self, session, *after):
        return steps([call("Write", file_path=self.plan_file(session), content=PLAN)], [EXIT], *after)

    def writing(self):
        return [call("Write", file_path=os.path.join(self.work, "made"), content="1")]

    def hook(self, tool, answer=None):
        self.write("hook.py", HOOK)
        command = f"python3 hook.py '{json.dumps(answer)}'" if answer is not None else "python3 hook.py"
        return json.dumps({"hooks": {"PreToolUse": [{"matcher": tool, "hooks": [{"type": "command", "command": command}]}]}})


SESSION = "5e5510f0-0000-4000-8000-000000000001"


class HeadlessTest(PlanCase, E2eCase):
    def results(self):
        return [result_text(block) for block in sent_results(self.emulator.requests()[-1])]

    def run_plan(self, scenario, *arguments):
        self.emulator = self.start_emulator(scenario)
        return self.ask(self.emulator.url, "--output-format", "stream-json", "--verbose", "--session-id", SESSION, *arguments)

    def test_nobody_agrees_in_a_run_of_its_own(self):
        run = self.run_plan(self.planning(SESSION, self.writing(), "Done."), "--permission-mode", "plan")
        self.assertEqual(self.read(self.plan_file(SESSION)), PLAN)
        self.assertFalse(os.path.exists(os.path.join(self.work, "made")))
        denied = {denial["tool_name"]: denial["tool_input"] for denial in run.results()[-1]["permission_denials"]}
        self.assertEqual(denied["ExitPlanMode"], {"plan": PLAN, "planFilePath": self.plan_file(SESSION)})
        self.assertIn("Write", denied)

    def test_the_model_is_told_about_the_mode_and_its_file_once(self):
        run = self.run_plan(steps("One."), "--permission-mode", "plan")
        self.assert_success(run, "One.")
        said = json.dumps(self.emulator.requests()[0]["body"]["messages"])
        self.assertEqual(said.count("in the mode plan"), 1)
        self.assertIn(self.plan_file(SESSION), said)

    def test_a_rule_or_the_mode_that_allows_everything_answers_no_question(self):
        for arguments in (["--allowedTools", "AskUserQuestion"], ["--dangerously-skip-permissions"]):
            self.emulator = self.start_emulator(steps([ASK], "Done."))
            run = self.ask(self.emulator.url, "--output-format", "stream-json", "--verbose", *arguments, IS_SANDBOX="1")
            self.assertEqual([d["tool_name"] for d in run.results()[-1]["permission_denials"]], ["AskUserQuestion"])

    def test_a_hook_that_brings_the_answer_is_enough_and_a_yes_alone_is_not(self):
        for answer, denials in (({"answers": {"Which store?": "Files"}}, 0), (None, 1)):
            run = self.run_plan(steps([ASK], "Done."), "--settings", self.hook("AskUserQuestion", answer),
                                "--no-session-persistence")
            self.assertEqual(len(run.results()[-1]["permission_denials"]), denials)
            self.assertEqual("Which store?\n  Files" in "".join(self.results()), denials == 0)

    def test_a_hook_agrees_to_the_plan_and_sees_it(self):
        run = self.run_plan(self.planning(SESSION, self.writing(), "Done."), "--permission-mode", "plan", "--settings",
                            self.hook("ExitPlanMode", {}), "--allowedTools", "Write")
        self.assert_success(run, "Done.")
        self.assertEqual(json.loads(self.read(os.path.join(self.work, "seen.json"))),
                         {"plan": PLAN, "planFilePath": self.plan_file(SESSION)})
        self.assertEqual(self.read(os.path.join(self.work, "made")), "1")
        modes = [e["permissionMode"] for e in run.events("system", "status") if "permissionMode" in e]
        self.assertEqual(modes, ["default"])

    def test_a_request_hook_agrees_with_a_yes_alone(self):
        self.write("yes.py", 'print(\'{"hookSpecificOutput":{"hookEventName":"PermissionRequest","decision":{"behavior":"allow"}}}\')')
        settings = {"hooks": {"PermissionRequest": [{"matcher": "ExitPlanMode", "hooks": [{"type": "command", "command": "python3 yes.py"}]}]}}
        run = self.run_plan(self.planning(SESSION, "Done."), "--permission-mode", "plan", "--settings", json.dumps(settings))
        self.assertEqual(run.results()[-1]["permission_denials"], [])

    def test_without_a_plan_there_is_nothing_to_agree_to(self):
        self.run_plan(steps([EXIT], "Done."), "--permission-mode", "plan", "--no-session-persistence")
        self.assertIn("there is no plan yet", self.results()[-1])
        self.run_plan(steps([EXIT], "Done."), "--no-session-persistence")
        self.assertIn("not in the mode plan", self.results()[-1])

    def test_plans_stay_in_the_folder_that_the_settings_name_when_it_is_the_projects(self):
        inside = os.path.join(os.path.realpath(self.work), "plans", f"{SESSION}.md")
        for folder, expected in (("./plans", inside), ("../plans", self.plan_file(SESSION))):
            self.run_plan(steps("One."), "--permission-mode", "plan", "--settings", json.dumps({"plansDirectory": folder}),
                          "--no-session-persistence")
            self.assertIn(expected, json.dumps(self.emulator.requests()[-1]["body"]))


class DrivenTest(PlanCase, E2eCase):
    def drive(self, scenario, *arguments):
        self.emulator = self.start_emulator(scenario)
        return Driver(self, self.emulator.url, "--permission-prompt-tool", "stdio", *arguments)

    def test_the_program_answers_the_questions(self):
        driver = self.drive(steps([ASK], "Done."))
        driver.say("go")
        asked = driver.asked("can_use_tool")
        self.assertEqual(asked["request"]["input"], {"questions": [QUESTION]})
        driver.answer(asked, {"behavior": "allow", "updatedInput": {"questions": [QUESTION], "answers": {"Which store?": "SQLite"}}})
        driver.wait(lambda m: m["type"] == "result", "result")
        told = next(m for m in driver.messages() if m["type"] == "user" and "tool_use_result" in m)
        self.assertEqual(told["tool_use_result"]["answers"], {"Which store?": "SQLite"})
        driver.end()

    def test_the_program_agrees_to_another_plan_in_a_mode_of_its_choice(self):
        driver = self.drive(self.planning(SESSION, self.writing(), "Done."), "--permission-mode", "plan", "--session-id", SESSION)
        driver.request("initialize", planModeInstructions="Only think about tests.")
        driver.say("go")
        asked = driver.asked("can_use_tool")
        self.assertEqual(asked["request"]["input"]["plan"], PLAN)
        driver.answer(asked, {"behavior": "allow", "updatedInput": {"plan": "# Other"},
                              "updatedPermissions": [{"type": "setMode", "mode": "acceptEdits", "destination": "session"}]})
        driver.wait(lambda m: m["type"] == "result", "result")
        self.assertEqual(self.read(self.plan_file(SESSION)), "# Other")
        self.assertEqual(self.read(os.path.join(self.work, "made")), "1")
        self.assertIn("# Other", json.dumps(self.emulator.requests()[-1]["body"]))
        self.assertIn("Only think about tests.", json.dumps(self.emulator.requests()[0]["body"]))
        driver.end()


class PersonTest(PlanCase, TerminalCase):
    def test_the_plan_is_shown_and_begun_when_the_person_agrees(self):
        terminal = self.open(self.planning(SESSION, self.writing(), "It is made."), "--permission-mode", "plan", "--session-id", SESSION)
        terminal.wait_for(READY).press("go" + ENTER).wait_for("Write made").wait_for("Begin with this plan?")
        terminal.press("1").wait_for("the mode is now auto").wait_for("It is made.")
        self.assertEqual(self.read(os.path.join(self.work, "made")), "1")
        self.leave(terminal)

    def test_the_person_goes_on_planning_with_a_word_about_what_is_missing(self):
        terminal = self.open(self.planning(SESSION, "I see."), "--permission-mode", "plan", "--session-id", SESSION)
        terminal.wait_for(READY).press("go" + ENTER).wait_for("Begin with this plan?")
        terminal.press(DOWN + DOWN + "\ttests are missing" + ENTER).wait_for("I see.")
        self.assertIn("tests are missing", json.dumps(self.last_body()))
        self.leave(terminal)

    def test_questions_are_answered_with_a_key_or_in_own_words(self):
        terminal = self.open(steps([ASK], [ASK], "Thanks."))
        terminal.wait_for(READY).press("go" + ENTER).wait_for("Which store?").wait_for("2. Files")
        terminal.press("2").wait_for("Which store?").wait_for("Something else").press("3")
        terminal.press("Postgres" + ENTER).wait_for("Thanks.")
        told = "".join(result_text(block) for block in sent_results(self.emulator.requests()[-1]))
        self.assertIn("Which store?\n  Postgres", told)
        self.assertIn("Which store?\\n  Files", json.dumps(self.emulator.requests()[1]["body"]))
        self.leave(terminal)

    def test_a_question_left_open_stops_the_turn(self):
        terminal = self.open(steps([ASK], "Never."))
        terminal.wait_for(READY).press("go" + ENTER).wait_for("Which store?").press(ESCAPE).wait_for(READY)
        self.assertEqual(len(self.emulator.requests()), 1)
        self.leave(terminal)

    def test_nobody_is_waited_for_longer_than_they_wished(self):
        terminal = self.open(steps([ASK], "On my own."), CLAUDE_AFK_TIMEOUT_MS="50")
        terminal.wait_for(READY).press("go" + ENTER).wait_for("On my own.")
        self.assertIn("away from the keyboard", json.dumps(self.last_body()))
        self.leave(terminal)


class DeferTest(PlanCase, E2eCase):
    """A hook puts a call off; the session that goes on makes it."""

    def answer_with(self, decision):
        self.write("hook.py", "import json, sys\nasked = json.load(sys.stdin)\n"
                              f"decision = {decision!r}\n"
                              "said = {'hookEventName': 'PreToolUse', 'permissionDecision': decision}\n"
                              "if decision == 'allow': said['updatedInput'] = {**asked['tool_input'], 'answers': {'Which store?': 'Files'}}\n"
                              "print(json.dumps({'hookSpecificOutput': said}))\n")
        return json.dumps({"hooks": {"PreToolUse": [{"matcher": "AskUserQuestion", "hooks": [{"type": "command", "command": "python3 hook.py"}]}]}})

    def go(self, decision, *arguments):
        return self.run_awl("-p", *arguments, "--output-format", "stream-json", "--verbose", "--settings", self.answer_with(decision),
                            env=self.env(self.emulator.url))

    def test_a_call_is_put_off_and_made_when_the_session_goes_on(self):
        self.emulator = self.start_emulator({"rules": [
            {"when": {"last_user_contains": "THEN-THIS"}, "step": {"content": "More."}},
            {"when": {"messages_contain": "by question:"}, "step": {"content": "Thanks."}},
            {"when": {"model_contains": "claude"}, "step": {"content": [call("AskUserQuestion", tool_id="toolu_q", questions=[QUESTION])]}}]})
        first = self.go("defer", "go").results()[-1]
        self.assertEqual((first["subtype"], first["stop_reason"], first["terminal_reason"]), ("success", "tool_deferred", "tool_deferred"))
        self.assertEqual(first["deferred_tool_use"], {"id": "toolu_q", "name": "AskUserQuestion", "input": {"questions": [QUESTION]}})
        self.assertEqual(len(self.emulator.requests()), 1)
        again = self.go("defer", "--resume", first["session_id"]).results()[-1]
        self.assertEqual(again["stop_reason"], "tool_deferred")
        self.assertEqual(len(self.emulator.requests()), 1)
        run = self.go("allow", "--resume", first["session_id"])
        self.assert_success(run, "Thanks.")
        result, = sent_results(self.emulator.requests()[-1])
        self.assertEqual(result["tool_use_id"], "toolu_q")
        self.assertIn("Files", result_text(result))
        self.assert_success(self.go("allow", "THEN-THIS", "--resume", first["session_id"]), "More.")

    def test_one_of_several_calls_is_not_put_off(self):
        self.emulator = self.start_emulator(steps([ASK, call("Read", file_path="x")], "Done."))
        run = self.go("defer", "go")
        self.assert_success(run, "Done.")
        self.assertNotIn("deferred_tool_use", run.results()[-1])

    def test_a_tool_that_is_gone_is_an_error(self):
        self.emulator = self.start_emulator(steps([ASK], "Done."))
        first = self.go("defer", "go").results()[-1]
        last = self.go("allow", "--resume", first["session_id"], "--disallowedTools", "AskUserQuestion").results()[-1]
        self.assertEqual((last["stop_reason"], last["is_error"]), ("tool_deferred_unavailable", True))
        self.assertEqual(last["deferred_tool_use"]["name"], "AskUserQuestion")
