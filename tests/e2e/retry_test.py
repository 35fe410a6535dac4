"""What is tried again, how often, and what is said when it does not help."""
import socket
import unittest

from support import ALWAYS, BEARER, E2eCase, steps


def failing(times, status, headers=None, then="Done.", **error):
    step = {"status": status, "headers": headers or {"retry-after": "0"}}
    if error:
        step["error"] = error
    return {"rules": [{"when": ALWAYS, "times": times, "step": step}], "steps": [{"content": then}]}


class RetryTest(E2eCase):
    def test_a_429_with_retry_after_is_waited_for_and_signed_anew(self):
        run, requests = self.play(failing(1, 429, {"retry-after": "1"}))
        self.assert_success(run, "Done.")
        self.assertEqual([r["status"] for r in requests], [429, 200])
        self.assertEqual([r["auth"] for r in requests], ["sigv4"] * 2)
        first, second = (r["headers"]["x-amz-date"] for r in requests)
        self.assertNotEqual(first, second)
        self.assertEqual(requests[0]["body"], requests[1]["body"])
        retries = run.events("system", "api_retry")
        self.assertEqual([(r["attempt"], r["error_status"], r["error"]) for r in retries], [(1, 429, "rate_limit")])
        self.assertGreaterEqual(retries[0]["retry_delay_ms"], 1000)
        self.assertEqual(retries[0]["session_id"], run.results()[0]["session_id"])

    def test_529s_are_tried_up_to_the_limit_and_then_an_error(self):
        run, requests = self.play(failing(99, 529), CLAUDE_CODE_MAX_RETRIES="2")
        self.assert_api_error(run, 529, "529")
        self.assertEqual(len(requests), 3)
        retries = run.events("system", "api_retry")
        self.assertEqual([(r["attempt"], r["max_retries"], r["error"]) for r in retries], [(1, 2, "overloaded"), (2, 2, "overloaded")])

    def test_529s_that_end_in_time_are_ridden_out(self):
        run, requests = self.play(failing(4, 529))
        self.assert_success(run, "Done.")
        self.assertEqual(len(requests), 5)

    def test_without_advice_the_pauses_grow(self):
        run, requests = self.play(failing(2, 500, {"x-e2e": "1"}))
        self.assert_success(run, "Done.")
        delays = [r["retry_delay_ms"] for r in run.events("system", "api_retry")]
        self.assertGreater(delays[1], delays[0])
        self.assertGreater(delays[0], 0)

    def test_no_retries_at_all_can_be_asked_for(self):
        run, requests = self.play(failing(99, 503), CLAUDE_CODE_MAX_RETRIES="0")
        self.assert_api_error(run, 503)
        self.assertEqual(len(requests), 1)

    def test_x_should_retry_false_is_obeyed(self):
        run, requests = self.play(failing(99, 500, {"x-should-retry": "false"}))
        self.assert_api_error(run, 500)
        self.assertEqual(len(requests), 1)

    def test_a_400_is_final_and_its_message_is_passed_on(self):
        self.wants_bad_requests = True
        run, requests = self.play(failing(99, 400, type="invalid_request_error", message="boom-four-hundred"))
        self.assert_api_error(run, 400, "400", "boom-four-hundred")
        self.assertEqual(len(requests), 1)

    def test_a_413_is_final(self):
        run, requests = self.play(failing(99, 413))
        self.assert_api_error(run, 413)
        self.assertEqual(len(requests), 1)

    def test_a_403_with_the_same_keys_is_not_repeated(self):
        run, requests = self.play(failing(99, 403, message="not authorized to perform: aws-external-anthropic:CreateInference"))
        self.assert_api_error(run, 403, "403", "aws-external-anthropic:CreateInference")
        self.assertEqual(len(requests), 1)

    def test_a_401_for_a_bearer_token_is_not_repeated(self):
        run, requests = self.play(failing(99, 401), CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH="1", ANTHROPIC_AUTH_TOKEN=BEARER)
        self.assert_api_error(run, 401)
        self.assertEqual(len(requests), 1)

    def test_both_request_ids_stand_in_the_error(self):
        run, requests = self.play(failing(99, 500, {"x-should-retry": "false"}))
        message = self.assert_api_error(run, 500, requests[0]["request_id"])
        self.assertRegex(message, r"x-amzn-requestid:? \w{8}-\w{4}-\w{4}-\w{4}-\w{12}")

    def test_text_output_tells_of_the_error_and_both_request_ids(self):
        emulator = self.start_emulator(failing(99, 500, {"x-should-retry": "false"}))
        run = self.run_awl("-p", "Go on.", env=self.env(emulator.url))
        self.assertEqual(run.code, 1, run)
        self.assertIn(emulator.requests()[0]["request_id"], run.out + run.err)
        self.assertIn("x-amzn-requestid", run.out + run.err)

    def test_a_404_names_the_model(self):
        run, _ = self.play(failing(99, 404, type="not_found_error", message="model: claude-none"), "--model", "claude-none")
        self.assert_api_error(run, 404, "claude-none")

    def test_a_refused_connection_is_tried_again_and_then_an_error_without_a_status(self):
        with socket.socket() as taken:  # bound but not listening: nobody else gets the port, and it refuses
            taken.bind(("127.0.0.1", 0))
            run = self.ask(f"http://127.0.0.1:{taken.getsockname()[1]}", CLAUDE_CODE_MAX_RETRIES="1")
        self.assert_api_error(run, None, "onnect")
        retries = run.events("system", "api_retry")
        self.assertEqual([(r["attempt"], r["error_status"]) for r in retries], [(1, None)])

    def test_a_server_that_says_nothing_is_given_up_after_the_time_limit(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            run = self.ask(f"http://127.0.0.1:{silent.getsockname()[1]}", CLAUDE_CODE_MAX_RETRIES="0", API_TIMEOUT_MS="300")
        self.assert_api_error(run, None, "API_TIMEOUT_MS")


if __name__ == "__main__":
    unittest.main()
