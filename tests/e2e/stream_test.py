"""Streams that break, hold what nobody expected, or come in crumbs."""
import json
import os
import unittest

from proxy import ReverseProxy
from support import (ALWAYS, STREAM, E2eCase, block_events, call, message_end, message_start, result_text, sent_results, sse,
                     steps, text)

HI = block_events(0, text(""), [{"type": "text_delta", "text": "Hi "}, {"type": "text_delta", "text": "there."}])


def once(step, then="Hi there."):
    """The first request is answered with `step`, all others in the ordinary way."""
    return {"rules": [{"when": ALWAYS, "times": 1, "step": step}], "steps": steps(then)["steps"]}


class BrokenStreamTest(E2eCase):
    def assert_repeated(self, step):
        run, requests = self.play(once(step))
        self.assert_success(run, "Hi there.")
        self.assertEqual(run.said(), ["Hi there."])
        self.assertEqual(len(requests), 2)
        self.assertEqual(requests[0]["body"]["messages"], requests[1]["body"]["messages"])

    def test_a_stream_cut_before_a_block_is_complete_is_repeated(self):
        for events in (1, 4):
            with self.subTest(events=events):
                self.assert_repeated({"content": "Half of what I wanted to say, which is much more", "cut_after_events": events})

    def test_an_empty_stream_is_repeated(self):
        self.assert_repeated({"raw_sse": ": nothing\n\n"})

    def test_a_malformed_event_before_a_block_is_complete_is_repeated(self):
        self.assert_repeated({"raw_sse": sse(message_start(), "event: content_block_start\ndata: {\"type\": \"content_bl\n\n")})

    def test_an_error_event_after_part_of_a_text_is_repeated(self):
        error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
        self.assert_repeated({"raw_sse": sse(message_start(), *HI[:2], error)})

    def test_overload_as_the_first_event_is_repeated(self):
        self.assert_repeated({"raw_sse": sse({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}})})

    def test_an_answer_that_is_no_event_stream_is_repeated(self):
        self.assert_repeated({"raw_sse": "<html><body>502 Bad Gateway</body></html>"})

    def test_streams_that_always_break_end_in_an_error(self):
        run, requests = self.play(steps({"content": "Half", "cut_after_events": 3}), CLAUDE_CODE_MAX_RETRIES="1",
                                  CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK="1")
        self.assert_api_error(run, None)
        self.assertEqual(len(requests), 2)
        self.assertEqual(run.said(), [])

    def test_a_stream_that_broke_early_is_followed_by_a_request_for_a_whole_answer(self):
        step = {"content": "Half", "cut_after_events": 3}
        run, requests = self.play(steps(step), "--include-partial-messages", CLAUDE_CODE_MAX_RETRIES="0")
        self.assert_success(run, "Half")
        self.assertEqual([r["body"].get("stream") for r in requests], [True, None])
        self.assertEqual([r["auth"] for r in requests], ["sigv4"] * 2)
        self.assertEqual(run.said(), ["Half"])
        events = [e["event"]["type"] for e in run.events("stream_event")]
        self.assertEqual(events[-6:], ["message_start", "content_block_start", "content_block_delta", "content_block_stop",
                                       "message_delta", "message_stop"])

    def test_wherever_a_stream_is_cut_no_text_is_doubled_and_no_tool_runs_twice(self):
        log = os.path.join(self.work, "log")
        content = [text("I write."), call("Bash", command=f"echo ran >> {log}")]
        # message_start, (start, ping, delta, stop), (start, delta, delta, stop), message_delta, message_stop
        for events in range(1, 12):
            with self.subTest(events=events):
                if os.path.exists(log):
                    os.remove(log)
                step = {"content": content, "chunk_bytes": 1000, "cut_after_events": events}
                scenario = {"rules": [{"when": ALWAYS, "times": 1, "step": step}], "steps": steps(content, "Done.")["steps"]}
                run, _ = self.play(scenario, "--allowedTools", "Bash")
                # A text that is complete is not asked for again, and a tool call whose input is not whole does not run.
                broken = 5 <= events <= 7
                if broken:
                    self.assert_api_error(run, None, "may be incomplete")
                else:
                    self.assert_success(run)
                self.assertEqual(run.said().count("I write."), 1, run)
                ran = self.read("log").count("ran") if os.path.exists(log) else 0
                self.assertEqual(ran, 0 if broken else 1, run)

    def test_thinking_text_and_two_calls_cut_anywhere(self):
        thinking = {"type": "thinking", "thinking": "I wonder.", "signature": "c2ln"}
        # 1 message_start; 2 start, 3 ping, 4 thinking, 5 signature, 6 stop; 7 start, 8 delta, 9 stop; 10 start, 11 empty
        # delta, 12 input, 13 stop; 14 start, 15 empty delta, 16 input, 17 stop; 18 message_delta; 19 message_stop
        for events in range(1, 20):
            with self.subTest(events=events):
                log = os.path.join(self.work, f"log{events}")
                content = [thinking, text("I write."), call("Bash", command=f"echo one >> {log}"),
                           call("Bash", command=f"echo two >> {log}")]
                emulator = self.start_emulator({
                    "rules": [{"when": {"last_user_contains": "Say fine."}, "step": {"content": "Fine."}},
                              {"when": ALWAYS, "times": 1,
                               "step": {"content": content, "chunk_bytes": 1000, "cut_after_events": events}}],
                    "steps": steps(content, "Done.")["steps"]})
                # Whatever is kept of the answer: what is said after it is accepted.
                lines = [{"type": "user", "message": {"role": "user", "content": words}} for words in ("Go on.", "Say fine.")]
                run = self.run_awl("-p", "--input-format", "stream-json", *STREAM, "--include-partial-messages",
                                   "--allowedTools", "Bash", env=self.env(emulator.url),
                                   stdin="".join(json.dumps(line) + "\n" for line in lines).encode())
                emulator.stop()
                first, second = run.results()
                self.assertEqual(second["result"], "Fine.", run)
                only_text = 9 <= events <= 11
                self.assertEqual(first["is_error"], only_text, run)
                self.assertEqual(" mid-response. What stands above may be incomplete." in first["result"], only_text, run)
                self.assertEqual(run.said(), ["I write."] + ([] if only_text else ["Done."]) + ["Fine."], run)
                wanted = [] if only_text else ["one"] if 12 <= events <= 15 else ["one", "two"]
                self.assertEqual(self.read(log).split() if os.path.exists(log) else [], wanted, run)

    def test_a_stream_cut_after_a_tool_call_goes_on_with_the_result(self):
        step = {"content": [text("I write."), call("Bash", command="echo ran >> log; echo wrote")],
                "chunk_bytes": 1000, "cut_after_events": 9}
        run, requests = self.play(steps(step, "Done."), "--allowedTools", "Bash")
        self.assert_success(run, "Done.")
        self.assertEqual(run.said(), ["I write.", "Done."])
        self.assertEqual([result_text(b) for b in sent_results(requests[1])], ["wrote"])

    def test_an_answer_that_was_cut_after_a_block_says_so(self):
        step = {"content": [text("One."), text("Two.")], "chunk_bytes": 1000, "cut_after_events": 6}
        run, requests = self.play(steps(step))
        self.assertEqual(run.said(), ["One."])
        self.assertEqual(len(run.results()), 1)
        self.assert_api_error(run, None, "One.", "may be incomplete")


class OddStreamTest(E2eCase):
    def assert_hi(self, stream):
        run, requests = self.play(steps({"raw_sse": stream}))
        self.assert_success(run, "Hi there.")
        self.assertEqual(len(requests), 1)

    def test_unknown_events_fields_and_comments_are_passed_over(self):
        start = message_start()
        start["novelty"] = {"a": [1, 2]}
        self.assert_hi(sse(start, ": a comment\n\n", "event: glitter\ndata: {\"type\": \"glitter\", \"n\": 1}\n\n", "id: 7\nretry: 5\n\n",
                           *HI[:2], {"type": "ping"}, *HI[2:], *message_end()))

    def test_lines_may_end_with_carriage_return_and_line_feed(self):
        self.assert_hi(sse(message_start(), *HI, *message_end()).replace("\n", "\r\n"))

    def test_a_stream_may_end_right_after_the_stop_reason(self):
        self.assert_hi(sse(message_start(), *HI, message_end()[0]))

    def test_unknown_delta_types_are_passed_over(self):
        odd = {"type": "content_block_delta", "index": 0, "delta": {"type": "sparkle_delta", "sparkle": "x"}}
        self.assert_hi(sse(message_start(), HI[0], odd, *HI[1:], *message_end()))

    def test_a_stream_in_single_bytes_is_read_whole(self):
        words = "Grüße, 世界 and 🦉."
        emulator = self.start_emulator(steps([text(words), call("Bash", command="echo done")], "Done."))
        proxy = ReverseProxy(self, emulator.port, piece_bytes=1, host=f"127.0.0.1:{emulator.port}")
        run = self.ask(proxy.url, "--allowedTools", "Bash", AWL_AWS_SIGN_HOST=f"127.0.0.1:{emulator.port}")
        self.assert_success(run, "Done.")
        self.assertEqual(run.said(), [words, "Done."])

    def test_a_tool_input_in_chunks_of_one_byte_is_put_together(self):
        wanted = {"command": "printf '%s' 'a \"quoted\" \\ back é 🦉'", "description": "Prints"}
        crumbs = [{"type": "input_json_delta", "partial_json": c} for c in ["", *json.dumps(wanted)]]
        block = {"type": "tool_use", "id": "toolu_crumbs", "name": "Bash", "input": {}}
        stream = sse(message_start(), *block_events(0, block, crumbs), *message_end("tool_use"))
        run, requests = self.play(steps({"raw_sse": stream}, "Done."), "--allowedTools", "Bash")
        self.assert_success(run, "Done.")
        self.assertEqual(requests[1]["body"]["messages"][1]["content"], [block | {"input": wanted}])
        self.assertEqual(result_text(sent_results(requests[1])[0]), 'a "quoted" \\ back é 🦉')

    def test_a_tool_input_that_is_no_json_is_answered_with_an_error_and_the_run_goes_on(self):
        broken = {"type": "tool_use", "name": "Bash", "raw_input": "{\"command\": \"echo hi"}
        run, requests = self.play(steps([broken], "Done."), "--allowedTools", "Bash")
        self.assert_success(run, "Done.")
        result = sent_results(requests[1])[0]
        self.assertTrue(result["is_error"])
        self.assertIn("<tool_use_error>", result_text(result))
        self.assertIsInstance(requests[1]["body"]["messages"][1]["content"][0]["input"], dict)

    def test_a_tool_input_that_is_nested_without_end_does_not_end_the_program(self):
        nested = "[" * 200_000 + "]" * 200_000
        block = {"type": "tool_use", "id": "toolu_deep", "name": "Bash", "input": {}}
        crumbs = [{"type": "input_json_delta", "partial_json": '{"command": ' + nested + "}"}]
        stream = sse(message_start(), *block_events(0, block, crumbs), *message_end("tool_use"))
        run, _ = self.play(steps({"raw_sse": stream}, "Done."))
        self.assertIn(run.code, (0, 1), run)
        self.assertEqual(run.out.count('"type":"result"'), 1)

    def test_an_answer_without_content_ends_the_turn(self):
        run, requests = self.play(steps({"raw_sse": sse(message_start(), *message_end())}))
        self.assertEqual(len(run.results()), 1, run)
        self.assertLessEqual(len(requests), 3)

    def test_a_refusal_is_an_error_result_that_says_so(self):
        run, requests = self.play(steps({"content": "I will not.", "stop_reason": "refusal"}))
        self.assertEqual(run.code, 1, run)
        self.assertTrue(run.results()[0]["is_error"])
        self.assertEqual(run.results()[0]["stop_reason"], "refusal")
        self.assertEqual(len(requests), 1)

    def test_max_tokens_every_time_ends_in_an_error_that_names_the_variable(self):
        run, requests = self.play(steps(*[{"content": "And so on", "stop_reason": "max_tokens"}] * 9))
        self.assertEqual(run.code, 1, run)
        self.assertIn("CLAUDE_CODE_MAX_OUTPUT_TOKENS", run.results()[0]["result"])
        self.assertLessEqual(len(requests), 6)


if __name__ == "__main__":
    unittest.main()
