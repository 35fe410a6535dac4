"""The official conformance suite for MCP clients (npm) against the built awl."""
import os
import re
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.realpath(__file__))
SUITE = os.path.join(HERE, "node_modules/@modelcontextprotocol/conformance/dist/index.js")
NODE = os.environ.get("NODE", "node")


class ConformanceTest(unittest.TestCase):
    def play(self, scenario, checks=None):
        with tempfile.TemporaryDirectory(prefix="awl-mcpc-") as folder:
            run = subprocess.run([NODE, SUITE, "client", "--command", f"{sys.executable} -B {HERE}/client.py", "--scenario", scenario],
                                 cwd=folder, capture_output=True, text=True, timeout=120)
        said = run.stdout + run.stderr
        counts = re.search(r"Passed: (\d+)/(\d+), (\d+) failed, (\d+) warnings", said)
        self.assertIsNotNone(counts, said[-4000:])
        passed, _, failed, warnings = map(int, counts.groups())
        self.assertEqual(failed, 0, said[-4000:])
        # A busy machine is told as a warning about time.
        if checks is None:
            self.assertGreater(passed, 0, said[-4000:])
        else:
            self.assertEqual(passed + warnings, checks, said[-4000:])

    def test_initialize(self):
        self.play("initialize", 1)

    def test_a_tool_is_called(self):
        self.play("tools_call", 1)

    def test_proposed_values_of_a_form(self):
        self.play("elicitation-sep1034-client-defaults", 5)

    def test_a_stream_that_is_gone_on_with(self):
        self.play("sse-retry", 3)


    def test_signing_in(self):
        # How many checks there are depends on how many requests it takes.
        for scenario in ("metadata-default", "metadata-var1", "metadata-var2", "metadata-var3", "basic-cimd",
                         "scope-from-www-authenticate", "scope-from-scopes-supported", "scope-omitted-when-undefined",
                         "scope-step-up", "scope-retry-limit", "token-endpoint-auth-basic", "token-endpoint-auth-post",
                         "token-endpoint-auth-none", "resource-mismatch", "pre-registration",
                         "2025-03-26-oauth-metadata-backcompat", "2025-03-26-oauth-endpoint-fallback",
                         "client-credentials-basic", "client-credentials-jwt"):
            with self.subTest(scenario):
                self.play("auth/" + scenario)


if __name__ == "__main__":
    unittest.main()
