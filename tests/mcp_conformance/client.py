#!/usr/bin/env python3
"""The client that the conformance suite runs: awl, whose scripted model calls the scenario's tool, after a sign-in where
the scenario is about one. The suite's server agrees to every sign-in; curl is the browser."""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "../e2e"))
from support import API_KEY, AWL, STREAM, WORKSPACE, Emulator, call, steps  # noqa: E402

CALLS = {"tools_call": call("mcp__srv__add_numbers", a=5, b=3),
         "elicitation-sep1034-client-defaults": call("mcp__srv__test_client_elicitation_defaults"),
         "sse-retry": call("mcp__srv__test_reconnection")}
# Somebody accepts what a server asks, and leaves the form as it is.
ACCEPT = {"hookSpecificOutput": {"hookEventName": "Elicitation", "action": "accept", "content": {}}}
HOOKS = {"hooks": {"Elicitation": [{"hooks": [{"type": "command", "command": f"echo '{json.dumps(ACCEPT)}'"}]}]}}
BROWSER = "curl --silent --show-error --location --output /dev/null %s"
# A document that stands for a registration: the suite's own.
METADATA_URL = "https://conformance-test.local/client-metadata.json"


class Client:
    def __init__(self, root, url, emulator):
        self.root, self.emulator = root, emulator
        context = json.loads(os.environ.get("MCP_CONFORMANCE_CONTEXT", "{}"))
        self.scenario = os.environ.get("MCP_CONFORMANCE_SCENARIO", "")
        server = {"type": "http", "url": url}
        if self.scenario.startswith("auth/"):
            server["oauth"] = {"clientMetadataUrl": METADATA_URL}
        if context.get("client_id"):
            server["oauth"]["clientId"] = context["client_id"]
        if "client-credentials" in self.scenario:
            server["oauth"]["grant"] = "client_credentials"
        if context.get("private_key_pem"):
            server["oauth"]["privateKeyFile"] = os.path.join(root, "client.pem")
            with open(server["oauth"]["privateKeyFile"], "w", encoding="utf-8") as file:
                file.write(context["private_key_pem"])
        self.config = json.dumps({"mcpServers": {"srv": server}})
        self.env = {"PATH": os.environ["PATH"], "HOME": root, "TMPDIR": root, "CLAUDE_CODE_USE_ANTHROPIC_AWS": "1",
                    "AWS_REGION": "us-east-1", "ANTHROPIC_AWS_WORKSPACE_ID": WORKSPACE, "ANTHROPIC_AWS_API_KEY": API_KEY,
                    "ANTHROPIC_AWS_BASE_URL": emulator.url, "NO_PROXY": "127.0.0.1,localhost", "ENABLE_TOOL_SEARCH": "false",
                    "MCP_CONNECTION_NONBLOCKING": "0", "BROWSER": BROWSER,
                    "MCP_CLIENT_SECRET": context.get("client_secret", "")}

    def run(self, *arguments):
        return subprocess.run([AWL, *arguments], env=self.env, cwd=self.root, timeout=60).returncode

    def log_in(self):
        return self.run("mcp", "login", "srv", "--mcp-config", self.config)

    def talk(self):
        return self.run("-p", "Go on.", *STREAM, "--allowedTools", "mcp__srv", "--settings", json.dumps(HOOKS),
                        "--mcp-config", self.config)


def main():
    scenario = os.environ.get("MCP_CONFORMANCE_SCENARIO", "")
    wanted = CALLS.get(scenario)
    if scenario.startswith("auth/"):
        wanted = call("mcp__srv__test-tool")
    rounds = [[wanted], "Done."] if wanted else ["Done."]
    with tempfile.TemporaryDirectory(prefix="awl-mcpc-") as root:
        emulator = Emulator(root, steps(*rounds * 3), ("--api-key", API_KEY))
        try:
            client = Client(root, sys.argv[-1], emulator)
            if not scenario.startswith("auth/"):
                return client.talk()
            code = client.log_in()
            if code == 0:
                code = client.talk()
            # The server asked for more meanwhile: the person signs in once more, and no more often.
            if scenario in ("auth/scope-step-up", "auth/scope-retry-limit"):
                client.log_in()
                code = client.talk()
            return code
        finally:
            emulator.stop()


if __name__ == "__main__":
    sys.exit(main())
