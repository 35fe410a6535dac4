"""Flags of the command line in whole runs: what they change in the requests, and what is refused."""
import os
import pty
import unittest

from support import AWL, STREAM, E2eCase, Started, steps


class SystemPromptTest(E2eCase):
    def system(self, *arguments, **env):
        run, requests = self.play(steps("Done."), *arguments, **env)
        self.assert_success(run, "Done.")
        return run, requests[0]["body"]

    def test_files_replace_and_add(self):
        self.write("sp.txt", "SP-FILE")
        self.write("ap.txt", "AP-FILE")
        _, body = self.system("--system-prompt-file", "sp.txt", "--append-system-prompt", "AP-TEXT", "--append-system-prompt-file", "ap.txt")
        words = "".join(block["text"] for block in body["system"])
        self.assertTrue(words.index("SP-FILE") < words.index("AP-TEXT") < words.index("AP-FILE"), words)
        self.assertLess(len(words), 600)

    def test_what_differs_between_machines_can_go_into_the_first_message(self):
        run, body = self.system("--exclude-dynamic-system-prompt-sections", "--append-system-prompt", "AP-TAIL")
        system = "".join(block["text"] for block in body["system"])
        self.assertNotIn(self.work, system)
        self.assertTrue(system.strip().endswith("AP-TAIL"))
        content = body["messages"][0]["content"]
        self.assertTrue(any(self.work in block["text"] for block in content[:-1]), content)
        self.assertEqual(content[-1]["text"], "Go on.")
        _, body = self.system("--exclude-dynamic-system-prompt-sections", "--system-prompt", "ONLY")
        self.assertFalse(any(self.work in block["text"] for block in body["messages"][0]["content"]))

    def test_bare_is_a_short_prompt_and_three_tools(self):
        for arguments, env in ((("--bare",), {}), ((), {"CLAUDE_CODE_SIMPLE": "1"})):
            run, body = self.system(*arguments, **env)
            self.assertEqual(sorted(tool["name"] for tool in body["tools"]), ["Bash", "Edit", "Read"])
            self.assertLess(len(body["system"][0]["text"]), 600)
        _, body = self.system("--bare", "--tools", "Bash")
        self.assertEqual([tool["name"] for tool in body["tools"]], ["Bash"])


class FlagTest(E2eCase):
    def assert_refused(self, *arguments, words=(), env=None):
        emulator = self.start_emulator(steps("Never."))
        run = self.run_awl(*arguments, env=self.env(emulator.url, **(env or {})))
        self.assertEqual((run.code, run.out), (1, ""), run)
        for word in words:
            self.assertIn(word, run.err)
        self.assertEqual(len(run.err.strip().split("\n")), 1, run)
        self.assertEqual(emulator.requests(), [])

    def test_a_folder_that_does_not_exist_is_refused(self):
        self.assert_refused("-p", "Go on.", "--add-dir", "no-such-folder", words=["--add-dir", "no-such-folder"])
        self.write("file", "")
        self.assert_refused("-p", "Go on.", "--add-dir", "file", words=["--add-dir"])

    def test_what_is_not_there_is_refused_by_name(self):
        for flags in (["--tmux"], ["--bg"], ["--chrome"], ["--mcp-config", "x.json"], ["--cloud"]):
            with self.subTest(flags=flags):
                self.assert_refused("-p", "Go on.", *flags, words=[flags[0]])

    def test_commands_that_are_not_there_answer_in_a_line(self):
        for command in ("mcp", "config", "update", "install", "setup-token", "remote-control"):
            with self.subTest(command=command):
                self.assert_refused(command, "x", words=["awl " + command])

    def test_a_flag_that_is_nearly_right_is_named(self):
        self.assert_refused("-p", "Go on.", "--max-turn", "3", words=["--max-turn", "--max-turns"])

    def test_a_list_that_swallowed_the_prompt_is_explained(self):
        self.assert_refused("-p", "--allowedTools", "Bash", "fix the bug", words=["--allowedTools", "--"])

    def test_the_turn_limit_of_the_environment_counts_and_must_be_a_number(self):
        self.assert_refused("-p", "Go on.", words=["CLAUDE_CODE_MAX_TURNS"], env={"CLAUDE_CODE_MAX_TURNS": "none"})
        again = [{"type": "tool_use", "name": "Bash", "input": {"command": "true"}}]
        run, requests = self.play(steps(again, again, again, "Done."), CLAUDE_CODE_MAX_TURNS="2")
        self.assertEqual((run.results()[0]["subtype"], len(requests)), ("error_max_turns", 2))
        run, requests = self.play(steps(again, again, again, "Done."), "--max-turns", "1", CLAUDE_CODE_MAX_TURNS="2")
        self.assertEqual((run.results()[0]["subtype"], len(requests)), ("error_max_turns", 1))

    def test_flags_that_programs_pass_are_taken(self):
        run, _ = self.play(steps("Done."), "--setting-sources=", "--permission-mode", "default", "--strict-mcp-config",
                           "--mcp-config", '{"mcpServers":{}}', "--no-session-persistence", "--name", "x", "--no-chrome",
                           "--allow-dangerously-skip-permissions", "--include-hook-events", "--disable-slash-commands",
                           "--fallback-model=haiku", "--safe-mode")
        self.assert_success(run, "Done.")

    def test_thinking_follows_the_flags_before_the_environment(self):
        for arguments, env, kind in ((("--thinking", "disabled"), {}, None), ((), {}, "adaptive"),
                                     (("--thinking=adaptive",), {"CLAUDE_CODE_DISABLE_THINKING": "1"}, "adaptive"),
                                     (("--max-thinking-tokens", "0"), {"MAX_THINKING_TOKENS": "5000"}, None)):
            with self.subTest(arguments=arguments):
                _, requests = self.play(steps("Done."), "--model", "claude-sonnet-4-6", *arguments, **env)
                thinking = requests[0]["body"].get("thinking") or {}
                self.assertEqual(thinking.get("type") if thinking.get("type") != "disabled" else None, kind)
        _, requests = self.play(steps("Done."), "--model", "claude-haiku-4-5", "--max-thinking-tokens", "2048")
        self.assertEqual(requests[0]["body"]["thinking"], {"type": "enabled", "budget_tokens": 2048})

    def test_betas_are_added_to_the_header(self):
        _, requests = self.play(steps("Done."), "--betas", "one-2026-01-01,two-2026-01-01", "three-2026-01-01")
        betas = requests[0]["headers"]["anthropic-beta"].split(",")
        self.assertTrue({"one-2026-01-01", "two-2026-01-01", "three-2026-01-01"} <= {beta.strip() for beta in betas}, betas)

    def test_settings_must_be_a_regular_file_of_two_mebibytes_at_most(self):
        self.assert_refused("-p", "Go on.", "--settings", "/dev/zero", words=["--settings", "/dev/zero"])
        path = self.write("large.json", "{}" + " " * (2 << 20))
        self.assert_refused("-p", "Go on.", "--settings", path, words=["--settings", "large.json"])


class FaceTest(E2eCase):
    def test_a_program_that_starts_it_as_sdks_do_needs_no_print_flag(self):
        emulator = self.start_emulator(steps("Done."))
        message = '{"type":"user","message":{"role":"user","content":"Hello."}}\n'
        run = self.run_awl("--input-format", "stream-json", *STREAM, env=self.env(emulator.url), stdin=message.encode())
        self.assert_success(run, "Done.")

    def test_without_a_terminal_it_is_headless(self):
        emulator = self.start_emulator(steps("Done."))
        run = self.run_awl("Go on.", env=self.env(emulator.url))
        self.assertEqual((run.code, run.out), (0, "Done.\n"), run)

    def test_a_terminal_that_cannot_be_drawn_on_is_refused(self):
        leader, follower = pty.openpty()
        started = Started([AWL], env=self.env(TERM="dumb"), cwd=self.work, stdin=follower, stdout=follower)
        os.close(follower)
        run = started.end()
        os.close(leader)
        self.assertEqual(run.code, 1)
        self.assertIn("awl -p", run.err)
        self.assertEqual(len(run.err.strip().split("\n")), 1)


if __name__ == "__main__":
    unittest.main()
