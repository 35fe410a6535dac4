"""Canaries in every source of credentials: nothing that Awl writes holds one, whether the run succeeds or fails."""
import hashlib
import json
import os
import unittest

from aws_doubles import ContainerEndpoint, Sts
from support import ACCESS_KEY, E2eCase, call, steps

NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
CANARY = "kAnArY"


def canary(name):
    return f"{CANARY}{name}0123456789abcdefABCDEF"


class CanaryTest(E2eCase):
    def setUp(self):
        super().setUp()
        self.planted = set()
        self.write("a.txt", "text\n")

    def plant(self, name, content):
        self.planted.add(os.path.realpath(self.write(name, content)))
        return os.path.join(self.work, name)

    def started(self, double):
        self.addCleanup(double.stop)
        return double

    def assert_clean(self, run, what):
        for stream in (run.out, run.err):
            self.assertNotIn(CANARY, stream, f"{what}: {run}")
        for folder, _, names in os.walk(self.root):
            if os.path.basename(folder).startswith("emulator"):
                continue  # what was received, not what was written
            for name in names:
                path = os.path.realpath(os.path.join(folder, name))
                if path in self.planted or not os.path.isfile(path):
                    continue
                with open(path, "rb") as file:
                    self.assertNotIn(CANARY.encode(), file.read(), f"{what}: {path}")

    def check(self, what, **changes):
        """A run that is refused (the emulator knows no canary), one that cannot connect, and the commands that tell."""
        emulator = self.start_emulator(steps([call("Bash", command="env; cat a.txt")], "Done."), credentials=False)
        for url, more in ((emulator.url, {}), ("http://127.0.0.1:9", {}), (emulator.url, {"CLAUDE_CODE_SUBPROCESS_ENV_SCRUB": "1"})):
            run = self.ask(url, "--debug-file", f"{self.root}/debug.log", "--verbose", "--allowedTools", "Bash",
                           CLAUDE_CODE_MAX_RETRIES="0", **{**changes, **more})
            self.assertEqual(run.code, 1, f"{what}: {run}")
            self.assert_clean(run, what)
        for words in (("status",), ("status", "--json"), ("doctor", "--live"), ("auth", "refresh"), ("models",)):
            env = self.env(emulator.url, CLAUDE_CODE_MAX_RETRIES="0", AWS_ENDPOINT_URL_STS="http://127.0.0.1:9", **changes)
            self.assert_clean(self.run_awl(*words, env=env), f"{what}: {words}")

    def test_keys_of_the_environment(self):
        self.check("keys", AWS_SECRET_ACCESS_KEY=canary("secret"), AWS_SESSION_TOKEN=canary("session"))

    def test_shared_files(self):
        self.plant(f"{self.home}/.aws/credentials", f"[default]\naws_access_key_id = {ACCESS_KEY}\n"
                   f"aws_secret_access_key = {canary('file')}\naws_session_token = {canary('filetoken')}\n")
        self.check("files", **NO_KEYS)

    def test_shared_files_that_are_damaged(self):
        self.plant(f"{self.home}/.aws/credentials", f"[default\naws_secret_access_key = {canary('file')}\n{canary('line')}\n")
        self.check("damaged files", **NO_KEYS)

    def test_programs_that_give_credentials(self):
        good = json.dumps({"Version": 1, "AccessKeyId": ACCESS_KEY, "SecretAccessKey": canary("process"), "SessionToken": canary("ptoken")})
        for name, script in (("good", f"echo '{good}'"), ("not json", f"echo 'SecretAccessKey: {canary('text')}'"),
                             ("failing", f"echo '{good}'; exit 1")):
            with self.subTest(name=name):
                self.plant(f"{self.home}/give.sh", script + "\n")
                self.plant(f"{self.home}/.aws/config", f"[default]\ncredential_process = sh {self.home}/give.sh\n")
                self.check(f"process {name}", **NO_KEYS)
                os.remove(f"{self.home}/.aws/config")
                self.plant(f"{self.home}/.claude/settings.json", json.dumps({"awsCredentialExport": f"sh {self.home}/give.sh"}))
                self.check(f"export {name}", **NO_KEYS)
                os.remove(f"{self.home}/.claude/settings.json")

    def test_sso_and_its_cache(self):
        self.plant(f"{self.home}/.aws/config", "[default]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = r\n"
                   "[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://corp.awsapps.com/start\n")
        for expires in ("2100-01-01T00:00:00Z", "2020-01-01T00:00:00Z"):
            token = {"startUrl": "https://corp.awsapps.com/start", "region": "us-east-1", "accessToken": canary("access"),
                     "expiresAt": expires, "clientId": "c", "clientSecret": canary("client"), "refreshToken": canary("refresh"),
                     "registrationExpiresAt": "2100-01-01T00:00:00Z"}
            cache = f"{self.home}/.aws/sso/cache/{hashlib.sha1(b'corp').hexdigest()}.json"
            self.plant(cache, json.dumps(token))
            self.check(f"sso {expires}", AWS_ENDPOINT_URL="http://127.0.0.1:9", **NO_KEYS)

    def test_web_identity(self):
        path = self.plant(f"{self.root}/token", canary("webidentity"))
        self.check("web identity, no STS", AWS_WEB_IDENTITY_TOKEN_FILE=path, AWS_ROLE_ARN="arn:r", **NO_KEYS)
        sts = self.started(Sts(session_token=canary("assumed")))
        emulator = self.start_emulator(steps("Done."), credentials=False)
        run = self.ask(emulator.url, "--debug-file", f"{self.root}/debug.log", AWS_WEB_IDENTITY_TOKEN_FILE=path, AWS_ROLE_ARN="arn:r",
                       AWS_ENDPOINT_URL_STS=sts.url, CLAUDE_CODE_MAX_RETRIES="0", **NO_KEYS)
        self.assertEqual(run.code, 1)
        self.assert_clean(run, "web identity")

    def test_containers(self):
        endpoint = self.started(ContainerEndpoint("another"))
        for name, value in (("AWS_CONTAINER_AUTHORIZATION_TOKEN", canary("container")),
                            ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", self.plant(f"{self.root}/ctoken", canary("containerfile")))):
            self.check(name, AWS_CONTAINER_CREDENTIALS_FULL_URI=endpoint.url, **{name: value}, **NO_KEYS)

    def test_keys_tokens_and_headers(self):
        self.check("key", ANTHROPIC_AWS_API_KEY=canary("key"))
        self.check("bearer", CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH="1", ANTHROPIC_AUTH_TOKEN=canary("bearer"))
        self.check("headers", ANTHROPIC_AWS_API_KEY=canary("key"), ANTHROPIC_CUSTOM_HEADERS=f"x-team-token: {canary('header')}")
        self.check("broken headers", ANTHROPIC_CUSTOM_HEADERS=f"x-team-token {canary('header')}\x01")

    def test_proxies(self):
        self.check("proxy", HTTPS_PROXY=f"http://me:{canary('proxy')}@127.0.0.1:9", HTTP_PROXY=f"http://me:{canary('proxy')}@127.0.0.1:9",
                   NO_PROXY=None)

    def test_other_providers(self):
        self.check("bedrock", CLAUDE_CODE_USE_BEDROCK="1", ANTHROPIC_BEDROCK_BASE_URL="http://127.0.0.1:9",
                   AWS_BEARER_TOKEN_BEDROCK=canary("bedrock"))
        self.check("foundry", CLAUDE_CODE_USE_FOUNDRY="1", ANTHROPIC_FOUNDRY_BASE_URL="http://127.0.0.1:9",
                   ANTHROPIC_FOUNDRY_API_KEY=canary("foundry"))

    def test_a_run_that_succeeds(self):
        emulator = self.start_emulator(steps([call("Bash", command="cat a.txt; env | grep -c ANTHROPIC_AWS_API_KEY")], "Done."),
                                       "--api-key", canary("good"), credentials=False)
        run = self.ask(emulator.url, "--debug-file", f"{self.root}/debug.log", "--verbose", "--include-partial-messages",
                       "--allowedTools", "Bash", ANTHROPIC_AWS_API_KEY=canary("good"),
                       ANTHROPIC_CUSTOM_HEADERS=f"x-team-token: {canary('header')}")
        self.assert_success(run, "Done.")
        self.assert_clean(run, "success")
        self.assertGreater(os.path.getsize(f"{self.root}/debug.log"), 0)


if __name__ == "__main__":
    unittest.main()
