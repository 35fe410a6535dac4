"""The mode auto: a model judges what the person would be asked about."""
import json
import os
import unittest

from support import E2eCase, call, result_text, sent_results, steps

AUTO = ("--permission-mode", "auto")


def verdict(word, reason="Because."):
    return json.dumps({"verdict": word, "reason": reason})


class AutoModeTest(E2eCase):
    def scenario(self, verdicts, *contents):
        """Verdicts of the judge in turn, the last one from then on; then the conversation itself."""
        judge = {"system_contains": "You guard a person's machine"}
        rules = [{"when": judge, "times": 1, "step": {"content": v}} for v in verdicts[:-1]]
        return {"rules": [*rules, {"when": judge, "step": {"content": verdicts[-1]}}], **steps(*contents)}

    def play_auto(self, verdicts, *contents, flags=(), **env):
        run, requests = self.play(self.scenario(verdicts, *contents), *AUTO, *flags, **env)
        judged = [r for r in requests if "You guard" in json.dumps(r["body"].get("system", ""))]
        return run, [r for r in requests if r not in judged], judged

    def exists(self, name):
        return os.path.exists(os.path.join(self.work, name))

    def test_what_the_judge_allows_runs_and_what_only_reads_or_edits_here_is_not_judged(self):
        self.write("a.txt", "x\n")
        run, talk, judged = self.play_auto(
            [verdict("allow")],
            [call("Read", file_path="a.txt"), call("Bash", command="ls"), call("Write", file_path="new.txt", content="n")],
            [call("Bash", command="touch made")], "Done.")
        self.assert_success(run, "Done.")
        self.assertEqual(run.events("system", "init")[0]["permissionMode"], "auto")
        self.assertTrue(self.exists("made") and self.exists("new.txt"))
        self.assertEqual(len(judged), 1, run)
        self.assertEqual(judged[0]["body"]["model"], "claude-sonnet-5")
        self.assertIn("touch made", json.dumps(judged[0]["body"]["messages"]))
        self.assertIn("Go on.", json.dumps(judged[0]["body"]["messages"]))
        self.assertIn("work by yourself", json.dumps(talk[0]["body"]["messages"]))
        self.assertNotIn("work by yourself", json.dumps(judged[0]["body"]["messages"]))

    def test_what_it_blocks_does_not_run_and_is_listed(self):
        self.write(f"{self.home}/.claude/settings.json", json.dumps({"hooks": {"PermissionDenied": [{"hooks": [
            {"type": "command", "command": "cat > denied.json; echo '{\"hookSpecificOutput\":{\"hookEventName\":\"PermissionDenied\",\"retry\":true}}'"}]}]}}))
        run, talk, _ = self.play_auto([verdict("block", "It ships.")], [call("Bash", "toolu_a", command="touch made")], "Done.")
        result = self.assert_success(run, "Done.")
        self.assertFalse(self.exists("made"))
        self.assertEqual([d["tool_use_id"] for d in result["permission_denials"]], ["toolu_a"])
        told = result_text(sent_results(talk[1])[0])
        self.assertIn("It ships.", told)
        self.assertIn("may try", told)
        heard = json.loads(self.read("denied.json"))
        self.assertEqual((heard["tool_name"], heard["reason"], heard["permission_mode"]), ("Bash", "It ships.", "auto"))

    def test_in_the_mode_plan_commands_are_judged_and_changes_are_not(self):
        plan = ("--permission-mode", "plan")
        calls = ([call("Bash", command="touch made")], [call("Bash", command="touch more")], [call("Write", file_path="n", content="n")], "Done.")
        run, requests = self.play(self.scenario([verdict("allow"), verdict("block", "It writes.")], *calls), *plan)
        told = [result_text(r) for q in requests if q["body"].get("tools") for r in sent_results(q)]
        self.assertTrue(self.exists("made"), told)
        self.assertFalse(self.exists("more") or self.exists("n"))
        self.assertTrue(any("It writes." in t and "mode plan" in t for t in told), told)
        self.write(f"{self.home}/.claude/settings.json", json.dumps({"useAutoModeDuringPlan": False}))
        run, requests = self.play(self.scenario([verdict("allow")], [call("Bash", command="touch again")], "Done."), *plan)
        self.assertFalse(self.exists("again"))
        self.assertEqual(len(requests), 2, "nobody judged")

    def test_rules_come_before_the_judge(self):
        self.write(f"{self.home}/.claude/settings.json", json.dumps({"permissions": {
            "allow": ["Bash(mkdir *)", "Bash(python3 *)"], "deny": ["Bash(touch *)"], "ask": ["Bash(cp *)"]}}))
        run, _, judged = self.play_auto(
            [verdict("allow")], [call("Bash", command="mkdir one")], [call("Bash", command="touch two")],
            [call("Bash", command="cp -r one three")], [call("Bash", command="python3 -c pass")], "Done.")
        denials = [d["tool_input"]["command"] for d in run.results()[0]["permission_denials"]]
        self.assertTrue(self.exists("one"))
        self.assertEqual(denials, ["touch two", "cp -r one three"])
        self.assertEqual(len(judged), 1)
        self.assertIn("python3 -c pass", json.dumps(judged[0]["body"]))

    def test_without_a_verdict_nothing_runs(self):
        run, talk, judged = self.play_auto(["I would rather not say."], [call("Bash", command="touch made")], "Done.")
        self.assert_success(run, "Done.")
        self.assertFalse(self.exists("made"))
        self.assertIn("could not judge", result_text(sent_results(talk[1])[0]))

    def test_after_three_blocks_in_a_row_it_does_not_ask_the_judge_any_more(self):
        tries = [[call("Bash", command=f"touch made{i}")] for i in range(5)]
        run, talk, judged = self.play_auto([verdict("block")], *tries, "Done.")
        self.assert_success(run, "Done.")
        self.assertEqual(len(judged), 3)
        self.assertEqual(len(run.results()[0]["permission_denials"]), 5)

    def test_critique_asks_a_model_about_the_rules_of_the_settings(self):
        emulator = self.start_emulator(steps("The first rule is vague."))
        run = self.run_awl("auto-mode", "critique", env=self.env(emulator.url))
        self.assertEqual((run.code, emulator.requests()), (0, []), run)
        own = json.dumps({"autoMode": {"soft_deny": ["Ships: nothing on Fridays"]}})
        run = self.run_awl("auto-mode", "critique", "--model", "haiku", "--settings", own, env=self.env(emulator.url))
        self.assertEqual((run.code, run.out), (0, "The first rule is vague.\n"), run)
        body = emulator.requests()[0]["body"]
        self.assertIn("nothing on Fridays", json.dumps(body["messages"]))
        self.assertIn("haiku", body["model"])
        self.assertFalse(body.get("tools"))

    def test_a_judge_that_is_not_there_gives_way(self):
        refusal = {"when": {"model_contains": "claude-sonnet-5"},
                   "step": {"status": 404, "error": {"type": "not_found_error", "message": "model: claude-sonnet-5"}}}
        scenario = self.scenario([verdict("allow")], [call("Bash", command="touch made")], "Done.")
        scenario["rules"].insert(0, refusal)
        run, _ = self.play(scenario, *AUTO)
        self.assert_success(run, "Done.")
        self.assertTrue(self.exists("made"))

    def test_it_is_not_there_for_every_model_and_can_be_switched_off(self):
        for flags, settings in ((("--model", "haiku"), {}), ((), {"disableAutoMode": "disable"}),
                                ((), {"permissions": {"disableAutoMode": "disable"}})):
            run, _ = self.play(steps("Done."), *AUTO, *flags, "--settings", json.dumps(settings))
            self.assert_success(run, "Done.")
            self.assertEqual(run.events("system", "init")[0]["permissionMode"], "default")
            self.assertIn("the mode is default", run.err)

    def test_a_project_cannot_choose_it(self):
        self.write(f"{self.home}/.claude.json", json.dumps({"projects": {self.work: {"hasTrustDialogAccepted": True}}}))
        self.write(".claude/settings.json", json.dumps({"permissions": {"defaultMode": "auto"}, "autoMode": {"hard_deny": []}}))
        run, _ = self.play(steps("Done."))
        self.assertEqual(run.events("system", "init")[0]["permissionMode"], "default")
        self.assertIn("autoMode", run.err)

    def test_a_subagents_task_and_calls_are_judged_too(self):
        task = call("Agent", subagent_type="general-purpose", description="d", prompt="SUBTASK")
        scenario = self.scenario([verdict("allow"), verdict("block", "No."), verdict("block", "Odd.")], [task], "Done.")
        scenario["rules"] += [{"when": {"messages_contain": "SUBTASK", "last_user_contains": "SUBTASK"}, "times": 1,
                               "step": {"content": [call("Bash", command="touch made")]}}]
        run, requests = self.play(scenario, *AUTO)
        self.assertFalse(self.exists("made"))
        judged = [json.dumps(r["body"]) for r in requests if "You guard" in json.dumps(r["body"].get("system", ""))]
        self.assertEqual(len(judged), 3, run)
        self.assertIn("touch made", judged[1])
        self.assertIn("A subagent has ended", judged[2])

    def test_its_rules_can_be_shown_and_reset(self):
        self.write(f"{self.home}/.claude/settings.json",
                   json.dumps({"model": "opus", "autoMode": {"allow": ["$defaults", "Staging: is ours."], "soft_deny": ["Only: this."]}}))
        shown = json.loads(self.run_awl("auto-mode", "config", env=self.env()).out)
        built_in = json.loads(self.run_awl("auto-mode", "defaults", env=self.env()).out)
        self.assertEqual(shown["allow"], [*built_in["allow"], "Staging: is ours."])
        self.assertEqual(shown["soft_deny"], ["Only: this."])
        self.assertEqual(shown["hard_deny"], built_in["hard_deny"])
        labelled = json.loads(self.run_awl("auto-mode", "defaults", "--label", "secrets", env=self.env()).out)
        self.assertEqual(len(labelled["hard_deny"]), 2)
        self.assertEqual(self.run_awl("auto-mode", "reset", env=self.env()).code, 1)
        self.assertEqual(self.run_awl("auto-mode", "reset", "--yes", env=self.env()).code, 0)
        self.assertEqual(json.loads(self.read(f"{self.home}/.claude/settings.json")), {"model": "opus"})


if __name__ == "__main__":
    unittest.main()
