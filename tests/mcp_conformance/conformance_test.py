"""The official conformance suite for MCP clients (npm), its scenarios without a login, against the built awl."""
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
    def play(self, scenario, checks):
        with tempfile.TemporaryDirectory(prefix="awl-mcpc-") as folder:
            run = subprocess.run([NODE, SUITE, "client", "--command", f"{sys.executable} -B {HERE}/client.py", "--scenario", scenario],
                                 cwd=folder, capture_output=True, text=True, timeout=120)
        said = run.stdout + run.stderr
        counts = re.search(r"Passed: (\d+)/(\d+), (\d+) failed, (\d+) warnings", said)
        self.assertIsNotNone(counts, said[-4000:])
        passed, _, failed, warnings = map(int, counts.groups())
        # A busy machine is told as a warning about time.
        self.assertEqual((passed + warnings, failed), (checks, 0), said[-4000:])

    def test_initialize(self):
        self.play("initialize", 1)

    def test_a_tool_is_called(self):
        self.play("tools_call", 1)

    def test_proposed_values_of_a_form(self):
        self.play("elicitation-sep1034-client-defaults", 5)

    def test_a_stream_that_is_gone_on_with(self):
        self.play("sse-retry", 3)


if __name__ == "__main__":
    unittest.main()
