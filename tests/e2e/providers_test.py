"""Amazon Bedrock and Microsoft Foundry, which take precedence over Claude Platform on AWS when they are switched on."""
import json
import os
import unittest

import provider_double
from provider_double import EVENTS, TEXT
from support import ACCESS_KEY, BEARER, SECRET_KEY, SESSION_TOKEN, TEMPORARY_KEY, TEMPORARY_SECRET, E2eCase

SECRETS = {ACCESS_KEY: SECRET_KEY, TEMPORARY_KEY: TEMPORARY_SECRET}


class ProviderCase(E2eCase):
    def started(self, double):
        self.addCleanup(double.stop)
        return double

    def asked(self, double, *flags, **changes):
        run = self.ask("http://127.0.0.1:9", *flags, **{**self.variables(double), **changes})
        self.assert_no_secrets(run)
        return run


class BedrockTest(ProviderCase):
    def variables(self, double):
        return {"CLAUDE_CODE_USE_BEDROCK": "1", "ANTHROPIC_BEDROCK_BASE_URL": double.url, "CLAUDE_CODE_MAX_RETRIES": "0"}

    def setUp(self):
        super().setUp()
        self.double = self.started(provider_double.bedrock(SECRETS))

    def test_a_prompt_is_answered_by_the_built_in_model_of_the_region(self):
        self.assert_success(self.asked(self.double, AWS_REGION="eu-west-1"), TEXT)
        request = self.double.requests[0]
        self.assertEqual(request["model"], "eu.anthropic.claude-opus-5")
        self.assertTrue(request["path"].endswith("/invoke-with-response-stream"))
        for name in ("anthropic-workspace-id", "anthropic-version", "anthropic-beta", "x-api-key"):
            self.assertNotIn(name, request["headers"])

    def test_ids_with_colons_and_arns_are_signed_as_they_are_sent(self):
        arn = "arn:aws:bedrock:us-east-2:123456789012:application-inference-profile/abc123"
        for model in ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", arn):
            self.assert_success(self.asked(self.double, "--model", model), TEXT)
            self.assertEqual(self.double.requests[-1]["model"], model)

    def test_temporary_credentials_and_bearer_tokens(self):
        self.assert_success(self.asked(self.double, AWS_ACCESS_KEY_ID=TEMPORARY_KEY, AWS_SECRET_ACCESS_KEY=TEMPORARY_SECRET,
                                       AWS_SESSION_TOKEN=SESSION_TOKEN), TEXT)
        self.assertEqual(self.double.requests[-1]["headers"]["x-amz-security-token"], SESSION_TOKEN)
        self.assert_success(self.asked(self.double, AWS_BEARER_TOKEN_BEDROCK=BEARER), TEXT)
        self.assertEqual(self.double.requests[-1]["headers"]["authorization"], f"Bearer {BEARER}")

    def test_a_gateway_that_signs_gets_no_signature(self):
        double = self.started(provider_double.Double(lambda request: (
            200, {"content-type": "application/vnd.amazon.eventstream"}, provider_double.bedrock_stream(EVENTS))))
        self.assert_success(self.asked(double, CLAUDE_CODE_SKIP_BEDROCK_AUTH="1"), TEXT)
        self.assertNotIn("authorization", double.requests[0]["headers"])

    def test_a_stream_that_breaks_is_followed_by_a_whole_answer(self):
        whole = self.double.answer
        self.double.answer = lambda request: (
            (200, {"content-type": "application/vnd.amazon.eventstream"}, provider_double.bedrock_stream(EVENTS[:2])[:-3])
            if request["path"].endswith("-stream") else whole(request))
        self.assert_success(self.asked(self.double), TEXT)
        self.assertEqual([r["path"].rsplit("/", 1)[1] for r in self.double.requests], ["invoke-with-response-stream", "invoke"])

    def test_a_damaged_stream_is_not_read_on(self):
        whole = self.double.answer
        body = bytearray(provider_double.bedrock_stream(EVENTS))
        body[40] ^= 1
        self.double.answer = lambda request: (
            (200, {"content-type": "application/vnd.amazon.eventstream"}, bytes(body))
            if request["path"].endswith("-stream") else whole(request))
        self.assert_success(self.asked(self.double), TEXT)
        self.assertEqual(len(self.double.requests), 2)

    def test_an_exception_in_the_stream_is_retried_or_told(self):
        self.double.answer = lambda request: (
            200, {"content-type": "application/vnd.amazon.eventstream"},
            provider_double.exception("validationException", "The model is not ready"))
        run = self.asked(self.double)
        self.assert_api_error(run, None, "validationException: The model is not ready")

    def test_a_proxy_that_changes_the_stream_is_named(self):
        self.double.answer = lambda request: (200, {"content-type": "text/event-stream"}, b"data: {}\n\n")
        self.assert_api_error(self.asked(self.double), None, 'content-type "text/event-stream"')

    def test_refusals_of_the_service_say_what_to_do(self):
        message = "Invocation of model ID anthropic.claude-opus-5 with on-demand throughput isn't supported."
        self.double.answer = lambda request: (400, {}, json.dumps({"message": message}).encode())
        self.assert_api_error(self.asked(self.double), 400, "inference profile")
        self.double.answer = lambda request: (403, {}, b'{"message":"You don\'t have access to the model with the specified model ID."}')
        self.assert_api_error(self.asked(self.double), 403, "bedrock:InvokeModelWithResponseStream")

    def test_what_the_service_lacks_is_not_offered(self):
        run = self.asked(self.double)
        self.assertNotIn("WebSearch", run.events("system", "init")[0]["tools"])

    def test_status_says_who_won_and_why(self):
        run = self.run_awl("status", "--json", env=self.env("http://127.0.0.1:9", **self.variables(self.double)))
        status = json.loads(run.out)
        self.assertEqual((status["provider"]["name"], status["provider"]["reason"]), ("Amazon Bedrock", "CLAUDE_CODE_USE_BEDROCK=1"))
        self.assertEqual(status["region"]["name"], "us-east-1")
        self.assertEqual(status["base_url"]["overridden_by"], "ANTHROPIC_BEDROCK_BASE_URL")


class FoundryTest(ProviderCase):
    def variables(self, double):
        return {"CLAUDE_CODE_USE_FOUNDRY": "1", "ANTHROPIC_FOUNDRY_BASE_URL": double.url + "/anthropic", "CLAUDE_CODE_MAX_RETRIES": "0"}

    def setUp(self):
        super().setUp()
        self.double = self.started(provider_double.foundry())

    def test_a_key_of_the_resource(self):
        self.assert_success(self.asked(self.double, ANTHROPIC_FOUNDRY_API_KEY="foundry-key-1"), TEXT)
        request = self.double.requests[0]
        self.assertEqual((request["path"].split("?")[0], request["headers"]["x-api-key"]), ("/anthropic/v1/messages", "foundry-key-1"))
        self.assertNotIn("authorization", request["headers"])
        self.assertNotIn("anthropic-workspace-id", request["headers"])

    def test_a_token_comes_before_the_key(self):
        self.assert_success(self.asked(self.double, ANTHROPIC_FOUNDRY_API_KEY="k", ANTHROPIC_FOUNDRY_AUTH_TOKEN="t-1"), TEXT)
        self.assertEqual(self.double.requests[0]["headers"]["authorization"], "Bearer t-1")
        self.assertNotIn("x-api-key", self.double.requests[0]["headers"])

    def az(self, script):
        folder = self.folder("bin")
        path = self.write(os.path.join(folder, "az"), f"#!/bin/sh\n{script}\n")
        os.chmod(path, 0o755)
        return f"{folder}:{os.environ['PATH']}"

    def test_the_azure_cli_gives_the_token(self):
        path = self.az('echo "$@" >> "$HOME/asked"; echo \'{"accessToken":"entra-1","expires_on":4102444800}\'')
        self.assert_success(self.asked(self.double, PATH=path), TEXT)
        self.assertEqual(self.double.requests[0]["headers"]["authorization"], "Bearer entra-1")
        self.assertEqual(self.read(f"{self.home}/asked").strip(),
                         "account get-access-token --scope https://cognitiveservices.azure.com/.default --output json")

    def test_without_a_login_it_says_how_to_get_one(self):
        path = self.az("echo 'Please run az login.' >&2; exit 1")
        run = self.asked(self.double, PATH=path)
        self.assert_api_error(run, None, "Please run az login", "ANTHROPIC_FOUNDRY_API_KEY")
        self.assertEqual(self.double.requests, [])

    def test_without_a_resource_nothing_is_sent(self):
        run = self.asked(self.double, ANTHROPIC_FOUNDRY_BASE_URL=None)
        self.assert_api_error(run, None, "ANTHROPIC_FOUNDRY_RESOURCE")

    def test_bedrock_comes_first(self):
        run = self.run_awl("status", "--json", env=self.env("http://127.0.0.1:9", CLAUDE_CODE_USE_BEDROCK="1", **self.variables(self.double)))
        self.assertEqual(json.loads(run.out)["provider"]["name"], "Amazon Bedrock")


if __name__ == "__main__":
    unittest.main()
