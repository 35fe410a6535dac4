"""What the emulated platform does of its own accord: policies, the prompt cache, faults, short-term keys."""
import base64
import datetime
import hashlib
import hmac
import unittest
import urllib.parse

from support import (API_KEY, E2eCase, SESSION_TOKEN, TEMPORARY_KEY, TEMPORARY_SECRET, WORKSPACE, call, steps)

SERVICE = "aws-external-anthropic"


def short_term_key(now, lifetime_s=900):
    """A key as AWS's generators make it from temporary credentials, written anew here."""
    host = f"{SERVICE}.amazonaws.com"
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{stamp[:8]}/us-east-1/{SERVICE}/aws4_request"
    query = urllib.parse.urlencode(sorted({
        "Action": "CallWithBearerToken", "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{TEMPORARY_KEY}/{scope}", "X-Amz-Date": stamp, "X-Amz-Expires": str(lifetime_s),
        "X-Amz-Security-Token": SESSION_TOKEN, "X-Amz-SignedHeaders": "host"}.items()), quote_via=urllib.parse.quote, safe="-_.~")
    canonical = f"POST\n/\n{query}\nhost:{host}\n\nhost\n{hashlib.sha256(b'').hexdigest()}"
    to_sign = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = ("AWS4" + TEMPORARY_SECRET).encode()
    for part in (*scope.split("/"), to_sign):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    text = f"{host}/?{query}&X-Amz-Signature={key.hex()}&Version=1"
    return "aws-external-anthropic-api-key-" + base64.b64encode(text.encode()).decode()


class PlatformTest(E2eCase):
    def test_a_denial_of_iam_is_shown_with_principal_action_and_resource(self):
        emulator = self.start_emulator(steps("Done."), "--policy", "AnthropicReadOnlyAccess")
        run = self.ask(emulator.url, CLAUDE_CODE_MAX_RETRIES="0")
        self.assert_api_error(run, 403, "arn:aws:iam::123456789012:user/emulator",
                              f"{SERVICE}:CreateInference", f"workspace/{WORKSPACE}")
        self.assert_no_secrets(run)

    def test_an_api_key_needs_the_action_for_keys(self):
        policy = self.write("policy.json", '{"Statement": {"Effect": "Allow", "Action": "'
                            f'{SERVICE}:CreateInference", "Resource": "*"}}}}')
        emulator = self.start_emulator(steps("Done."), "--policy", policy)
        self.assert_success(self.ask(emulator.url), "Done.")
        run = self.ask(emulator.url, ANTHROPIC_AWS_API_KEY=API_KEY, CLAUDE_CODE_MAX_RETRIES="0")
        self.assert_api_error(run, 403, "CallWithBearerToken")

    def test_the_conversation_is_read_from_the_cache(self):
        emulator = self.start_emulator(steps([call("Read", file_path=self.write("a.txt", "one\n"))], "Done."))
        run = self.ask(emulator.url, "--model", "claude-opus-5")
        usage = self.assert_success(run, "Done.")["usage"]
        self.assertGreater(usage["cache_creation_input_tokens"], 0)
        self.assertGreater(usage["cache_read_input_tokens"], 0)
        self.assertGreater(usage["cache_read_input_tokens"], 10 * usage["input_tokens"], usage)

    def test_faults_on_the_way_are_ridden_out(self):
        for fault in ("reset,times=1", "html,times=1", "status=503,times=1,retry-after=0", "cut-after=2,times=1"):
            with self.subTest(fault):
                emulator = self.start_emulator(steps("Done."), "--fault", fault)
                self.assert_success(self.ask(emulator.url), "Done.")
                self.assertGreater(len(emulator.requests()), 1)

    def test_a_short_term_key_is_verified(self):
        emulator = self.start_emulator(steps("Done."))
        now = datetime.datetime.now(datetime.timezone.utc)
        keys = dict(AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None)
        run = self.ask(emulator.url, ANTHROPIC_AWS_API_KEY=short_term_key(now), **keys)
        self.assert_success(run, "Done.")
        self.assertEqual([r["auth"] for r in emulator.requests()], ["api key"])
        old = short_term_key(now - datetime.timedelta(hours=1))
        run = self.ask(emulator.url, ANTHROPIC_AWS_API_KEY=old, CLAUDE_CODE_MAX_RETRIES="0", **keys)
        self.assert_api_error(run, 401, "expired")
        self.assertNotIn(old, run.out + run.err)
        self.assertEqual(emulator.requests()[-1]["body"]["messages"][0]["role"], "user")


if __name__ == "__main__":
    unittest.main()
