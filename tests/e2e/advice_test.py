"""What is refused for good says what to change; what can be done without is left out by itself."""
import json
import unittest

from support import API_KEY, WORKSPACE, E2eCase, steps

NO_RETRY = {"CLAUDE_CODE_MAX_RETRIES": "0"}


def refusal(status, message, kind="invalid_request_error"):
    return {"status": status, "error": {"type": kind, "message": message}}


def refusing(condition_text, *steps_of_rule):
    """A scenario that refuses so often, then answers."""
    return {"rules": [{"when": {"messages_contain": condition_text}, "steps": list(steps_of_rule), "times": len(steps_of_rule)}],
            "steps": [{"content": "Done."}]}


class AdviceTest(E2eCase):
    wants_bad_requests = True

    def refused(self, status, *words, options=(), scenario=None, **changes):
        emulator = self.start_emulator(scenario or steps("Done."), *options)
        run = self.ask(emulator.url, **NO_RETRY, **changes)
        self.assert_no_secrets(run)
        return self.assert_api_error(run, status, *words), emulator

    def test_federation_that_is_switched_off(self):
        self.refused(403, "aws iam enable-outbound-web-identity-federation", options=("--no-federation",))

    def test_a_denied_action_and_its_workspace(self):
        self.refused(403, "AWS authentication failed", "Allow the action aws-external-anthropic:CreateInference on arn:aws:",
                     f"workspace/{WORKSPACE}", options=("--policy", "AnthropicReadOnlyAccess"))

    def test_a_stale_key_that_stands_before_good_credentials(self):
        self.refused(403, "unset ANTHROPIC_AWS_API_KEY", ANTHROPIC_AWS_API_KEY=API_KEY + "stale")

    def test_a_wrong_secret_key(self):
        self.refused(403, "AWS_REGION", AWS_SECRET_ACCESS_KEY="wrong")

    def test_a_region_that_is_not_the_workspaces(self):
        self.refused(403, "AWS_REGION", "eu-west-1", AWS_REGION="eu-west-1")

    def test_another_workspace(self):
        text, _ = self.refused(403, "Check ANTHROPIC_AWS_WORKSPACE_ID", ANTHROPIC_AWS_WORKSPACE_ID="wrkspc_01OTHER")
        self.assertIn("wrkspc_01OTHER", text)

    def test_a_clock_that_is_off_is_made_up_for(self):
        for offset in ("1380", "-1380"):
            emulator = self.start_emulator(steps("Done."), "--clock-offset", offset)
            self.assert_success(self.ask(emulator.url, **NO_RETRY), "Done.")
            self.assertEqual([request["status"] for request in emulator.requests()], [403, 200])

    def test_a_spend_limit_is_not_waited_for(self):
        emulator = self.start_emulator(steps(refusal(400, "You have reached your specified workspace API usage limits. "
                                                          "You will regain access on 2027-01-01 at 00:00 UTC.")))
        run = self.ask(emulator.url)
        self.assert_api_error(run, 400, "first of next month")
        self.assertEqual(len(emulator.requests()), 1)

    def test_a_field_that_a_gateway_does_not_know_is_left_out_once_and_remembered(self):
        scenario = refusing("Go on.", refusal(400, "output_config: Extra inputs are not permitted"))
        emulator = self.start_emulator(scenario)
        run = self.ask(emulator.url, "--model", "claude-opus-5", **NO_RETRY)
        self.assert_success(run, "Done.")
        first, second = emulator.requests()
        self.assertIn("output_config", first["body"])
        self.assertNotIn("output_config", second["body"])
        self.assertNotIn("effort-", second["headers"].get("anthropic-beta", ""))
        self.assert_success(self.ask(emulator.url, "--model", "claude-opus-5", **NO_RETRY), "Done.")
        self.assertNotIn("output_config", emulator.requests()[2]["body"])
        status = json.loads(self.run_awl("status", "--json", env=self.env(emulator.url)).out)
        self.assertEqual(status["left_out"], ["effort"])

    def test_a_shorter_answer_is_asked_for_when_input_and_output_do_not_fit_together(self):
        emulator = self.start_emulator(refusing("Go on.", refusal(
            400, "input length and `max_tokens` exceed context limit: 190000 + 64000 > 200000, decrease input length or `max_tokens`")))
        self.assert_success(self.ask(emulator.url, **NO_RETRY), "Done.")
        self.assertEqual([r["body"]["max_tokens"] for r in emulator.requests()], [64000, 10000])

    def test_a_prompt_that_is_too_long(self):
        self.refused(400, "Prompt is too long", scenario=steps(refusal(400, "prompt is too long: 205000 tokens > 200000 maximum")))

    def test_a_beta_that_is_not_known_is_left_out(self):
        scenario = refusing("Go on.", refusal(400, "Unexpected value(s) `my-beta-2026-01-01` for the `anthropic-beta` header"))
        emulator = self.start_emulator(scenario)
        self.assert_success(self.ask(emulator.url, "--betas", "my-beta-2026-01-01", **NO_RETRY), "Done.")
        self.assertIn("my-beta-2026-01-01", emulator.requests()[0]["headers"]["anthropic-beta"])
        self.assertNotIn("my-beta-2026-01-01", emulator.requests()[1]["headers"].get("anthropic-beta", ""))

    def test_a_gateway_that_refuses_on_is_an_error(self):
        scenario = steps(refusal(400, "metadata: Extra inputs are not permitted"))
        text, emulator = self.refused(400, "metadata", scenario=scenario)
        self.assertEqual(len(emulator.requests()), 2, text)


if __name__ == "__main__":
    unittest.main()
