"""Expired AWS credentials: the person's own command renews them, once, and what was asked goes on."""
import json
import unittest

from support import ACCESS_KEY, PROMPT, SECRET_KEY, E2eCase, steps

NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
ANSWER = steps("Done.")
GOOD = f"[default]\\naws_access_key_id = {ACCESS_KEY}\\naws_secret_access_key = {SECRET_KEY}\\n"
# Says that it ran, where the person reads it and where the test does, and takes its time.
SIGN_IN = f"""#!/bin/sh
echo run >> "$HOME/runs"
echo "open https://sign-in.example"
sleep 0.5
printf '{GOOD}' > "$HOME/.aws/credentials"
"""


class RefreshTest(E2eCase):
    def setUp(self):
        super().setUp()
        self.write_profile("AKIAEXPIRED000000001")

    def write_profile(self, key):
        self.write(f"{self.home}/.aws/credentials",
                   f"[default]\naws_access_key_id = {key}\naws_secret_access_key = {SECRET_KEY}\n")

    def set_command(self, name, script=None, key="awsAuthRefresh"):
        if script is not None:
            self.write(f"{self.home}/{name}", script)
        self.write(f"{self.home}/.claude/settings.json", json.dumps({key: f"sh {self.home}/{name}"}))

    def runs(self):
        return self.read(f"{self.home}/runs").count("run")

    def test_credentials_that_the_platform_refuses(self):
        self.set_command("sign-in.sh", SIGN_IN)
        run, requests = self.play(ANSWER, **NO_KEYS)
        self.assert_success(run, "Done.")
        self.assertEqual(self.runs(), 1)
        self.assertIn("open https://sign-in.example", run.err)
        self.assertNotIn("sign-in.example", run.out)
        self.assertEqual([request["status"] for request in requests], [403, 200])

    def test_credentials_that_are_not_there(self):
        self.write(f"{self.home}/.aws/credentials", "")
        self.set_command("sign-in.sh", SIGN_IN)
        run, requests = self.play(ANSWER, **NO_KEYS)
        self.assert_success(run, "Done.")
        self.assertEqual((self.runs(), len(requests)), (1, 1))

    def test_good_credentials_need_no_command(self):
        self.write_profile(ACCESS_KEY)
        self.set_command("sign-in.sh", SIGN_IN)
        run, _ = self.play(ANSWER, **NO_KEYS)
        self.assert_success(run, "Done.")
        self.assertNotIn("sign-in.example", run.err)

    def test_a_command_that_fails_is_not_looped_and_is_named(self):
        self.write(f"{self.home}/.aws/credentials", "")
        self.set_command("fails.sh", '#!/bin/sh\necho run >> "$HOME/runs"\necho "no browser here" >&2\nexit 7\n')
        emulator = self.start_emulator(ANSWER)
        for _ in range(2):
            run = self.ask(emulator.url, **NO_KEYS)
            self.assertEqual(run.code, 1, run)
            self.assertIn("awsAuthRefresh", run.results()[0]["result"])
        self.assertEqual(self.runs(), 1)
        self.assertEqual(emulator.requests(), [])

    def test_twenty_processes_at_once_sign_in_once(self):
        self.write(f"{self.home}/.aws/credentials", "")
        self.set_command("sign-in.sh", SIGN_IN)
        emulator = self.start_emulator(ANSWER)
        started = [self.start("-p", PROMPT, env=self.env(emulator.url, **NO_KEYS)) for _ in range(20)]
        for process in started:
            run = process.end()
            self.assertEqual(run.code, 0, run)
            self.assertEqual(run.out.strip(), "Done.")
        self.assertEqual(self.runs(), 1)
        self.assertEqual(len(emulator.requests()), 20)

    def test_a_project_that_is_not_trusted_cannot_run_a_command(self):
        self.write(".claude/settings.json", json.dumps({"awsAuthRefresh": 'echo run >> "$HOME/runs"',
                                                        "awsCredentialExport": 'echo run >> "$HOME/runs"'}))
        run, _ = self.play(ANSWER, **NO_KEYS)
        self.assertEqual(run.code, 1, run)
        self.assertIn("held back", run.err)
        self.assertRaises(FileNotFoundError, self.runs)

    def test_exported_credentials_sign_and_stay_unseen(self):
        for nested in (True, False):
            keys = {"AccessKeyId": ACCESS_KEY, "SecretAccessKey": SECRET_KEY}
            printed = json.dumps({"Credentials": keys} if nested else {"Version": 1, **keys})
            self.set_command("export.sh", f"#!/bin/sh\necho '{printed}'\n", key="awsCredentialExport")
            run, requests = self.play(ANSWER, **NO_KEYS)
            self.assert_success(run, "Done.")
            self.assertEqual(requests[0]["auth"], "sigv4")
            self.assertNotIn(SECRET_KEY, run.out + run.err)

    def test_an_export_that_fails_says_so(self):
        self.set_command("export.sh", "#!/bin/sh\nexit 3\n", key="awsCredentialExport")
        run, requests = self.play(ANSWER, **NO_KEYS)
        self.assertEqual((run.code, requests), (1, []))
        self.assertIn("awsCredentialExport gave no credentials: it ended with exit code 3", run.results()[0]["result"])


if __name__ == "__main__":
    unittest.main()
