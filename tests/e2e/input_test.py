"""Where a prompt comes from, and settings files that are broken."""
import os
import subprocess
import unittest

from support import E2eCase, steps


class PromptTest(E2eCase):
    def prompt_of(self, *arguments, stdin=b""):
        emulator = self.start_emulator(steps("Done."))
        run = self.run_awl("-p", *arguments, env=self.env(emulator.url), stdin=stdin)
        self.assertEqual((run.code, run.out), (0, "Done.\n"), run)
        return emulator.requests()[0]["body"]["messages"][-1]["content"][-1]["text"]

    def test_the_argument_is_the_prompt(self):
        self.assertEqual(self.prompt_of("What is Grüße 🦉?"), "What is Grüße 🦉?")

    def test_standard_input_alone_is_the_prompt(self):
        self.assertEqual(self.prompt_of(stdin=b"only from stdin"), "only from stdin")

    def test_standard_input_goes_after_the_argument(self):
        self.assertEqual(self.prompt_of("ask this", stdin=b"piped LINE-1\nLINE-2"), "ask this\npiped LINE-1\nLINE-2")

    def test_bytes_that_are_not_utf_8_do_not_end_the_run(self):
        self.assertEqual(self.prompt_of(stdin=b"left \xff right"), "left \N{REPLACEMENT CHARACTER} right")

    def test_a_prompt_may_follow_other_flags_and_a_double_dash(self):
        self.assertEqual(self.prompt_of("--model", "haiku", "--", "--not-a-flag"), "--not-a-flag")

    def test_one_megabyte_of_standard_input_is_sent_whole(self):
        wanted = "0123456789abcdef" * 65536
        self.assertEqual(self.prompt_of(stdin=wanted.encode()), wanted)

    def test_eleven_megabytes_of_standard_input_are_refused_with_advice(self):
        emulator = self.start_emulator(steps("Never."))
        run = self.run_awl("-p", "Summarise.", env=self.env(emulator.url), stdin=b"x" * (11 << 20))
        self.assertEqual((run.code, run.out), (1, ""), run.err[:500])
        self.assertIn("10 MB", run.err)
        self.assertEqual(emulator.requests(), [])

    def test_an_open_pipe_without_data_does_not_hang_a_run_with_a_prompt(self):
        emulator = self.start_emulator(steps("Done."))
        started = self.start("-p", "Go on.", env=self.env(emulator.url), stdin=subprocess.PIPE)
        try:
            run = started.end()
        finally:
            started.process.stdin.close()
        self.assertEqual((run.code, run.out), (0, "Done.\n"), run)
        self.assertLess(run.seconds, 30)

    def test_a_standard_input_that_cannot_be_read_is_a_warning(self):
        emulator = self.start_emulator(steps("Done."))
        folder = os.open(self.work, os.O_RDONLY)
        self.addCleanup(os.close, folder)
        run = self.start("-p", "Go on.", env=self.env(emulator.url), stdin=folder).end()
        self.assertEqual((run.code, run.out), (0, "Done.\n"), run)
        self.assertIn("standard input cannot be read", run.err)

    def test_a_closed_standard_input_is_an_empty_one(self):
        emulator = self.start_emulator(steps("Done."))
        started = self.start("-p", "Go on.", env=self.env(emulator.url), stdin=None, preexec_fn=lambda: os.close(0))
        run = started.end()
        self.assertEqual((run.code, run.out), (0, "Done.\n"), run)

    def test_a_system_prompt_replaces_ours_and_one_more_is_added(self):
        _, requests = self.play(steps("Done."), "--system-prompt", "SP-ONLY-THIS", "--append-system-prompt", "AP-TAIL")
        system = "".join(block["text"] for block in requests[0]["body"]["system"])
        self.assertLess(system.index("SP-ONLY-THIS"), system.index("AP-TAIL"))
        self.assertLess(len(system), 600)
        _, requests = self.play(steps("Done."), "--append-system-prompt", "AP-TAIL")
        self.assertGreater(max(len(block["text"]) for block in requests[0]["body"]["system"]), 500)
        self.assertTrue(requests[0]["body"]["system"][-1]["text"].strip().endswith("AP-TAIL"))


class SettingsTest(E2eCase):
    def run_with(self, path, content):
        self.write(path, content)
        emulator = self.start_emulator(steps("Done."))
        run = self.run_awl("-p", "Go on.", env=self.env(emulator.url))
        self.assertEqual((run.code, run.out), (0, "Done.\n"), run)
        return run.err

    def test_a_broken_user_file_is_a_warning_with_file_and_line(self):
        path = f"{self.home}/.claude/settings.json"
        warning = self.run_with(path, '{\n  "model": "haiku",\n  "env": {,}\n}\n')
        self.assertIn(path, warning)
        self.assertRegex(warning, r"\bline 3\b")

    def test_a_broken_project_file_is_a_warning_with_file_and_line(self):
        warning = self.run_with(".claude/settings.json", '{\n  // no\n}\n')
        self.assertIn(f"{self.work}/.claude/settings.json", warning)
        self.assertRegex(warning, r"\bline 2\b")

    def test_a_value_of_the_wrong_type_is_a_warning_that_names_it(self):
        warning = self.run_with(f"{self.home}/.claude/settings.json", '{"permissions": {"allow": "Bash"}, "env": {"A": "1"}}')
        self.assertIn("permissions.allow", warning)

    def test_a_settings_file_that_is_a_folder_does_not_end_the_run(self):
        os.makedirs(f"{self.home}/.claude/settings.json")
        emulator = self.start_emulator(steps("Done."))
        run = self.run_awl("-p", "Go on.", env=self.env(emulator.url))
        self.assertEqual((run.code, run.out), (0, "Done.\n"), run)
        self.assertIn("settings.json", run.err)

    def test_good_settings_give_no_warning(self):
        self.assertEqual(self.run_with(f"{self.home}/.claude/settings.json", '{"permissions": {"allow": ["Bash(ls *)"]}, "other": 1}'), "")

    def test_the_model_comes_from_flag_then_environment_then_settings(self):
        self.write(f"{self.home}/.claude/settings.json", '{"model": "claude-haiku-4-5"}')
        for wanted, arguments, env in (("claude-opus-4-6", ("--model", "claude-opus-4-6"), {"ANTHROPIC_MODEL": "claude-sonnet-4-6"}),
                                       ("claude-sonnet-4-6", (), {"ANTHROPIC_MODEL": "claude-sonnet-4-6"}),
                                       ("claude-haiku-4-5", (), {})):
            with self.subTest(wanted=wanted):
                _, requests = self.play(steps("Done."), *arguments, **env)
                self.assertEqual(requests[0]["body"]["model"], wanted)

    def test_setting_sources_choose_the_files(self):
        self.write(f"{self.home}/.claude/settings.json", '{"model": "claude-haiku-4-5"}')
        _, requests = self.play(steps("Done."), "--setting-sources", "project,local", "--model", "claude-opus-4-6")
        self.assertEqual(requests[0]["body"]["model"], "claude-opus-4-6")
        _, requests = self.play(steps("Done."), "--setting-sources", "project,local")
        self.assertNotEqual(requests[0]["body"]["model"], "claude-haiku-4-5")


if __name__ == "__main__":
    unittest.main()
