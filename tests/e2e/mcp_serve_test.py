"""`awl mcp serve`: the built-in tools for an MCP client, over standard input and output."""
import json
import os
import queue
import subprocess
import threading
import unittest

from support import AWL, LIMIT_SECONDS, E2eCase, is_alive, wait_until
from web_test import HTML, READER, Pages


class Client:
    """A client that keeps the messages it got."""

    def __init__(self, process):
        self.process = process
        self.lines = queue.Queue()
        self.last_id = 0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line)

    def send(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def post(self, method, params=None):
        """A request that is not waited for; its id."""
        self.last_id += 1
        self.send(json.dumps({"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params or {}}))
        return self.last_id

    def notify(self, method, params=None):
        self.send(json.dumps({"jsonrpc": "2.0", "method": method, "params": params or {}}))

    def next(self):
        return json.loads(self.lines.get(timeout=LIMIT_SECONDS))

    def ask(self, method, params=None):
        request = self.post(method, params)
        answer = self.next()
        assert answer["id"] == request, answer
        return answer

    def call(self, tool, **arguments):
        return self.ask("tools/call", {"name": tool, "arguments": arguments})["result"]


class McpServeTest(E2eCase):
    def serve(self, *arguments, url=None, **env):
        process = subprocess.Popen([AWL, "mcp", "serve", *arguments], env=self.env(url, **env), cwd=self.work,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(self.close, process)
        return Client(process)

    def close(self, process):
        process.stdin.close()
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()

    def said(self, result):
        self.assertEqual([block["type"] for block in result["content"]], ["text"])
        return result["content"][0]["text"]

    def test_the_handshake_and_the_tools(self):
        client = self.serve("--debug", "--verbose")
        answer = client.ask("initialize", {"protocolVersion": "2025-03-26", "capabilities": {},
                                           "clientInfo": {"name": "t", "version": "1"}})["result"]
        self.assertEqual(answer["protocolVersion"], "2025-03-26")
        self.assertEqual(answer["serverInfo"]["name"], "awl")
        self.assertIn("tools", answer["capabilities"])
        client.notify("notifications/initialized")
        self.assertEqual(client.ask("ping")["result"], {})
        tools = {tool["name"]: tool for tool in client.ask("tools/list")["result"]["tools"]}
        self.assertLessEqual({"Bash", "Read", "Edit", "Write", "Glob", "Grep", "NotebookEdit", "WebFetch"}, set(tools))
        self.assertFalse({"AskUserQuestion", "ToolSearch", "Agent"} & set(tools))
        for tool in tools.values():
            self.assertEqual(tool["inputSchema"]["type"], "object")
            self.assertTrue(tool["description"])

    def test_tools_work_in_the_folder_and_under_its_rules(self):
        self.write("notes.txt", "one\ntwo\n")
        self.write(".claude/settings.json", json.dumps({"permissions": {"deny": ["Read(./secret/**)", "WebSearch"]}}))
        self.write("secret/key", "hidden")
        client = self.serve()
        self.assertIn("two", self.said(client.call("Read", file_path=os.path.join(self.work, "notes.txt"))))
        self.assertIn("notes.txt", self.said(client.call("Grep", pattern="two")))
        denied = client.call("Read", file_path=os.path.join(self.work, "secret/key"))
        self.assertTrue(denied["isError"])
        self.assertIn("denied", self.said(denied))
        asked = client.call("Write", file_path=os.path.join(self.work, "new"), content="x")
        self.assertTrue(asked["isError"])
        self.assertIn("Nobody can be asked here", self.said(asked))
        self.assertFalse(os.path.exists(os.path.join(self.work, "new")))
        self.assertNotIn("WebSearch", [t["name"] for t in client.ask("tools/list")["result"]["tools"]])
        self.assertEqual(client.ask("tools/call", {"name": "WebSearch", "arguments": {}})["error"]["code"], -32602)

    def test_what_is_allowed_runs_and_hooks_hear_of_it(self):
        hook = {"PreToolUse": [{"matcher": "Bash", "hooks": [
            {"type": "command", "command": "grep -q forbidden && { echo not that one >&2; exit 2; }; exit 0"}]}]}
        client = self.serve("--settings", json.dumps({"hooks": hook}), "--allowedTools", "Bash", "--permission-mode", "acceptEdits")
        path = os.path.join(self.work, "made")
        self.assertNotIn("isError", client.call("Write", file_path=path, content="a\nb\n"))
        client.call("Edit", file_path=path, old_string="b", new_string="c")
        self.assertEqual(self.read("made"), "a\nc\n")
        self.assertEqual(self.said(client.call("Bash", command="cat made; exit 0")), "a\nc")
        self.assertTrue(client.call("Bash", command="exit 3")["isError"])
        refused = client.call("Bash", command="echo forbidden")
        self.assertTrue(refused["isError"])
        self.assertIn("not that one", self.said(refused))
        wrong = client.call("Bash", cmd=1)
        self.assertTrue(wrong["isError"])

    def test_a_page_is_read_by_the_model(self):
        pages = Pages({"/a": (200, *HTML)})
        self.addCleanup(pages.stop)
        emulator = self.start_emulator({"rules": [{"when": READER, "step": {"content": "It says 42."}}]})
        client = self.serve("--allowedTools", "WebFetch(domain:127.0.0.1)", url=emulator.url)
        answer = client.call("WebFetch", url=pages.url("/a"), prompt="What is it?")
        self.assertIn("It says 42.", self.said(answer))

    def test_errors_of_the_protocol(self):
        client = self.serve()
        self.assertEqual(client.ask("resources/list")["error"]["code"], -32601)
        self.assertEqual(client.ask("tools/call", {"name": "Nope"})["error"]["code"], -32602)
        client.send("{")
        self.assertEqual(client.next()["error"]["code"], -32700)
        client.send("[]")
        self.assertEqual(client.next()["error"]["code"], -32600)
        client.notify("notifications/nobody-knows")
        self.assertEqual(client.ask("ping")["result"], {})

    def sleeping(self, name):
        path = os.path.join(self.work, name)
        return int(wait_until(lambda: os.path.exists(path) and self.read(name).strip(), f"{name} written"))

    def test_a_cancelled_call_ends_with_what_it_started(self):
        client = self.serve("--allowedTools", "Bash")
        request = client.post("tools/call", {"name": "Bash", "arguments": {"command": "echo $$ >pid; exec sleep 600"}})
        pid = self.sleeping("pid")
        self.assertEqual(client.ask("ping")["result"], {})
        client.notify("notifications/cancelled", {"requestId": request, "reason": "test"})
        wait_until(lambda: not is_alive(pid), "the end of the command")
        # The next one that changes something is not kept waiting.
        self.assertEqual(self.said(client.call("Bash", command="echo after")), "after")

    def test_the_end_of_input_ends_everything(self):
        client = self.serve("--allowedTools", "Bash")
        client.call("Bash", command="echo $$ >background; exec sleep 600", run_in_background=True)
        client.post("tools/call", {"name": "Bash", "arguments": {"command": "echo $$ >pid; exec sleep 600"}})
        pids = [self.sleeping("pid"), self.sleeping("background")]
        client.process.stdin.close()
        self.assertEqual(client.process.wait(LIMIT_SECONDS), 0)
        for pid in pids:
            wait_until(lambda p=pid: not is_alive(p), "the end of a command")


if __name__ == "__main__":
    unittest.main()
