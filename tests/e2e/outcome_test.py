"""How turns end that do not end well, and what is possible after them."""
import json
import unittest

from support import ALWAYS, STREAM, E2eCase, call, message_start, sse, steps, text

REFUSAL = sse(message_start(), {"type": "message_delta", "usage": {"output_tokens": 1}, "delta": {
    "stop_reason": "refusal", "stop_details": {"type": "refusal", "category": "cyber", "explanation": "Flagged by a test."}}},
    {"type": "message_stop"})


class OutcomeTest(E2eCase):
    def converse(self, scenario, *arguments, **more):
        """Two messages in one run: "Go on." and "Say fine."; returns the run and its requests."""
        emulator = self.start_emulator(scenario)
        lines = [{"type": "user", "message": {"role": "user", "content": words}} for words in ("Go on.", "Say fine.")]
        run = self.run_awl("-p", "--input-format", "stream-json", *STREAM, *arguments, env=self.env(emulator.url, **more),
                           stdin="".join(json.dumps(line) + "\n" for line in lines).encode())
        return run, emulator.requests()

    FINE = {"when": {"last_user_contains": "Say fine."}, "step": {"content": "Fine."}}

    def test_a_refusal_moves_the_session_to_another_model(self):
        run, requests = self.converse({"rules": [{"when": {"model_contains": "claude-opus-5"}, "step": {"raw_sse": REFUSAL}},
                                                 self.FINE], "steps": [{"content": "Answer."}]})
        self.assertEqual([r["result"] for r in run.results()], ["Answer.", "Fine."], run)
        self.assertEqual([r["body"]["model"] for r in requests], ["claude-opus-5", "claude-opus-4-8", "claude-opus-4-8"])
        self.assertIn("claude-opus-4-8", run.events("system", "informational")[0]["content"])
        self.assertEqual([e["model"] for e in run.events("system", "init")], ["claude-opus-5", "claude-opus-4-8"])

    def test_a_refusal_is_an_error_when_models_are_not_to_be_switched(self):
        self.write(f"{self.home}/.claude/settings.json", json.dumps({"switchModelsOnFlag": False}))
        run, requests = self.converse({"rules": [self.FINE], "steps": [{"raw_sse": REFUSAL}]})
        refused, fine = run.results()
        self.assertTrue(refused["is_error"], run)
        self.assertEqual(refused["stop_reason"], "refusal")
        for words in ("claude-opus-5", "cyber", "Flagged by a test.", requests[0]["request_id"]):
            self.assertIn(words, refused["result"])
        self.assertEqual(fine["result"], "Fine.", run)

    def test_after_an_error_between_tool_results_the_next_message_is_accepted(self):
        run, requests = self.converse({"rules": [self.FINE], "steps": [{"content": [call("Bash", command="echo 1")]},
                                                                       {"status": 413}]})
        failed, fine = run.results()
        self.assertEqual(failed["api_error_status"], 413, run)
        self.assertEqual(fine["result"], "Fine.", run)
        self.assertEqual([r["status"] for r in requests], [200, 413, 200])

    def test_an_error_stands_in_the_stream_where_the_answer_would(self):
        run, _ = self.play(steps({"status": 429, "error": {"message": "slow down"}}), CLAUDE_CODE_MAX_RETRIES="0")
        result = self.assert_api_error(run, 429, "slow down")
        told = run.events("assistant")[-1]
        self.assertEqual((told["error"], told["message"]["model"]), ("rate_limit", "<synthetic>"))
        self.assertEqual(told["message"]["content"][0]["text"], result)

    def test_a_cut_answer_is_printed_with_the_notice_after_it(self):
        emulator = self.start_emulator(steps({"content": [text("One."), text("Two.")], "chunk_bytes": 1000, "cut_after_events": 6}))
        run = self.run_awl("-p", "Go on.", env=self.env(emulator.url))
        self.assertEqual(run.code, 1, run)
        self.assertTrue(run.out.startswith("One.\n\n"), run)
        self.assertEqual(run.out.count("may be incomplete"), 1, run)
        self.assertNotIn("Two", run.out + run.err)

    def test_the_default_model_may_stand_in(self):
        busy = {"when": {"model_contains": "sonnet"}, "step": {"status": 529, "headers": {"retry-after": "0"}}}
        run, requests = self.play({"rules": [busy], "steps": [{"content": "Done."}]}, "--model", "sonnet",
                                  "--fallback-model", "sonnet,default,default")
        result = self.assert_success(run, "Done.")
        models = [r["body"]["model"] for r in requests]
        self.assertEqual(models[:3], [models[0]] * 3)
        self.assertEqual(models[3:], ["claude-opus-5"])
        self.assertEqual(list(result["modelUsage"]), ["claude-opus-5"])

    def test_tokens_run_out_in_a_tool_call(self):
        step = {"content": [text("I write."), call("Bash", command="touch ran")], "stop_reason": "max_tokens"}
        scenario = {"rules": [{"when": ALWAYS, "times": 1, "step": step}], "steps": [{"content": "Done."}]}
        run, _ = self.play(scenario, "--allowedTools", "Bash")
        self.assert_success(run, "I write.Done.")
        with self.assertRaises(FileNotFoundError):
            self.read("ran")


if __name__ == "__main__":
    unittest.main()
