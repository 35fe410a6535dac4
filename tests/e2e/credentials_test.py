"""How requests are authenticated. The emulator verifies every signature over exactly what it received."""
import unittest

from support import (ACCESS_KEY, API_KEY, BEARER, SECRET_KEY, SESSION_TOKEN, TEMPORARY_KEY, TEMPORARY_SECRET, WORKSPACE,
                     E2eCase, call, steps)

NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
TWO_REQUESTS = steps([call("Read", file_path="a.txt")], "Done.")


class CredentialsTest(E2eCase):
    def setUp(self):
        super().setUp()
        self.write("a.txt", "hello\n")

    def assert_signed_by(self, request, key, region="us-east-1"):
        authorization = request["headers"]["authorization"]
        self.assertEqual(request["auth"], "sigv4")
        self.assertRegex(authorization, rf"^AWS4-HMAC-SHA256 Credential={key}/\d{{8}}/{region}/aws-external-anthropic/aws4_request,")
        self.assertNotIn("x-api-key", request["headers"])

    def write_profiles(self):
        self.write(f"{self.home}/.aws/credentials",
                   "[default]\naws_access_key_id = AKIANOTTHISONE00000\naws_secret_access_key = nothing\n\n"
                   f"[work]\naws_access_key_id = {ACCESS_KEY}\naws_secret_access_key = {SECRET_KEY}\n")
        self.write(f"{self.home}/.aws/config", "[profile work]\nregion = eu-west-1\n")

    def test_keys_of_the_environment_sign_every_request(self):
        run, requests = self.play(TWO_REQUESTS)
        self.assert_success(run, "Done.")
        self.assertEqual(len(requests), 2)
        for request in requests:
            self.assert_signed_by(request, ACCESS_KEY)
            self.assertEqual(request["headers"]["anthropic-workspace-id"], WORKSPACE)
            self.assertEqual(request["headers"]["anthropic-version"], "2023-06-01")
            self.assertTrue(request["target"].startswith("/v1/messages"), request["target"])

    def test_temporary_keys_send_and_sign_their_session_token(self):
        run, requests = self.play(TWO_REQUESTS, AWS_ACCESS_KEY_ID=TEMPORARY_KEY, AWS_SECRET_ACCESS_KEY=TEMPORARY_SECRET,
                                  AWS_SESSION_TOKEN=SESSION_TOKEN)
        self.assert_success(run, "Done.")
        for request in requests:
            self.assert_signed_by(request, TEMPORARY_KEY)
            self.assertIn("x-amz-security-token", request["headers"]["authorization"].partition("SignedHeaders=")[2])

    def test_a_named_profile_gives_the_keys_and_the_region(self):
        self.write_profiles()
        emulator = self.start_emulator(TWO_REQUESTS, "--region", "eu-west-1")
        run = self.ask(emulator.url, **NO_KEYS, AWS_REGION=None, AWS_PROFILE="work")
        self.assert_success(run, "Done.")
        self.assert_signed_by(emulator.requests()[0], ACCESS_KEY, "eu-west-1")

    def test_a_named_profile_comes_before_keys_of_the_environment(self):
        self.write_profiles()
        run, requests = self.play(TWO_REQUESTS, AWS_PROFILE="work", AWS_ACCESS_KEY_ID="AKIANOTTHISONE00001",
                                  AWS_SECRET_ACCESS_KEY="nothing")
        self.assert_success(run, "Done.")
        self.assert_signed_by(requests[0], ACCESS_KEY)

    def test_a_profile_that_does_not_exist_is_an_error_that_names_it(self):
        emulator = self.start_emulator(steps("Never."))
        run = self.ask(emulator.url, AWS_PROFILE="no-such-profile")
        self.assert_api_error(run, None, "no-such-profile")
        self.assertEqual(emulator.requests(), [])

    def test_an_api_key_goes_in_x_api_key_alone_and_comes_before_aws_keys(self):
        run, requests = self.play(TWO_REQUESTS, ANTHROPIC_AWS_API_KEY=API_KEY)
        self.assert_success(run, "Done.")
        for request in requests:
            self.assertEqual(request["auth"], "api key")
            self.assertNotIn("authorization", request["headers"])
            self.assertFalse([name for name in request["headers"] if name.startswith("x-amz-")])
            self.assertEqual(request["headers"]["anthropic-workspace-id"], WORKSPACE)

    def test_skip_auth_sends_no_credentials_at_all(self):
        emulator = self.start_emulator(TWO_REQUESTS, "--no-auth", credentials=False)
        run = self.ask(emulator.url, CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH="1", ANTHROPIC_AWS_API_KEY=API_KEY)
        self.assert_success(run, "Done.")
        for request in emulator.requests():
            self.assertFalse({"authorization", "x-api-key"} & request["headers"].keys())
            self.assertFalse([name for name in request["headers"] if name.startswith("x-amz-")])
            self.assertEqual(request["headers"]["anthropic-workspace-id"], WORKSPACE)

    def test_skip_auth_with_an_auth_token_sends_a_bearer_token_alone(self):
        run, requests = self.play(TWO_REQUESTS, CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH="1", ANTHROPIC_AUTH_TOKEN=BEARER)
        self.assert_success(run, "Done.")
        for request in requests:
            self.assertEqual(request["auth"], "bearer")
            self.assertNotIn("x-api-key", request["headers"])

    def test_an_auth_token_without_skip_auth_is_not_sent(self):
        run, requests = self.play(TWO_REQUESTS, ANTHROPIC_AUTH_TOKEN=BEARER)
        self.assert_success(run, "Done.")
        self.assert_signed_by(requests[0], ACCESS_KEY)

    def test_a_wrong_secret_key_is_refused_once_and_the_error_tells_how(self):
        emulator = self.start_emulator(steps("Never."))
        run = self.ask(emulator.url, AWS_SECRET_ACCESS_KEY="wWrongSecretKeyOfTheEnvironment/0123456789")
        self.assert_api_error(run, 403, "403", "signature")
        self.assertEqual([r["status"] for r in emulator.requests()], [403])
        self.assertNotIn("wWrongSecretKeyOfTheEnvironment", run.out + run.err)

    def test_after_a_403_renewed_keys_of_the_file_are_read_and_used(self):
        credentials = f"{self.home}/.aws/credentials"
        self.write(credentials, f"[default]\naws_access_key_id = {TEMPORARY_KEY}\naws_secret_access_key = {TEMPORARY_SECRET}\n"
                                f"aws_session_token = {SESSION_TOKEN}\n")
        new = self.write("new", f"[default]\naws_access_key_id = {ACCESS_KEY}\naws_secret_access_key = {SECRET_KEY}\n")
        scenario = steps([call("Bash", command=f"cp {new} {credentials} && echo keys-are-renewed")], "Done.")
        scenario["rules"] = [{"when": {"last_user_contains": "keys-are-renewed"}, "times": 1, "step": {"status": 403}}]
        run, requests = self.play(scenario, "--allowedTools", "Bash", **NO_KEYS)
        self.assert_success(run, "Done.")
        self.assertEqual([r["status"] for r in requests], [200, 403, 200])
        self.assert_signed_by(requests[0], TEMPORARY_KEY)
        self.assert_signed_by(requests[2], ACCESS_KEY)
        self.assertNotIn("x-amz-security-token", requests[2]["headers"])


if __name__ == "__main__":
    unittest.main()
