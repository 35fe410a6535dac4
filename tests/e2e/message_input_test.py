"""Messages on standard input: a JSON object a line."""
import json
import subprocess
import unittest

from support import STREAM, E2eCase, call, result_text, sent_results, steps

INPUT = ("-p", "--input-format", "stream-json", *STREAM)


def message(content, **more):
    return {"type": "user", "message": {"role": "user", "content": content}, **more}


class MessageInputTest(E2eCase):
    def feed(self, lines, *arguments, scenario=None, **env):
        """A run whose input is `lines` (objects or texts), and its requests."""
        emulator = self.start_emulator(scenario or steps("one", "two", "three"))
        text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
        run = self.run_awl(*INPUT, *arguments, env=self.env(emulator.url, **env), stdin=text.encode())
        return run, emulator.requests()

    def test_messages_that_come_at_once_are_answered_one_after_the_other(self):
        rules = [{"when": {"last_user_contains": word}, "step": {"content": answer}}
                 for word, answer in (("alpha", "one"), ("beta", "two"), ("gamma", "three"))]
        run, requests = self.feed([message("alpha"), message([{"type": "text", "text": "beta"}]), message("gamma")],
                                  scenario={"rules": rules, "steps": steps("never")["steps"]})
        self.assertEqual(run.code, 0, run)
        self.assertEqual([r["result"] for r in run.results()], ["one", "two", "three"])
        self.assertEqual(len(run.events("system", "init")), 3)
        self.assertEqual([m["role"] for m in requests[2]["body"]["messages"]], ["user", "assistant"] * 2 + ["user"])
        uuids = [e["uuid"] for e in run.events()]
        self.assertEqual(len(set(uuids)), len(uuids))

    def test_the_end_of_input_during_a_turn_finishes_it(self):
        run, requests = self.feed([message("alpha")], "--allowedTools", "Bash",
                                  scenario=steps([call("Bash", command="sleep 0.2; echo slow")], "Done."))
        self.assert_success(run, "Done.")
        self.assertEqual(result_text(sent_results(requests[1])[0]), "slow")

    def test_blank_lines_and_signs_of_life_are_passed_over(self):
        run, requests = self.feed(["", "  ", {"type": "keep_alive"}, message("alpha"), "",
                                   {"type": "control_response", "response": {"subtype": "success", "request_id": "x"}}])
        self.assert_success(run, "one")
        self.assertEqual(run.err, "")
        self.assertEqual(len(requests), 1)

    def test_a_last_line_needs_no_newline(self):
        emulator = self.start_emulator(steps("one"))
        run = self.run_awl(*INPUT, env=self.env(emulator.url), stdin=json.dumps(message("alpha")).encode())
        self.assert_success(run, "one")

    def test_a_broken_line_ends_the_run_after_what_came_before_was_answered(self):
        for broken, word in (("{oops", "JSON"), ("[]", "JSON"), ('{"type":"mystery"}', "mystery"), ('{"type":"user"}', "content"),
                             ('{"type":"user","message":{"role":"assistant","content":"x"}}', "role")):
            with self.subTest(broken=broken):
                run, requests = self.feed([message("alpha"), broken, message("never")])
                self.assertEqual(run.code, 1, run)
                self.assertEqual([r["result"] for r in run.results()], ["one"])
                self.assertIn("line 2", run.err)
                self.assertIn(word, run.err)
                self.assertEqual(len(requests), 1)

    def test_every_control_request_is_answered(self):
        run, _ = self.feed([{"type": "control_request", "request_id": "r1", "request": {"subtype": "initialize"}}, message("alpha"),
                            {"type": "control_request", "request_id": "r2", "request": {"subtype": "no_such_thing"}},
                            {"type": "control_request", "request_id": "r3"}])
        self.assertEqual(run.code, 0, run)
        answers = [e["response"] for e in run.events("control_response")]
        self.assertEqual([(a["request_id"], a["subtype"]) for a in answers], [("r1", "success"), ("r2", "error"), ("r3", "error")])
        self.assertIn("no_such_thing", answers[1]["error"])
        self.assertEqual([r["result"] for r in run.results()], ["one"])

    def test_an_interrupt_ends_the_turn_and_the_next_message_is_answered(self):
        emulator = self.start_emulator(steps({"content": "word " * 400, "event_delay_ms": 200}, "two"))
        started = self.start(*INPUT, "--include-partial-messages", env=self.env(emulator.url), stdin=subprocess.PIPE)

        def send(line):
            started.process.stdin.write(json.dumps(line).encode() + b"\n")
            started.process.stdin.flush()

        send(message("alpha"))
        started.wait_for_output("text_delta")
        send({"type": "control_request", "request_id": "i", "request": {"subtype": "interrupt"}})
        started.wait_for_output('"result"')
        send(message("beta"))
        started.process.stdin.close()
        run = started.end()
        self.assertEqual([r["subtype"] for r in run.results()], ["error_during_execution", "success"], run)
        self.assertEqual(run.events("control_response")[0]["response"], {"subtype": "success", "request_id": "i", "response": {}})
        self.assertEqual(run.code, 0)

    def test_a_line_of_two_megabytes_arrives_whole(self):
        words = "0123456789abcdef" * (1 << 17)
        run, requests = self.feed([message(words)])
        self.assert_success(run, "one")
        self.assertEqual(requests[0]["body"]["messages"][-1]["content"][-1]["text"], words)

    def test_a_blank_message_is_answered_without_the_model(self):
        run, requests = self.feed([message(" \n"), message([{"type": "text", "text": ""}]), message("alpha")])
        self.assertEqual(run.code, 0, run)
        self.assertEqual(len(run.results()), 3)
        self.assertIn("blank", run.results()[0]["result"])
        self.assertEqual(run.results()[2]["result"], "one")
        self.assertEqual(len(requests), 1)

    def test_a_message_that_asks_nothing_goes_along_with_the_next(self):
        run, requests = self.feed([message("context", shouldQuery=False), message("question")])
        self.assert_success(run, "one")
        # What the session says of itself stands before them.
        self.assertEqual([b["text"] for b in requests[0]["body"]["messages"][0]["content"]][-2:], ["context", "question"])

    def test_replayed_messages_keep_their_ids(self):
        uuid = "7f1d7a35-7d7c-4b0e-8f0a-3e6f0f0c0b0a"
        run, _ = self.feed([message("alpha", uuid=uuid), message("beta")], "--replay-user-messages")
        replayed = [e for e in run.events("user") if e.get("isReplay")]
        self.assertEqual(replayed[0]["uuid"], uuid)
        self.assertEqual([e["message"]["content"] for e in replayed], ["alpha", "beta"])
        kinds = [e["type"] for e in run.events() if e["type"] in ("user", "result")]
        self.assertEqual(kinds, ["user", "result", "user", "result"])

    def test_an_idle_run_ends_by_itself_when_it_is_told_to(self):
        emulator = self.start_emulator(steps("one"))
        started = self.start(*INPUT, env=self.env(emulator.url, CLAUDE_CODE_EXIT_AFTER_STOP_DELAY="200"), stdin=subprocess.PIPE)
        started.process.stdin.write(json.dumps(message("alpha")).encode() + b"\n")
        started.process.stdin.flush()
        try:
            self.assert_success(started.end(), "one")
        finally:
            started.process.stdin.close()


if __name__ == "__main__":
    unittest.main()
