"""AWS's own command line and Awl see the same credentials in the same files, where their orders agree."""
import json
import re
import subprocess
import unittest

from aws_doubles import Sts
from support import ACCESS_KEY, SECRET_KEY, SESSION_TOKEN, TEMPORARY_KEY, TEMPORARY_SECRET, E2eCase, steps

AWS = "/usr/bin/aws"  # Debian's: another one on PATH may be of any version
NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
DECOY = "AKIADECOY00000000001"


def keys(profile, key=ACCESS_KEY, secret=SECRET_KEY):
    return f"[{profile}]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n\n"


class AwsCliTest(E2eCase):
    def setUp(self):
        super().setUp()
        self.sts = Sts()
        self.addCleanup(self.sts.stop)

    def aws(self, *words, **changes):
        env = self.env(**{"AWS_PAGER": "", **changes})
        return subprocess.run([AWS, *words], env=env, cwd=self.work, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=60, check=False)

    def key_of_aws(self, **changes):
        done = self.aws("sts", "get-caller-identity", "--endpoint-url", self.sts.url, "--output", "json", **changes)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)["Arn"].removeprefix("arn:of:")

    def key_of_awl(self, **changes):
        emulator = self.start_emulator(steps("Done."))
        self.assert_success(self.ask(emulator.url, **changes), "Done.")
        return re.search(r"Credential=([A-Z0-9]+)/", emulator.requests()[-1]["headers"]["authorization"])[1]

    def assert_same(self, expected, **changes):
        self.assertEqual((self.key_of_aws(**changes), self.key_of_awl(**changes)), (expected, expected))

    def files(self, credentials="", config=""):
        self.write(f"{self.home}/.aws/credentials", credentials)
        self.write(f"{self.home}/.aws/config", config)

    def test_keys_of_the_environment_before_the_default_profile(self):
        self.files(keys("default", DECOY, "x"))
        self.assert_same(ACCESS_KEY)
        self.assert_same(TEMPORARY_KEY, AWS_ACCESS_KEY_ID=TEMPORARY_KEY, AWS_SECRET_ACCESS_KEY=TEMPORARY_SECRET,
                         AWS_SESSION_TOKEN=SESSION_TOKEN)

    def test_the_default_profile_of_either_file(self):
        self.files(keys("default"))
        self.assert_same(ACCESS_KEY, **NO_KEYS)
        self.files("", keys("default"))
        self.assert_same(ACCESS_KEY, **NO_KEYS)

    def test_a_named_profile(self):
        self.files(keys("default", DECOY, "x") + keys("dev"))
        self.assert_same(ACCESS_KEY, AWS_PROFILE="dev", **NO_KEYS)
        self.files("", keys("default", DECOY, "x") + keys("profile dev"))
        self.assert_same(ACCESS_KEY, AWS_PROFILE="dev", **NO_KEYS)

    def test_the_credentials_file_before_the_config_file(self):
        self.files(keys("dev"), keys("profile dev", DECOY, "x"))
        self.assert_same(ACCESS_KEY, AWS_PROFILE="dev", **NO_KEYS)

    def test_files_elsewhere(self):
        self.files(keys("default", DECOY, "x"))
        path = self.write("elsewhere", keys("default"))
        self.assert_same(ACCESS_KEY, AWS_SHARED_CREDENTIALS_FILE=path, **NO_KEYS)

    def test_a_program_that_gives_credentials(self):
        self.write(f"{self.home}/give.sh", "echo '" + json.dumps(
            {"Version": 1, "AccessKeyId": TEMPORARY_KEY, "SecretAccessKey": TEMPORARY_SECRET, "SessionToken": SESSION_TOKEN}) + "'\n")
        self.files("", f"[profile dev]\ncredential_process = sh {self.home}/give.sh\n")
        self.assert_same(TEMPORARY_KEY, AWS_PROFILE="dev", **NO_KEYS)

    def test_spaces_comments_and_capitals(self):
        self.files(f"; a comment\n[default]\n# another\naws_access_key_id   ={ACCESS_KEY}\n"
                   f"aws_secret_access_key=  {SECRET_KEY}  \n")
        self.assert_same(ACCESS_KEY, **NO_KEYS)

    def test_what_aws_configure_writes_is_read(self):
        for name, value in (("aws_access_key_id", ACCESS_KEY), ("aws_secret_access_key", SECRET_KEY), ("region", "us-east-1")):
            done = self.aws("configure", "set", name, value, "--profile", "made")
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_same(ACCESS_KEY, AWS_PROFILE="made", AWS_REGION=None, **NO_KEYS)


if __name__ == "__main__":
    unittest.main()
