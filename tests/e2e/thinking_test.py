"""How much the model is asked to think, as it stands in the requests."""
import unittest

from support import E2eCase, steps


class ThinkingTest(E2eCase):
    def body(self, *arguments, **more):
        run, requests = self.play(steps("Hi."), *arguments, **more)
        self.assert_success(run, "Hi.")
        return requests[-1]["body"]

    def test_adaptive_where_the_model_can_else_a_budget_below_the_output(self):
        self.assertEqual(self.body()["thinking"], {"type": "adaptive"})
        body = self.body("--model", "claude-haiku-4-5", CLAUDE_CODE_MAX_OUTPUT_TOKENS="3000", MAX_THINKING_TOKENS="9000")
        self.assertEqual(body["thinking"], {"type": "enabled", "budget_tokens": 2999})
        self.assertEqual(body["context_management"]["edits"][0]["type"], "clear_thinking_20251015")

    def test_off_is_said_to_a_model_that_thinks_unasked_unless_that_is_refused(self):
        self.assertEqual(self.body("--thinking", "disabled")["thinking"], {"type": "disabled"})
        self.assertNotIn("thinking", self.body("--thinking", "disabled", "--effort", "max"))
        self.assertNotIn("thinking", self.body("--thinking", "disabled", "--model", "claude-opus-4-7"))
        self.assertNotIn("thinking", self.body(MAX_THINKING_TOKENS="0"))

    def test_how_thinking_is_shown_can_be_chosen(self):
        self.assertEqual(self.body("--thinking-display", "summarized")["thinking"],
                         {"type": "adaptive", "display": "summarized"})

    def test_effort_is_lowered_to_what_the_model_takes(self):
        self.assertEqual(self.body("--model", "claude-sonnet-4-6", "--effort", "xhigh")["output_config"]["effort"], "high")
        self.assertEqual(self.body("--effort", "ultracode")["output_config"]["effort"], "xhigh")
        self.assertNotIn("output_config", self.body("--model", "claude-haiku-4-5", "--effort", "max"))

    def test_experimental_fields_and_their_headers_go_together(self):
        run, requests = self.play(steps("Hi."), "--model", "claude-haiku-4-5",
                                  CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS="1")
        self.assert_success(run)
        self.assertNotIn("context_management", requests[0]["body"])
        self.assertNotIn("context-management", requests[0]["headers"].get("anthropic-beta", ""))


if __name__ == "__main__":
    unittest.main()
