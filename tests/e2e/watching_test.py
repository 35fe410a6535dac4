"""What somebody sees who watches: progress on a terminal, tool calls with --verbose, the log of --debug."""
import os
import pty
import re
import subprocess
import threading
import unittest

from support import ACCESS_KEY, ALWAYS, AWL, SECRET_KEY, E2eCase, call, steps, text

SLOW = steps([text("I look."), call("Bash", command="sleep 1.5; echo looked")], "Final words.")


class Terminal:
    """A pseudo terminal; what is written to it is collected."""

    def __init__(self, test):
        self._leader, self.follower = pty.openpty()
        self._parts = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        test.addCleanup(self.close)

    def _read(self):
        while True:
            try:
                part = os.read(self._leader, 65536)
            except OSError:
                return
            if not part:
                return
            self._parts.append(part)

    def close(self):
        if self.follower is not None:
            os.close(self.follower)
            self.follower = None
            self._thread.join(10)
            os.close(self._leader)

    def text(self):
        self.close()
        return b"".join(self._parts).decode("utf-8")


class ProgressTest(E2eCase):
    def watch(self, *arguments, scenario=None, **env):
        emulator = self.start_emulator(scenario or SLOW)
        terminal = Terminal(self)
        process = subprocess.run([AWL, "-p", "Go on.", "--allowedTools", "Bash", *arguments], timeout=60,
                                 env=self.env(emulator.url, **{"TERM": "xterm", **env}), cwd=self.work, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=terminal.follower, check=False)
        return process, terminal.text()

    def test_a_line_tells_what_runs_and_is_erased_at_the_end(self):
        process, shown = self.watch()
        self.assertEqual((process.returncode, process.stdout), (0, b"Final words.\n"))
        self.assertIn("Bash: sleep 1.5; echo looked", shown)
        self.assertTrue(shown.endswith("\r\x1b[K"), repr(shown))
        self.assertNotIn("\n", shown)

    def test_nothing_is_shown_where_nobody_watches(self):
        for env in ({"TERM": "dumb"}, {"TERM": None}, {"CI": "true"}):
            with self.subTest(env=env):
                self.assertEqual(self.watch(**env)[1], "")
        self.assertEqual(self.watch("--output-format", "stream-json", "--verbose")[1], "")

    def test_without_colours_it_is_plain(self):
        self.assertIn("\x1b[2m", self.watch()[1])
        self.assertNotIn("\x1b[2m", self.watch(NO_COLOR="1")[1])

    def test_it_stays_within_the_width_and_one_line(self):
        long = steps([call("Bash", command="sleep 1.2; echo " + "x" * 300)], "Done.")
        _, shown = self.watch(scenario=long)
        for drawn in shown.split("\r\x1b[K"):
            self.assertLess(len(re.sub(r"\x1b\[\d*m", "", drawn)), 80)

    def test_warnings_stand_above_it(self):
        self.write(f"{self.home}/.claude/settings.json", "{")
        process, shown = self.watch()
        self.assertEqual(process.returncode, 0)
        self.assertIn("settings.json", shown.split("\n")[0])


class VerboseTest(E2eCase):
    def test_tool_calls_and_costs_go_to_standard_error(self):
        emulator = self.start_emulator(SLOW)
        run = self.run_awl("-p", "Go on.", "--allowedTools", "Bash", "--verbose", env=self.env(emulator.url))
        self.assertEqual((run.code, run.out), (0, "Final words.\n"), run)
        self.assertIn("Bash: sleep 1.5; echo looked\n", run.err)
        self.assertRegex(run.err, r"2 turns, \d+\.\d s, \d+ tokens in and \d+ out, \$\d+\.\d{4} in all\n")


class DebugTest(E2eCase):
    def log(self, *arguments, path="log.txt", **env):
        busy = {"when": ALWAYS, "times": 1, "step": {"status": 529, "headers": {"retry-after": "0"}}}
        emulator = self.start_emulator({"rules": [busy], "steps": steps(SLOW["steps"][0], "Done.")["steps"]})
        run = self.run_awl("-p", "Go on.", "--allowedTools", "Bash", *arguments, env=self.env(emulator.url, **env))
        self.assertEqual((run.code, run.out), (0, "Done.\n"), run)
        with open(os.path.join(self.work, path), encoding="utf-8") as file:
            return file.read()

    def test_the_log_tells_what_happened_and_no_secret(self):
        log = self.log("--debug-file", "log.txt")
        for words in ("[startup]", "[network] no proxy", "[api] attempt 1", "Bash: sleep 1.5", "[turn] ends: completed"):
            self.assertIn(words, log)
        for secret in (SECRET_KEY, ACCESS_KEY):
            self.assertNotIn(secret, log)
        self.assertEqual(os.stat(os.path.join(self.work, "log.txt")).st_mode & 0o077, 0)

    def test_it_lies_in_the_folder_of_claude_by_default_and_where_the_variable_says(self):
        uuid = "550e8400-e29b-41d4-a716-446655440000"
        self.assertIn("[turn]", self.log("--debug", "--session-id", uuid, path=f"{self.home}/.claude/debug/{uuid}.txt"))
        self.assertIn("[turn]", self.log(path="elsewhere", DEBUG="1", CLAUDE_CODE_DEBUG_LOGS_DIR="elsewhere"))

    def test_categories_are_chosen(self):
        only = self.log("--debug=api", "--debug-file", "log.txt")
        self.assertNotIn("[turn]", only)
        self.assertIn("[api]", only)
        without = self.log("--debug=!api", "--debug-file", "log2.txt", path="log2.txt")
        self.assertIn("[turn]", without)
        self.assertNotIn("[api]", without)

    def test_a_log_that_cannot_be_written_is_a_warning(self):
        emulator = self.start_emulator(steps("Done."))
        run = self.run_awl("-p", "Go on.", "--debug-file", "/proc/no/such", env=self.env(emulator.url))
        self.assertEqual((run.code, run.out), (0, "Done.\n"), run)
        self.assertIn("/proc/no/such", run.err)


if __name__ == "__main__":
    unittest.main()
