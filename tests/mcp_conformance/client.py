#!/usr/bin/env python3
"""The client that the conformance suite runs: one run of awl, whose scripted model calls the scenario's tool."""
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


def main():
    wanted = CALLS.get(os.environ.get("MCP_CONFORMANCE_SCENARIO", ""))
    servers = {"mcpServers": {"srv": {"type": "http", "url": sys.argv[-1]}}}
    with tempfile.TemporaryDirectory(prefix="awl-mcpc-") as root:
        emulator = Emulator(root, steps(*([[wanted]] if wanted else []), "Done."), ("--api-key", API_KEY))
        try:
            env = {"PATH": os.environ["PATH"], "HOME": root, "TMPDIR": root, "CLAUDE_CODE_USE_ANTHROPIC_AWS": "1",
                   "AWS_REGION": "us-east-1", "ANTHROPIC_AWS_WORKSPACE_ID": WORKSPACE, "ANTHROPIC_AWS_API_KEY": API_KEY,
                   "ANTHROPIC_AWS_BASE_URL": emulator.url, "NO_PROXY": "127.0.0.1,localhost", "ENABLE_TOOL_SEARCH": "false",
                   "MCP_CONNECTION_NONBLOCKING": "0"}
            run = subprocess.run([AWL, "-p", "Go on.", *STREAM, "--allowedTools", "mcp__srv", "--settings", json.dumps(HOOKS),
                                  "--mcp-config", json.dumps(servers)], env=env, cwd=root, timeout=60)
        finally:
            emulator.stop()
    return run.returncode


if __name__ == "__main__":
    sys.exit(main())
