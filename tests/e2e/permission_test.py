"""What may run, and that what may not is said, listed and not done."""
import json
import os
import unittest

from support import E2eCase, call, result_text, sent_results, steps


class PermissionTest(E2eCase):
    def attempt(self, *calls, arguments=(), **env):
        """All calls in one message; the run, the results as sent, and the ids of refused calls."""
        run, requests = self.play(steps(list(calls), "Done."), *arguments, **env)
        result = self.assert_success(run, "Done.")
        return run, sent_results(requests[1]), result["permission_denials"]

    def assert_denied(self, *calls, arguments=(), **env):
        run, results, denials = self.attempt(*calls, arguments=arguments, **env)
        self.assertEqual([r.get("is_error") for r in results], [True] * len(calls), results)
        self.assertEqual([d["tool_name"] for d in denials], [c["name"] for c in calls])
        return results, denials

    def assert_allowed(self, *calls, arguments=(), **env):
        _, results, denials = self.attempt(*calls, arguments=arguments, **env)
        self.assertEqual(denials, [])
        self.assertEqual([r.get("is_error") for r in results], [None] * len(calls), results)
        return results

    def exists(self, name):
        return os.path.exists(os.path.join(self.work, name))

    def outside(self):
        return self.write(f"{self.root}/outside/secret.txt", "outside-secret\n")

    def test_without_a_rule_writing_is_denied_and_listed(self):
        results, denials = self.assert_denied(call("Bash", "toolu_a", command="touch made"),
                                              call("Write", "toolu_b", file_path="made.txt", content="x"))
        self.assertFalse(self.exists("made") or self.exists("made.txt"))
        self.assertEqual([d["tool_use_id"] for d in denials], ["toolu_a", "toolu_b"])
        self.assertEqual(denials[0]["tool_input"], {"command": "touch made"})
        self.assertEqual(denials[1]["tool_input"]["file_path"], f"{self.work}/made.txt")
        self.assertIn("--allowedTools", result_text(results[0]))

    def test_without_a_rule_reading_in_the_folder_is_allowed(self):
        self.write("a.txt", "hello\n")
        self.assert_allowed(call("Read", file_path="a.txt"), call("Bash", command="cat a.txt | grep hello"), call("Bash", command="ls -la"))

    def test_a_tools_name_allows_all_its_calls_and_a_rule_allows_some(self):
        self.assert_allowed(call("Bash", command="touch made"), arguments=("--allowedTools", "Bash"))
        self.assertTrue(self.exists("made"))
        _, _, denials = self.attempt(call("Bash", "toolu_a", command="mkdir one"), call("Bash", "toolu_b", command="touch two"),
                                     call("Bash", "toolu_c", command="mkdir three && touch four"),
                                     arguments=("--allowedTools", "Bash(mkdir *)"))
        self.assertEqual([d["tool_use_id"] for d in denials], ["toolu_b", "toolu_c"])
        self.assertTrue(self.exists("one"))
        self.assertFalse(self.exists("two") or self.exists("three"))

    def test_deny_beats_allow_in_every_spelling(self):
        spellings = ["rm x", "true && rm x", "rm -f x;", "(rm x)", "echo $(rm x)", "\\rm x", "'rm' x", "env rm x", "X=1 rm x",
                     "if true; then rm x; fi", "timeout 5 rm x", "echo x | xargs rm", "nohup rm x", "true\nrm x", "cat <(rm x)",
                     "f() { rm x; }; f", "r\"\"m x"]
        self.write("x", "")
        self.assert_denied(*[call("Bash", command=c) for c in spellings],
                           arguments=("--allowedTools", "Bash", "--disallowedTools", "Bash(rm *)"))
        self.assertTrue(self.exists("x"))

    def test_what_cannot_be_parsed_does_not_run_under_a_narrow_rule(self):
        self.assert_denied(call("Bash", command="mkdir a; $(echo touch) b"), call("Bash", command="mkdir 'a"),
                           arguments=("--allowedTools", "Bash(mkdir *)"))
        self.assertFalse(self.exists("a") or self.exists("b"))

    def test_deny_rules_of_the_project_count_and_its_allow_rules_do_not_until_it_is_trusted(self):
        self.write(".claude/settings.json", '{"permissions": {"allow": ["Bash(touch *)"], "deny": ["Read(hidden.txt)"]}}')
        self.write("hidden.txt", "hidden\n")
        calls = call("Bash", command="touch made"), call("Read", file_path="hidden.txt"), call("Bash", command="cat hidden.txt")
        self.assert_denied(*calls)
        self.write(f"{self.home}/.claude.json", json.dumps({"projects": {self.work: {"hasTrustDialogAccepted": True}}}))
        self.assert_allowed(calls[0])
        self.assert_denied(*calls[1:])

    def test_allow_rules_of_the_person_count(self):
        self.write(f"{self.home}/.claude/settings.json", '{"permissions": {"allow": ["Bash(touch *)"]}}')
        self.assert_allowed(call("Bash", command="touch made"))

    def test_ask_rules_deny_where_nobody_can_be_asked(self):
        self.write(f"{self.home}/.claude/settings.json", '{"permissions": {"allow": ["Bash(touch *)"], "ask": ["Bash(touch secret*)"]}}')
        self.assert_allowed(call("Bash", command="touch made"))
        self.assert_denied(call("Bash", command="touch secret1"))

    def test_reading_outside_the_folder_is_refused(self):
        path = self.outside()
        os.symlink(path, os.path.join(self.work, "link.txt"))
        os.symlink(os.path.dirname(path), os.path.join(self.work, "links"))
        results, _ = self.assert_denied(call("Read", file_path=path), call("Read", file_path="../outside/secret.txt"),
                                        call("Read", file_path="link.txt"), call("Read", file_path="links/secret.txt"),
                                        call("Bash", command=f"cat {path}"), call("Bash", command="cat ../outside/secret.txt"),
                                        call("Bash", command="cat link.txt"), call("Bash", command="cat < ../outside/secret.txt"))
        self.assertFalse([r for r in results if "outside-secret" in result_text(r)])

    def test_searching_outside_the_folder_is_refused(self):
        folder = os.path.dirname(self.outside())
        self.assert_denied(call("Grep", pattern="secret", path=folder), call("Glob", pattern="*", path=folder),
                           call("Grep", pattern="secret", path="../outside"), arguments=("--tools", "Grep,Glob"))

    def test_an_added_folder_or_a_rule_opens_another_folder(self):
        path = self.outside()
        self.assert_allowed(call("Read", file_path=path), arguments=("--add-dir", os.path.dirname(path)))
        self.assert_allowed(call("Read", file_path=path), arguments=("--allowedTools", f"Read(/{path})"))

    def test_accept_edits_edits_in_the_folder_and_nowhere_else(self):
        path = self.outside()
        os.symlink(path, os.path.join(self.work, "link.txt"))
        mode = ("--permission-mode", "acceptEdits")
        self.assert_allowed(call("Write", file_path="a.txt", content="x"), arguments=mode)
        self.assert_denied(call("Write", file_path=f"{self.root}/outside/new.txt", content="x"),
                           call("Write", file_path="link.txt", content="x"), call("Bash", command="curl http://127.0.0.1:1"),
                           arguments=mode)
        self.assertEqual(self.read(path), "outside-secret\n")

    def test_plan_mode_changes_nothing(self):
        self.write(f"{self.home}/.claude/settings.json", '{"useAutoModeDuringPlan": false}')
        self.assert_denied(call("Write", file_path="a.txt", content="x"), call("Bash", command="touch b"),
                           arguments=("--permission-mode", "plan"))

    def test_bypass_mode_runs_everything_but_what_a_rule_denies(self):
        arguments = ("--dangerously-skip-permissions", "--disallowedTools", "Bash(rm *)")
        self.assert_allowed(call("Bash", command="touch made"), call("Write", file_path=f"{self.root}/free.txt", content="x"),
                            arguments=arguments, IS_SANDBOX="1")
        self.assert_denied(call("Bash", command="rm made"), arguments=arguments, IS_SANDBOX="1")
        self.assertTrue(self.exists("made"))

    def test_the_programs_own_settings_are_not_edited_without_being_asked(self):
        self.assert_denied(call("Write", file_path=".claude/settings.json", content="{}"),
                           call("Write", file_path=".git/hooks/pre-commit", content="x"), arguments=("--permission-mode", "acceptEdits"))


if __name__ == "__main__":
    unittest.main()
