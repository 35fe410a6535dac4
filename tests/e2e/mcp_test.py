"""MCP servers: what they offer, what they do wrong, and how they end."""
import http.server
import json
import os
import signal
import subprocess
import sys
import threading
import unittest

from support import STREAM, E2eCase, call, is_alive, steps, wait_until

SERVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "mcp_server.py")
UPFRONT = {"ENABLE_TOOL_SEARCH": "false"}


def stdio(**env):
    return {"command": sys.executable, "args": ["-B", SERVER], "env": {k: str(v) for k, v in env.items()}}


class Http(http.server.BaseHTTPRequestHandler):
    token = ""
    cut = False  # the stream of a call ends before its answer
    calls = []

    def do_POST(self):
        message = json.loads(self.rfile.read(int(self.headers["content-length"])))
        Http.calls.append((dict(self.headers), message))
        if Http.token and self.headers.get("authorization") != "Bearer " + Http.token:
            return self.reply(401, "{}")
        if "id" not in message:
            return self.reply(202, "")
        result = {"initialize": {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": {"name": "h", "version": "1"}},
                  "tools/list": {"tools": [{"name": "hello", "inputSchema": {"type": "object"}}]},
                  "tools/call": {"content": [{"type": "text", "text": "HELLO over http"}]}}[message["method"]]
        answer = json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result})
        if message["method"] == "tools/call" and Http.cut:
            Http.cut = answer
            return self.reply(200, "id: e-1\nretry: 20\ndata:\n\n", "text/event-stream")
        if message["method"] == "tools/call":  # as a stream, after a notification
            return self.reply(200, 'data: {"jsonrpc":"2.0","method":"notifications/progress"}\n\n' + f"data: {answer}\n\n",
                              "text/event-stream")
        return self.reply(200, answer, "application/json", {"mcp-session-id": "s-7"})

    def do_GET(self):
        Http.calls.append((dict(self.headers), {"method": "GET"}))
        if self.headers.get("last-event-id"):
            return self.reply(200, f"data: {Http.cut}\n\n", "text/event-stream")
        self.reply(405, "")

    def do_DELETE(self):
        Http.calls.append((dict(self.headers), {"method": "DELETE"}))
        self.reply(200, "")

    def reply(self, status, body, kind="application/json", headers=None):
        self.send_response(status)
        for name, value in {"content-type": kind, "content-length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *arguments):
        pass


class McpCase(E2eCase):
    def run_mcp(self, servers, scenario, *arguments, prompt="Go on.", **env):
        emulator = self.start_emulator(scenario)
        run = self.run_awl("-p", prompt, *STREAM, "--mcp-config", json.dumps({"mcpServers": servers}),
                           "--allowedTools", "mcp__srv", "mcp__web", *arguments, env=self.env(emulator.url, **{**UPFRONT, **env}))
        return run, emulator.requests()

    def logged(self):
        with open(os.path.join(self.work, "log"), encoding="utf-8") as file:
            return [json.loads(line) for line in file]


class StdioTest(McpCase):
    def test_a_server_that_crashed_is_started_again(self):
        run, _ = self.run_mcp({"srv": stdio()}, steps([call("mcp__srv__crash")], [call("mcp__srv__echo", text="back")], "Done."))
        first, second = run.tool_results()
        self.assertIn("I am done", first["content"])
        self.assertTrue(first["is_error"])
        self.assertEqual(second["content"], "echo back")

    def test_floods_cost_bounded_memory(self):
        run, _ = self.run_mcp({"srv": stdio()}, steps([call("mcp__srv__noise")], [call("mcp__srv__flood")], "Done."))
        noise, flood = run.tool_results()
        self.assertEqual(noise["content"], "noise ")
        self.assertIn("more than 64 MiB", flood["content"])
        self.assertEqual(run.results()[0]["result"], "Done.")

    def test_a_call_that_takes_too_long_is_taken_back(self):
        run, _ = self.run_mcp({"srv": stdio(LOG="log")}, steps([call("mcp__srv__slow")], "Done."), MCP_TOOL_TIMEOUT="200")
        self.assertIn("did not answer", run.tool_results()[0]["content"])

    def test_a_server_dies_with_awl_even_when_it_is_killed(self):
        emulator = self.start_emulator(steps([call("mcp__srv__pid")], {"content": "slow " * 50, "event_delay_ms": 500}))
        started = self.start("-p", "Go on.", *STREAM, "--mcp-config", json.dumps({"mcpServers": {"srv": stdio()}}),
                             "--allowedTools", "mcp__srv", env=self.env(emulator.url, **UPFRONT))
        started.wait_for_output("tool_result")
        line = next(l for l in started.out().split("\n") if "tool_result" in l)
        pid = int(json.loads(line)["message"]["content"][0]["content"])
        os.kill(started.pid, signal.SIGKILL)
        wait_until(lambda: not is_alive(pid), "the server's end")
        started.process.wait()

    def test_tools_that_come_later_are_told_of(self):
        run, requests = self.run_mcp({"srv": stdio()}, steps([call("mcp__srv__grow")], [call("mcp__srv__echo", text="a")],
                                                            [call("mcp__srv__grown")], "Done."))
        self.assertEqual(run.tool_results()[-1]["content"], "grown ")
        self.assertNotIn("mcp__srv__grown", [t["name"] for t in requests[0]["body"]["tools"]])
        self.assertIn("mcp__srv__grown", [t["name"] for t in requests[-1]["body"]["tools"]])

    def test_behind_tool_search_only_names_are_told_and_it_waits_for_servers(self):
        run, requests = self.run_mcp({"srv": stdio(INSTRUCTIONS="Use me for echoes.")},
                                     steps([call("ToolSearch", query="select:mcp__srv__echo")], [call("mcp__srv__echo", text="x")], "Done."),
                                     ENABLE_TOOL_SEARCH="true")
        self.assertEqual(run.tool_results()[1]["content"], "echo x", run)
        self.assertNotIn("mcp__srv__echo", [t["name"] for t in requests[0]["body"]["tools"]])
        self.assertIn("Use me for echoes.", json.dumps(requests[-1]["body"]["messages"]))

    def test_a_union_at_the_root_of_a_schema_is_flattened(self):
        _, requests = self.run_mcp({"srv": stdio()}, steps("Done."))
        tool = next(t for t in requests[0]["body"]["tools"] if t["name"] == "mcp__srv__union")
        self.assertEqual(sorted(tool["input_schema"]["properties"]), ["a", "b"])
        self.assertNotIn("oneOf", tool["input_schema"])
        self.assertIn("exactly one", tool["description"])

    def test_a_prompt_is_a_command(self):
        run, requests = self.run_mcp({"srv": stdio()}, steps("Done."), prompt='/mcp__srv__greet Ada "very politely"')
        self.assert_success(run, "Done.")
        self.assertIn("mcp__srv__greet", run.events("system", "init")[0]["slash_commands"])
        self.assertIn('GREET {\\"who\\": \\"Ada\\", \\"how\\": \\"very politely\\"}', json.dumps(requests[0]["body"]["messages"]))

    def test_questions_are_answered_by_a_hook_or_not_at_all(self):
        run, _ = self.run_mcp({"srv": stdio()}, steps([call("mcp__srv__ask")], "Done."))
        self.assertEqual(run.tool_results()[0]["content"], 'told {"action": "cancel"}')
        output = {"hookSpecificOutput": {"hookEventName": "Elicitation", "action": "accept", "content": {"name": "Ada"}}}
        hooks = {"hooks": {"Elicitation": [{"matcher": "srv", "hooks": [{"type": "command", "command": f"cat > q.json; echo '{json.dumps(output)}'"}]}],
                           "ElicitationResult": [{"hooks": [{"type": "command", "command": "cat > r.json"}]}]}}
        run, _ = self.run_mcp({"srv": stdio()}, steps([call("mcp__srv__ask")], "Done."), "--settings", json.dumps(hooks))
        self.assertEqual(run.tool_results()[0]["content"], 'told {"action": "accept", "content": {"name": "Ada"}}')
        self.assertEqual(json.loads(self.read("q.json"))["message"], "Name?")
        self.assertEqual(json.loads(self.read("r.json"))["action"], "accept")

    def test_a_hook_may_call_a_tool(self):
        hooks = {"hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [
            {"type": "mcp_tool", "server": "srv", "tool": "echo", "input": {"text": "${tool_input.command}"}}]}]}}
        run, _ = self.run_mcp({"srv": stdio(LOG="log")}, steps([call("Bash", command="echo hi")], "Done."), "Bash",
                              "--settings", json.dumps(hooks))
        called = next(m for m in self.logged() if m.get("method") == "tools/call")
        self.assertEqual(called["params"], {"name": "echo", "arguments": {"text": "echo hi"}})

    def test_a_tool_decides_what_no_rule_does(self):
        for verdict, expected in (({"behavior": "allow", "updatedInput": {"command": "echo changed"}}, "changed"),
                                  ({"behavior": "deny", "message": "not on Tuesdays"}, "not on Tuesdays"), ("nonsense", "could not be asked")):
            with self.subTest(verdict):
                run, _ = self.run_mcp({"srv": stdio(VERDICT=json.dumps(verdict))}, steps([call("Bash", command="touch x")], "Done."),
                                      "--permission-prompt-tool", "mcp__srv__approve")
                self.assertIn(expected, run.tool_results()[0]["content"])
        run, _ = self.run_mcp({}, steps([call("Bash", command="touch x")], "Done."), "--permission-prompt-tool", "mcp__no__such")
        self.assertTrue(run.tool_results()[0]["is_error"])

    def test_what_a_rule_denies_no_tool_allows(self):
        run, _ = self.run_mcp({"srv": stdio(VERDICT='{"behavior": "allow", "updatedInput": {"command": "rm x"}}')},
                              steps([call("Bash", command="touch x")], "Done."), "--permission-prompt-tool", "mcp__srv__approve",
                              "--disallowedTools", "Bash(rm *)")
        self.assertIn("denied", run.tool_results()[0]["content"])

    def test_a_denied_server_has_no_tools(self):
        run, requests = self.run_mcp({"srv": stdio()}, steps("Done."), "--disallowedTools", "mcp__srv")
        self.assertFalse([t for t in requests[0]["body"]["tools"] if t["name"].startswith("mcp__srv")])

    def test_a_project_that_is_not_trusted_can_be_held_back(self):
        self.write(".mcp.json", json.dumps({"mcpServers": {"proj": stdio()}}))
        emulator = self.start_emulator(steps("Done."))
        run = self.ask(emulator.url, *STREAM, AWL_REQUIRE_TRUST="1")
        self.assertEqual(run.events("system", "init")[0]["mcp_servers"], [])
        self.assertIn("not trusted", run.err)

    def test_a_configuration_that_is_wrong_is_told(self):
        self.write(".mcp.json", "{ broken")
        run, _ = self.run_mcp({"bad": {"type": "smoke"}, "computer-use": {"command": "x"}, "srv": stdio()}, steps("Done."))
        self.assert_success(run, "Done.")
        for words in (".mcp.json", "smoke", "reserved"):
            self.assertIn(words, run.err)
        emulator = self.start_emulator(steps("Done."))
        for value in ("{ broken", '{"servers": {}}', "no-such-file.json"):
            run = self.run_awl("-p", "Go on.", "--mcp-config", value, env=self.env(emulator.url))
            self.assertEqual(run.code, 1)
            self.assertIn("--mcp-config", run.err)


class HttpTest(McpCase):
    def setUp(self):
        super().setUp()
        Http.calls.clear()
        Http.token = ""
        Http.cut = False
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Http)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.url = f"http://127.0.0.1:{server.server_port}/mcp"

    def web(self, **more):
        return {"web": {"type": "http", "url": self.url, **more}}

    def test_an_answer_may_come_as_a_stream(self):
        run, _ = self.run_mcp(self.web(), steps([call("mcp__web__hello")], "Done."))
        self.assertEqual(run.tool_results()[0]["content"], "HELLO over http")
        by_method = {m["method"]: headers for headers, m in Http.calls}
        self.assertEqual(by_method["tools/call"]["mcp-session-id"], "s-7")
        self.assertEqual(by_method["tools/call"]["mcp-protocol-version"], "2025-06-18")
        self.assertIn("DELETE", by_method)

    def test_a_stream_that_ends_early_is_gone_on_with_behind_its_last_event(self):
        Http.cut = True
        run, _ = self.run_mcp(self.web(), steps([call("mcp__web__hello")], "Done."))
        self.assertEqual(run.tool_results()[0]["content"], "HELLO over http")
        resumed = [headers for headers, m in Http.calls if m["method"] == "GET" and "last-event-id" in {k.lower() for k in headers}]
        self.assertEqual([{k.lower(): v for k, v in h.items()}["last-event-id"] for h in resumed], ["e-1"])

    def test_one_that_wants_a_login_says_so(self):
        Http.token = "t-1"
        run, _ = self.run_mcp(self.web(), steps("Done."))
        self.assertEqual(run.events("system", "init")[0]["mcp_servers"], [{"name": "web", "status": "needs-auth"}])
        run, _ = self.run_mcp(self.web(headers={"Authorization": "Bearer ${TOKEN}"}), steps([call("mcp__web__hello")], "Done."), TOKEN="t-1")
        self.assertEqual(run.tool_results()[0]["content"], "HELLO over http")

    def test_headers_may_come_from_a_program(self):
        Http.token = "t-2"
        helper = self.web(headersHelper="echo \"{\\\"Authorization\\\": \\\"Bearer t-2\\\", \\\"X-Name\\\": \\\"$CLAUDE_CODE_MCP_SERVER_NAME\\\"}\"")
        run, _ = self.run_mcp(helper, steps([call("mcp__web__hello")], "Done."))
        self.assertEqual(run.tool_results()[0]["content"], "HELLO over http")
        names = {key.lower(): value for key, value in Http.calls[-2][0].items()}
        self.assertEqual(names["x-name"], "web")


class CommandTest(McpCase):
    def mcp(self, *arguments):
        return self.run_awl("mcp", *arguments, env=self.env())

    def test_servers_are_added_shown_and_removed(self):
        self.assertEqual(self.mcp("add", "mine", "-e", "A=1", "--", sys.executable, "-B", SERVER).code, 0)
        self.assertEqual(self.mcp("add", "mine", "--", "x").code, 1, "it is there already")
        self.assertEqual(self.mcp("add", "--scope", "project", "--transport", "http", "far", "http://127.0.0.1:1/", "-H", "X: y").code, 0)
        self.assertEqual(json.loads(self.read(".mcp.json"))["mcpServers"]["far"],
                         {"type": "http", "url": "http://127.0.0.1:1/", "headers": {"X": "y"}})
        listed = json.loads(self.mcp("list", "--json").out)
        self.assertEqual(listed["mine"]["status"], "connected")
        self.assertTrue(listed["far"]["status"].startswith("failed"))
        self.assertEqual(self.mcp("remove", "mine").code, 0)
        self.assertEqual(self.mcp("get", "mine").code, 1)

    def test_what_is_wrong_is_said_and_nothing_is_written(self):
        for words in (["add", "a b", "--", "x"], ["add", "x"], ["add", "x", "-e", "novalue", "--", "y"], ["add", "x", "--scope", "moon", "--", "y"],
                      ["add-json", "x", "{"], ["add-json", "x", '{"type":"smoke"}'], ["remove", "none"], ["add", "workspace", "--", "y"]):
            with self.subTest(words):
                self.assertEqual(self.mcp(*words).code, 1)
        self.assertFalse(os.path.exists(os.path.join(self.home, ".claude.json")))


if __name__ == "__main__":
    unittest.main()
