"""No secret is shown: not by `status`, not by runs that fail, not to commands, not in files."""
import json
import os
import unittest

from support import (ACCESS_KEY, API_KEY, BEARER, SECRET_KEY, SESSION_TOKEN, TEMPORARY_KEY, TEMPORARY_SECRET, WORKSPACE,
                     E2eCase, call, steps)

TEMPORARY = {"AWS_ACCESS_KEY_ID": TEMPORARY_KEY, "AWS_SECRET_ACCESS_KEY": TEMPORARY_SECRET, "AWS_SESSION_TOKEN": SESSION_TOKEN}
GATEWAY = {"CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH": "1", "ANTHROPIC_AUTH_TOKEN": BEARER}
WAYS = {"keys": {}, "temporary keys": TEMPORARY, "API key": {"ANTHROPIC_AWS_API_KEY": API_KEY}, "gateway": GATEWAY}


class StatusTest(E2eCase):
    def status(self, *arguments, **env):
        return self.run_awl("status", *arguments, env=self.env("http://127.0.0.1:1/team", **env))

    def test_status_tells_provider_workspace_region_and_where_they_come_from(self):
        run = self.status()
        self.assertEqual((run.code, run.err), (0, ""), run)
        for words in ("Claude Platform on AWS", "CLAUDE_CODE_USE_ANTHROPIC_AWS", WORKSPACE, "us-east-1", "AWS_REGION",
                      "http://127.0.0.1:1/team", "ANTHROPIC_AWS_BASE_URL", self.work):
            self.assertIn(words, run.out)

    def test_status_as_json_tells_the_same(self):
        run = self.status("--json", AWL_AWS_SIGN_HOST="platform.example", ANTHROPIC_DEFAULT_OPUS_MODEL="claude-opus-4-6")
        self.assertEqual((run.code, run.err), (0, ""), run)
        status = json.loads(run.out)
        self.assertTrue(status["usable"])
        self.assertEqual(status["provider"]["name"], "Claude Platform on AWS")
        self.assertEqual(status["workspace_id"], WORKSPACE)
        self.assertEqual((status["region"]["name"], status["region"]["source"]), ("us-east-1", "AWS_REGION"))
        self.assertEqual(status["base_url"], {"url": "http://127.0.0.1:1/team", "overridden_by": "ANTHROPIC_AWS_BASE_URL"})
        self.assertEqual(status["sign_host"], "platform.example")
        self.assertEqual(status["model"]["id"], "claude-opus-4-6")
        self.assertEqual(status["folder"], {"path": self.work, "trusted": False})
        self.assertEqual(status["problems"], [])

    def test_status_shows_no_secret_whatever_the_credentials_are(self):
        for way, env in WAYS.items():
            for arguments in ((), ("--json",)):
                with self.subTest(way=way, arguments=arguments):
                    run = self.status(*arguments, **env)
                    self.assertEqual(run.code, 0, run)
                    self.assert_no_secrets(run)

    def test_status_names_what_is_missing_and_exits_with_1(self):
        for arguments in ((), ("--json",)):
            run = self.status(*arguments, ANTHROPIC_AWS_WORKSPACE_ID=None)
            self.assertEqual(run.code, 1, run)
            self.assertIn("ANTHROPIC_AWS_WORKSPACE_ID", run.out)
            run = self.status(*arguments, AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None)
            self.assertEqual(run.code, 1, run)
            self.assertIn("AWS_PROFILE", run.out)
        self.assertFalse(json.loads(run.out)["usable"])

    def test_status_with_bad_settings_is_an_error(self):
        run = self.status("--settings", "{")
        self.assertEqual((run.code, run.out), (1, ""))
        self.assertIn("--settings", run.err)


class RunTest(E2eCase):
    def secrets_in_files(self):
        found = []
        for folder, _, names in os.walk(self.root):
            if os.path.basename(folder).startswith("emulator"):
                continue
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    content = file.read()
                found += [os.path.join(folder, name) for secret in (SECRET_KEY, TEMPORARY_SECRET, SESSION_TOKEN, API_KEY, BEARER)
                          if secret.encode() in content]
        return found

    def test_failing_runs_show_no_secret(self):
        for status in (401, 403, 500):
            for way, env in WAYS.items():
                with self.subTest(status=status, way=way):
                    run, _ = self.play(steps({"status": status, "headers": {"x-should-retry": "false"}}), **env)
                    self.assert_api_error(run, status)
                    self.assert_no_secrets(run)

    def test_keys_that_a_service_repeats_are_known_by_their_shape(self):
        message = f"refused: {API_KEY}; Authorization: Bearer {BEARER}"
        run, _ = self.play(steps({"status": 403, "error": {"message": message}}), **TEMPORARY)
        self.assert_api_error(run, 403, "refused")
        self.assert_no_secrets(run)

    def test_the_session_token_in_a_canonical_request_that_the_service_repeats_is_not_shown(self):
        message = f"The Canonical String should have been 'POST\\n/v1/messages\\nx-amz-security-token:{SESSION_TOKEN}\\n'"
        run, _ = self.play(steps({"status": 403, "error": {"message": message}}), **TEMPORARY)
        self.assert_api_error(run, 403, "Canonical")
        self.assert_no_secrets(run)

    def test_the_credentials_in_use_are_not_shown_in_whatever_form_a_service_repeats_them(self):
        for secret, env in ((BEARER, GATEWAY), (SESSION_TOKEN, TEMPORARY)):
            run, _ = self.play(steps({"status": 403, "error": {"message": f"refused: '{secret}'"}}), **env)
            self.assert_api_error(run, 403, "refused")
            self.assert_no_secrets(run)

    def test_refused_connections_show_no_secret(self):
        for way, env in WAYS.items():
            with self.subTest(way=way):
                run = self.ask("http://127.0.0.1:1", CLAUDE_CODE_MAX_RETRIES="0", **env)
                self.assertEqual(run.code, 1, run)
                self.assert_no_secrets(run)

    def test_a_refused_signature_shows_no_secret(self):
        run, _ = self.play(steps("Never."), AWS_SECRET_ACCESS_KEY=TEMPORARY_SECRET)
        self.assert_api_error(run, 403)
        self.assert_no_secrets(run)

    def test_the_canonical_request_that_the_service_shows_does_not_make_us_show_the_session_token(self):
        run, _ = self.play(steps("Never."), **TEMPORARY | {"AWS_SECRET_ACCESS_KEY": SECRET_KEY})
        self.assert_api_error(run, 403, "x-amz-security-token")
        self.assert_no_secrets(run)

    def test_the_models_secrets_are_not_in_the_environment_of_commands_but_the_persons_are(self):
        names = ("ANTHROPIC_AWS_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_API_KEY")
        run, _ = self.play(steps([call("Bash", command="env > env.txt")], "Done."), "--allowedTools", "Bash",
                           ANTHROPIC_AWS_API_KEY=API_KEY, ANTHROPIC_AUTH_TOKEN=BEARER, ANTHROPIC_API_KEY=API_KEY, MINE="kept")
        self.assert_success(run, "Done.")
        environment = dict(line.split("=", 1) for line in self.read("env.txt").split("\n") if "=" in line)
        for name in names:
            self.assertNotIn(name, environment)
        self.assertNotIn(API_KEY, self.read("env.txt"))
        self.assertEqual((environment["CLAUDECODE"], environment["MINE"]), ("1", "kept"))
        self.assertEqual(environment["AWS_ACCESS_KEY_ID"], ACCESS_KEY)
        self.assertEqual(environment["CLAUDE_CODE_SESSION_ID"], run.results()[0]["session_id"])

    def test_a_command_cannot_read_the_models_secrets_from_our_own_process(self):
        command = "tr '\\0' '\\n' < /proc/$PPID/environ > environ.txt; true"
        run, _ = self.play(steps([call("Bash", command=command)], "Done."), "--allowedTools", "Bash", ANTHROPIC_AWS_API_KEY=API_KEY)
        self.assert_success(run, "Done.")
        self.assertNotIn(API_KEY, self.read("environ.txt"))

    def test_secrets_of_the_settings_are_not_in_the_environment_of_commands_either(self):
        self.write(f"{self.home}/.claude/settings.json",
                   json.dumps({"env": {"ANTHROPIC_AWS_API_KEY": API_KEY, "FROM_SETTINGS": "1"}}))
        run, _ = self.play(steps([call("Bash", command="env > env.txt")], "Done."), "--allowedTools", "Bash")
        self.assert_success(run, "Done.")
        self.assertIn("FROM_SETTINGS=1", self.read("env.txt"))
        self.assertNotIn(API_KEY, self.read("env.txt"))

    def test_no_file_of_a_run_holds_a_secret(self):
        self.write("a.txt", "hello\n")
        for way, env in WAYS.items():
            with self.subTest(way=way):
                run, _ = self.play(steps([call("Read", file_path="a.txt"), call("Bash", command="seq 1 20000")], "Done."),
                                   "--allowedTools", "Bash", **env)
                self.assert_success(run, "Done.")
                self.assertEqual(self.secrets_in_files(), [])


if __name__ == "__main__":
    unittest.main()
