"""Settings files that change while a session runs."""
import json
import os
import unittest

from control_test import Driver
from support import E2eCase, call, result_text, sent_results, steps


class ReloadTest(E2eCase):
    def setUp(self):
        super().setUp()
        self.settings = f"{self.home}/.claude/settings.json"

    def rewrite(self, **settings):
        """A command that writes these settings; the file gets another inode."""
        self.write("next.json", json.dumps(settings))
        return call("Bash", command=f"cp next.json {self.settings}.new && mv {self.settings}.new {self.settings}")

    def results(self, requests):
        return [[r.get("is_error", False) for r in sent_results(q)] for q in requests[1:]]

    def test_a_rule_counts_from_the_next_round_on(self):
        self.write(self.settings, "{}")
        run, requests = self.play(
            steps([self.rewrite(permissions={"deny": ["Bash(touch *)"]})], [call("Bash", command="touch made")], "Done."),
            "--allowedTools", "Bash")
        self.assert_success(run, "Done.")
        self.assertEqual(self.results(requests), [[False], [True]])
        self.assertIn("Settings were read again", run.out)

    def test_a_rule_that_is_gone_does_not_count_and_flags_stay(self):
        self.write(self.settings, json.dumps({"permissions": {"deny": ["Bash(touch *)"]}}))
        run, requests = self.play(
            steps([self.rewrite(model="opus")], [call("Bash", command="touch made")], [call("Bash", command="rm made")], "Done."),
            "--allowedTools", "Bash", "--disallowedTools", "Bash(rm *)")
        self.assertEqual(self.results(requests), [[False], [False], [True]])

    def test_a_broken_file_leaves_everything_as_it_was(self):
        self.write(self.settings, json.dumps({"permissions": {"deny": ["Bash(touch *)"]}}))
        run, requests = self.play(
            steps([call("Bash", command=f"echo '{{' > {self.settings}")], [call("Bash", command="touch made")], "Done."),
            "--allowedTools", "Bash")
        self.assertEqual(self.results(requests), [[False], [True]])
        self.assertIn("stay as they were", run.out)

    def test_hooks_and_variables_of_the_person_follow_and_a_hook_may_object(self):
        hook = {"hooks": [{"type": "command", "command": "echo ran >> log"}]}
        self.write(self.settings, "{}")
        run, _ = self.play(
            steps([self.rewrite(env={"MARK": "new"}, hooks={"PreToolUse": [{"matcher": "Bash", **hook}]})],
                  [call("Bash", command="echo $MARK > mark")], "Done."), "--allowedTools", "Bash")
        self.assert_success(run, "Done.")
        self.assertEqual(self.read("mark"), "new\n")
        self.assertEqual(self.read("log"), "ran\n")
        keeper = {"matcher": "user_settings", "hooks": [{"type": "command", "command": "cat > change.json; echo no >&2; exit 2"}]}
        self.write(self.settings, json.dumps({"hooks": {"ConfigChange": [keeper]}}))
        run, _ = self.play(
            steps([self.rewrite(permissions={"deny": ["Bash(touch *)"]})], [call("Bash", command="touch made")], "Done."),
            "--allowedTools", "Bash")
        self.assertTrue(os.path.exists(os.path.join(self.work, "made")))
        self.assertEqual(json.loads(self.read("change.json"))["file_path"], self.settings)

    def test_a_project_brings_no_new_hook_into_a_session(self):
        hook = json.dumps({"hooks": {"PreToolUse": [{"hooks": [{"type": "command", "command": "touch hooked"}]}]},
                           "permissions": {"deny": ["Bash(touch *)"]}})
        self.write("next.json", hook)
        self.write(".claude/settings.json", "{}")
        run, requests = self.play(
            steps([call("Bash", command="cp next.json .claude/settings.json")], [call("Bash", command="touch made")], "Done."),
            "--permission-mode", "bypassPermissions", IS_SANDBOX="1")
        self.assertEqual(self.results(requests), [[False], [True]], run)
        self.assertFalse(os.path.exists(os.path.join(self.work, "hooked")))

    def test_what_changed_between_two_messages_counts_for_the_second(self):
        self.write(self.settings, "{}")
        emulator = self.start_emulator(steps([call("Bash", command="touch made")], "Done."))
        driver = Driver(self, emulator.url, "--allowedTools", "Bash")
        driver.say("One.")
        driver.wait(lambda m: m["type"] == "result", "the first result")
        os.unlink(os.path.join(self.work, "made"))
        self.write(self.settings, json.dumps({"permissions": {"deny": ["Bash(touch *)"]}}))
        driver.say("Two.")
        run = driver.end()
        self.assertEqual(len(run.results()), 2)
        self.assertEqual(len(run.results()[1]["permission_denials"]), 1)

    def test_it_holds_for_a_subagent_that_runs(self):
        self.write(self.settings, "{}")
        rules = [{"when": {"messages_contain": "SUBTASK"}, "times": 3, "steps": [
            {"content": [self.rewrite(permissions={"deny": ["Bash(touch *)"]})]},
            {"content": [call("Bash", command="touch made")]}, {"content": "Report."}]}]
        run, _ = self.play({"rules": rules, **steps([call("Agent", description="d", prompt="SUBTASK")], "Done.")},
                           "--allowedTools", "Bash")
        self.assert_success(run, "Done.")
        self.assertFalse(os.path.exists(os.path.join(self.work, "made")))


if __name__ == "__main__":
    unittest.main()
