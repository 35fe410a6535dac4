"""Signals and early ends: a run always ends, with its result or without, and nothing it started stays behind."""
import fcntl
import json
import os
import signal
import subprocess
import sys
import termios
import time
import unittest

from support import STREAM, E2eCase, call, is_alive, steps, text, wait_until

# Tells its own id and that of a child of its own, and stays.
STAYING = "sleep 300 & echo $! > child.new; mv child.new child; echo $$ > shell.new; mv shell.new shell; wait"


class EndingTest(E2eCase):
    def start_staying(self, *arguments, stdout=subprocess.PIPE, then=None, **tool_input):
        second = [call("Bash", command=then)] if then else "Never."
        emulator = self.start_emulator(steps([text("I run."), call("Bash", command=STAYING, **tool_input)], second, "Never."))
        started = self.start("-p", "Go on.", "--allowedTools", "Bash", *arguments, env=self.env(emulator.url), stdout=stdout)
        self.wait_for_processes()
        return started

    def wait_for_processes(self):
        self.pids = [int(wait_until(lambda n=n: os.path.exists(os.path.join(self.work, n)) and self.read(n).strip(), n))
                     for n in ("shell", "child")]
        self.addCleanup(self.end_what_stayed)

    def end_what_stayed(self):
        for pid in filter(is_alive, self.pids):
            os.kill(pid, signal.SIGKILL)

    def assert_nothing_stays(self):
        for pid in self.pids:
            wait_until(lambda p=pid: not is_alive(p), f"the end of process {pid}", 10)

    def assert_interrupted(self, run):
        self.assertEqual(run.code, 1, run)
        self.assertEqual(len(run.results()), 1, run)
        result = run.results()[0]
        self.assertEqual((result["subtype"], result["is_error"]), ("error_during_execution", True))
        self.assertEqual(run.events()[-1], result)

    def test_an_interrupt_during_a_command_gives_one_error_result_and_ends_the_command(self):
        started = self.start_staying(*STREAM)
        started.process.send_signal(signal.SIGINT)
        self.assert_interrupted(started.end())
        self.assert_nothing_stays()

    def test_a_second_interrupt_changes_nothing(self):
        started = self.start_staying(*STREAM)
        for _ in range(3):
            started.process.send_signal(signal.SIGINT)
        self.assert_interrupted(started.end())
        self.assert_nothing_stays()

    def test_an_interrupt_with_text_output_exits_with_1(self):
        started = self.start_staying()
        started.process.send_signal(signal.SIGINT)
        self.assertEqual(started.end().code, 1)
        self.assert_nothing_stays()

    def test_an_interrupt_during_the_answer_gives_one_error_result(self):
        emulator = self.start_emulator(steps({"content": "word " * 400, "event_delay_ms": 200}))
        started = self.start("-p", "Go on.", *STREAM, "--include-partial-messages", env=self.env(emulator.url))
        started.wait_for_output("text_delta")
        started.process.send_signal(signal.SIGINT)
        run = started.end()
        self.assert_interrupted(run)
        self.assertLess(run.seconds, 30)

    def test_an_interrupt_before_the_answer_begins_gives_one_error_result(self):
        emulator = self.start_emulator(steps({"content": "Never.", "delay_ms": 50_000}))
        started = self.start("-p", "Go on.", *STREAM, env=self.env(emulator.url))
        started.wait_for_output('"init"')
        started.process.send_signal(signal.SIGINT)
        run = started.end(30)
        self.assert_interrupted(run)

    def test_an_interrupt_during_the_pause_before_a_retry_ends_the_run(self):
        emulator = self.start_emulator(steps({"status": 529, "headers": {"retry-after": "45"}}))
        started = self.start("-p", "Go on.", *STREAM, env=self.env(emulator.url))
        started.wait_for_output("api_retry")
        started.process.send_signal(signal.SIGINT)
        self.assert_interrupted(started.end(30))

    def test_sigterm_during_a_command_exits_with_143_without_a_result_and_ends_the_command(self):
        started = self.start_staying(*STREAM)
        started.process.send_signal(signal.SIGTERM)
        run = started.end(30)
        self.assertEqual((run.code, run.results()), (143, []), run)
        self.assert_nothing_stays()

    def test_sigterm_during_the_answer_exits_with_143_without_a_result(self):
        emulator = self.start_emulator(steps({"content": "word " * 400, "event_delay_ms": 200}))
        started = self.start("-p", "Go on.", *STREAM, "--include-partial-messages", env=self.env(emulator.url))
        started.wait_for_output("text_delta")
        started.process.send_signal(signal.SIGTERM)
        run = started.end(30)
        self.assertEqual((run.code, run.results()), (143, []), run)

    def test_sigterm_ends_background_commands_too(self):
        started = self.start_staying(*STREAM, run_in_background=True)
        started.process.send_signal(signal.SIGTERM)
        self.assertEqual(started.end(8).code, 143)
        self.assert_nothing_stays()

    def test_a_reader_that_goes_away_ends_a_run_with_a_background_command(self):
        reader, writer = os.pipe()
        started = self.start_staying(*STREAM, stdout=writer, then="until [ -e go ]; do sleep 0.02; done", run_in_background=True)
        os.close(writer)
        os.close(reader)
        self.write("go", "")
        self.assertEqual(started.end(8).code, 1)
        self.assert_nothing_stays()

    def test_an_interrupt_while_background_commands_are_awaited_ends_the_run_at_once(self):
        started = self.start_staying(*STREAM, run_in_background=True)
        started.wait_for_output('"result"')
        interrupted = time.monotonic()
        started.process.send_signal(signal.SIGINT)
        started.end()
        self.assertLess(time.monotonic() - interrupted, 3)
        self.assert_nothing_stays()

    def test_a_terminal_that_goes_away_ends_the_run_and_all_it_started(self):
        started = self.start_staying(*STREAM)
        started.process.send_signal(signal.SIGHUP)
        self.assertIn(started.process.wait(30), (129, -signal.SIGHUP))
        wait_until(lambda: not any(map(is_alive, self.pids)), "the end of what was started", 5)

    def test_sigterm_while_standard_input_is_awaited_ends_the_program(self):
        started = self.start("-p", env=self.env("http://127.0.0.1:1"), stdin=subprocess.PIPE)
        try:
            wait_until(lambda: os.path.exists(f"/proc/{started.pid}/exe") and os.readlink(f"/proc/{started.pid}/exe").endswith("awl"),
                       "the program's start")
            started.process.send_signal(signal.SIGTERM)
            run = started.end(30)
        finally:
            started.process.stdin.close()
        self.assertIn(run.code, (143, -signal.SIGTERM))  # a shell shows both as 143
        self.assertEqual(run.out, "")

    def test_kill_takes_the_running_command_along(self):
        started = self.start_staying(*STREAM)
        started.process.kill()
        wait_until(lambda: not is_alive(self.pids[0]), "the shell's end", 10)  # only the direct child is promised

    def test_a_command_that_ignores_sigterm_does_not_hold_the_run_up(self):
        emulator = self.start_emulator(steps([call("Bash", command="trap '' TERM INT; " + STAYING)], "Never."))
        started = self.start("-p", "Go on.", "--allowedTools", "Bash", *STREAM, env=self.env(emulator.url))
        self.wait_for_processes()
        started.process.send_signal(signal.SIGINT)
        self.assert_interrupted(started.end(30))
        self.assert_nothing_stays()

    def test_a_second_interrupt_does_not_wait_for_what_holds_the_run_up(self):
        emulator = self.start_emulator(steps([call("Bash", command="trap '' TERM INT; " + STAYING)], "Never."))
        started = self.start("-p", "Go on.", "--allowedTools", "Bash", *STREAM, env=self.env(emulator.url))
        self.wait_for_processes()
        for _ in range(2):
            started.process.send_signal(signal.SIGINT)
            time.sleep(0.1)  # two signals that come together are one
        self.assertIn(started.end(15).code, (1, 130))
        self.assert_nothing_stays()

    def test_a_reader_that_takes_one_line_ends_the_run_quietly(self):
        emulator = self.start_emulator(steps(*[[text("x" * 70000), call("Bash", command="sleep 0.05")]] * 100, "Never."))
        reader, writer = os.pipe()
        started = self.start("-p", "Go on.", "--allowedTools", "Bash", *STREAM, env=self.env(emulator.url), stdout=writer)
        os.close(writer)
        with os.fdopen(reader, "rb") as stream:
            self.assertIn(b'"init"', stream.readline())
        run = started.end()
        self.assertEqual((run.code, run.err), (1, ""), run)

    def assert_a_stalled_reader_does_not_hold_up(self, number, *arguments):
        emulator = self.start_emulator(steps([call("Bash", command=STAYING, run_in_background=True)], "x" * 300_000, "Never."))
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        started = self.start("-p", "Go on.", "--allowedTools", "Bash", *arguments, env=self.env(emulator.url), stdout=writer)
        os.close(writer)
        self.wait_for_processes()
        wait_until(lambda: self.is_nearly_full(reader), "a full pipe")
        started.process.send_signal(number)
        run = started.end(20)
        self.assertEqual((run.code, run.err), (128 + number, ""), run)
        self.assert_nothing_stays()

    def is_nearly_full(self, reader):
        held = fcntl.ioctl(reader, termios.FIONREAD, b"\0" * 4)
        return int.from_bytes(held, sys.byteorder) >= 30_000  # of 64 KB; pages may be partly used

    def test_sigterm_ends_a_run_whose_reader_does_not_read(self):
        self.assert_a_stalled_reader_does_not_hold_up(signal.SIGTERM, *STREAM)

    def test_an_interrupt_ends_a_run_whose_reader_does_not_read(self):
        self.assert_a_stalled_reader_does_not_hold_up(signal.SIGINT, *STREAM)

    def test_an_interrupt_drops_the_messages_that_wait(self):
        emulator = self.start_emulator(steps([call("Bash", command=STAYING)], *["Never."] * 5))
        started = self.start("-p", "--input-format", "stream-json", "--allowedTools", "Bash", *STREAM,
                             env=self.env(emulator.url), stdin=subprocess.PIPE)
        try:
            for words in ("one", "two", "three"):
                line = json.dumps({"type": "user", "message": {"role": "user", "content": words}}) + "\n"
                started.process.stdin.write(line.encode())
            started.process.stdin.flush()
            self.wait_for_processes()
            started.process.send_signal(signal.SIGINT)
            self.assert_interrupted(started.end(30))
        finally:
            started.process.stdin.close()
        self.assertEqual(len(emulator.requests()), 1)
        self.assert_nothing_stays()

    def test_a_full_disk_is_an_error_with_a_sentence(self):
        emulator = self.start_emulator(steps("Done.", "Done."))
        for arguments in ((), STREAM):
            with open("/dev/full", "wb") as full:
                run = self.start("-p", "Go on.", *arguments, env=self.env(emulator.url), stdout=full).end()
            self.assertEqual(run.code, 1)
            self.assertIn("No space left", run.err)

    def test_a_standard_error_that_is_closed_or_full_is_no_error(self):
        self.write(f"{self.home}/.claude/settings.json", "{")  # gives a warning
        emulator = self.start_emulator(steps("Done.", "Done."))
        for close in (lambda: os.close(2), lambda: os.dup2(os.open("/dev/full", os.O_WRONLY), 2)):
            run = self.start("-p", "Go on.", env=self.env(emulator.url), preexec_fn=close).end()
            self.assertEqual((run.code, run.out), (0, "Done.\n"), run)

    def test_what_a_command_left_running_ends_with_the_run(self):
        run, _ = self.play(steps([call("Bash", command="sleep 300 > /dev/null 2>&1 & echo $! > child")], "Done."), "--allowedTools", "Bash")
        self.assert_success(run, "Done.")
        self.pids = [int(self.read("child"))]
        self.assert_nothing_stays()


if __name__ == "__main__":
    unittest.main()
