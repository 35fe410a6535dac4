"""`awl auth`: making credentials good, and short-term keys that the platform takes."""
import base64
import json
import unittest

from support import ACCESS_KEY, API_KEY, SECRET_KEY, SESSION_TOKEN, TEMPORARY_KEY, TEMPORARY_SECRET, E2eCase, steps

NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
PREFIX = "aws-external-anthropic-api-key-"


class AuthTest(E2eCase):
    def auth(self, *words, **changes):
        return self.run_awl("auth", *words, env=self.env("http://127.0.0.1:9", **changes))

    def token(self, *flags, **changes):
        run = self.auth("token", *flags, **changes)
        self.assertEqual(run.code, 0, run)
        self.assertEqual(run.err, "")
        return run.out.strip()

    def use(self, key):
        emulator = self.start_emulator(steps("Done."))
        return self.ask(emulator.url, **NO_KEYS, ANTHROPIC_AWS_API_KEY=key), emulator

    def test_a_key_from_long_term_credentials_is_taken(self):
        run, emulator = self.use(self.token("--ttl", "15m"))
        self.assert_success(run, "Done.")
        self.assertEqual([request["auth"] for request in emulator.requests()], ["api key"])

    def test_a_key_from_temporary_credentials_is_taken(self):
        run, _ = self.use(self.token(AWS_ACCESS_KEY_ID=TEMPORARY_KEY, AWS_SECRET_ACCESS_KEY=TEMPORARY_SECRET,
                                     AWS_SESSION_TOKEN=SESSION_TOKEN))
        self.assert_success(run, "Done.")

    def test_an_altered_key_is_refused(self):
        decoded = base64.b64decode(self.token().removeprefix(PREFIX)).decode()
        altered = decoded.replace("X-Amz-Expires=3600", "X-Amz-Expires=43200")
        self.assertNotEqual(altered, decoded)
        run, _ = self.use(PREFIX + base64.b64encode(altered.encode()).decode())
        self.assertEqual(run.code, 1, run)
        self.assertNotIn(decoded[-40:], run.out + run.err)

    def test_as_json_it_says_when_it_expires(self):
        made = json.loads(self.token("--json", "--ttl", "60s"))
        self.assertTrue(made["key"].startswith(PREFIX))
        self.assertEqual(made["region"], "us-east-1")
        self.assertRegex(made["expires_at"], r"^\d{4}-\d\d-\d\dT")

    def test_a_length_of_time_that_is_none_is_named(self):
        for ttl, words in (("soon", '"soon" is not a length of time'), ("13h", "cannot be valid for 13 h")):
            run = self.auth("token", "--ttl", ttl)
            self.assertEqual((run.code, run.out), (1, ""))
            self.assertIn(words, run.err)

    def test_credentials_that_expire_too_soon_give_no_key(self):
        self.write(f"{self.home}/make.sh", "echo '" + json.dumps(
            {"Version": 1, "AccessKeyId": TEMPORARY_KEY, "SecretAccessKey": TEMPORARY_SECRET, "SessionToken": SESSION_TOKEN,
             "Expiration": "2000-01-01T00:00:00Z"}) + "'\n")
        self.write(f"{self.home}/.aws/config", f"[default]\ncredential_process = sh {self.home}/make.sh\n")
        run = self.auth("token", **NO_KEYS)
        self.assertEqual((run.code, run.out), (1, ""))
        self.assertIn("expired", run.err)

    def test_login_runs_the_command_of_the_settings(self):
        self.write(f"{self.home}/sign-in.sh", 'echo "open https://sign-in.example"\n'
                   f"printf '[default]\\naws_access_key_id = {ACCESS_KEY}\\naws_secret_access_key = {SECRET_KEY}\\n'"
                   ' > "$HOME/.aws/credentials"\n')
        self.write(f"{self.home}/.aws/credentials", "")
        self.write(f"{self.home}/.claude/settings.json", json.dumps({"awsAuthRefresh": f"sh {self.home}/sign-in.sh"}))
        run = self.auth("login", **NO_KEYS)
        self.assertEqual(run.code, 0, run)
        self.assertIn("open https://sign-in.example", run.err)
        self.assertRegex(run.out, r"^Signed in: .*\.aws/credentials")
        self.assertNotIn(ACCESS_KEY, run.out)

    def test_a_login_command_that_fails_is_an_error(self):
        self.write(f"{self.home}/.claude/settings.json", json.dumps({"awsAuthRefresh": "echo no luck; exit 3"}))
        run = self.auth("login", **NO_KEYS)
        self.assertEqual((run.code, run.out), (1, ""))
        self.assertIn("awsAuthRefresh", run.err)

    def test_without_a_command_login_says_what_to_do(self):
        run = self.auth("login", **NO_KEYS, AWS_EC2_METADATA_DISABLED="true")
        self.assertEqual((run.code, run.out), (1, ""))
        for words in ("aws sso login", "awsAuthRefresh", "ANTHROPIC_AWS_API_KEY"):
            self.assertIn(words, run.err)
        self.assertNotIn("claude.ai", run.err)

    def test_refresh_without_a_command_reads_the_sources_anew(self):
        run = self.auth("refresh")
        self.assertEqual(run.code, 0, run)
        self.assertRegex(run.out, r"^AWS credentials: .* from environment")

    def test_with_a_workspace_key_there_is_nothing_to_sign_in_to(self):
        run = self.auth("login", ANTHROPIC_AWS_API_KEY=API_KEY)
        self.assertEqual((run.code, run.out), (0, ""))
        self.assertIn("ANTHROPIC_AWS_API_KEY", run.err)
        self.assertNotIn(API_KEY, run.err)

    def test_another_provider_has_no_such_keys(self):
        run = self.auth("token", CLAUDE_CODE_USE_ANTHROPIC_AWS=None)
        self.assertEqual((run.code, run.out), (1, ""))
        self.assertIn("CLAUDE_CODE_USE_ANTHROPIC_AWS", run.err)


if __name__ == "__main__":
    unittest.main()
