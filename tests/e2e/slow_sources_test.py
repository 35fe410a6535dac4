"""Sources of credentials that never answer: the chain's limit ends the wait, and names the one that was being asked."""
import hashlib
import json
import socket
import threading
import unittest

from support import E2eCase, steps

NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}


class Silent:
    """Takes connections and says nothing."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.taken = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        try:
            while True:
                self.taken.append(self.listener.accept()[0])
        except OSError:
            pass

    def stop(self):
        self.listener.close()
        for connection in self.taken:
            connection.close()


class SlowSourcesTest(E2eCase):
    def setUp(self):
        super().setUp()
        self.silent = Silent()
        self.addCleanup(self.silent.stop)

    def assert_ends(self, source, **changes):
        emulator = self.start_emulator(steps("Never."))
        run = self.ask(emulator.url, CLAUDE_CODE_AWS_CHAIN_RESOLVE_TIMEOUT_MS="400", CLAUDE_CODE_MAX_RETRIES="0", **NO_KEYS, **changes)
        self.assert_api_error(run, None, "AWS default-chain credential resolve timed out", source)
        self.assertEqual(emulator.requests(), [])
        self.assertTrue(self.silent.taken)

    def test_web_identity(self):
        token = self.write(f"{self.root}/token", "t")
        self.assert_ends("web identity", AWS_WEB_IDENTITY_TOKEN_FILE=token, AWS_ROLE_ARN="arn:r", AWS_ENDPOINT_URL_STS=self.silent.url)

    def test_container(self):
        self.assert_ends("container", AWS_CONTAINER_CREDENTIALS_FULL_URI=self.silent.url + "/c")

    def test_instance(self):
        self.assert_ends("instance metadata", AWS_EC2_METADATA_DISABLED=None, AWS_EC2_METADATA_SERVICE_ENDPOINT=self.silent.url)

    def test_sso(self):
        self.write(f"{self.home}/.aws/config", "[default]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n"
                   "[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://corp\n")
        self.write(f"{self.home}/.aws/sso/cache/{hashlib.sha1(b'corp').hexdigest()}.json", json.dumps(
            {"startUrl": "https://corp", "region": "us-east-1", "accessToken": "a", "expiresAt": "2100-01-01T00:00:00Z"}))
        self.assert_ends("shared files (profile default)", AWS_ENDPOINT_URL_SSO=self.silent.url)


if __name__ == "__main__":
    unittest.main()
