"""Hooks in whole runs: what they see, what they change, and what happens when they fail."""
import http.server
import json
import os
import threading
import unittest

from support import STREAM, E2eCase, call, steps, text

SPECIFIC = "hookSpecificOutput"


def command(shell, **more):
    return {"type": "command", "command": shell, **more}


def say(event, **fields):
    """A hook that prints this output."""
    return command("echo '" + json.dumps({SPECIFIC: {"hookEventName": event, **fields}}) + "'")


class Answer(http.server.BaseHTTPRequestHandler):
    """Answers every hook with what the path names."""
    requests = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        Answer.requests.append((dict(self.headers), json.loads(body)))
        status, answer = {"/500": (500, b"broken"), "/text": (200, b"no json"), "/empty": (200, b""),
                          "/deny": (200, json.dumps({SPECIFIC: {"hookEventName": "PreToolUse",
                                                                "permissionDecision": "deny",
                                                                "permissionDecisionReason": "by http"}}).encode())}[self.path]
        self.send_response(status)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments):
        pass


class HooksCase(E2eCase):
    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        cls.url = f"http://127.0.0.1:{cls.server.server_port}"
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()

    def run_hooks(self, hooks, scenario, *arguments, **env):
        """`hooks`: event → handler, list of handlers, or list of (matcher, handler)."""
        groups = {}
        for event, written in hooks.items():
            for item in written if isinstance(written, list) else [written]:
                matcher, handler = item if isinstance(item, tuple) else ("", item)
                groups.setdefault(event, []).append({"matcher": matcher, "hooks": [handler]})
        emulator = self.start_emulator(scenario)
        run = self.run_awl("-p", "Go on.", *STREAM, "--model", "claude-sonnet-4-6", *arguments, "--settings", json.dumps({"hooks": groups}),
                           env=self.env(emulator.url, **env))
        return run, emulator.requests()

    def sent(self, requests, index=-1):
        return json.dumps(requests[index]["body"]["messages"])


class WhatHooksDoTest(HooksCase):
    def test_a_task_is_not_made_and_not_completed_against_a_hook(self):
        hooks = {"TaskCreated": command("grep -q forbidden && echo 'not this one' >&2 && exit 2; exit 0"),
                 "TaskCompleted": command("echo 'tests fail' >&2; exit 2")}
        run, _ = self.run_hooks(hooks, steps(
            [call("TaskCreate", subject="forbidden", description="d")], [call("TaskCreate", subject="fine", description="d")],
            [call("TaskUpdate", taskId="2", status="completed")], [call("TaskUpdate", taskId="1", status="completed")],
            [call("TaskList")], "Done."))
        results = run.tool_results()
        self.assertIn("not this one", results[0]["content"])
        self.assertNotIn("is_error", results[1])
        self.assertTrue(any("tests fail" in r["content"] for r in results[2:4]), results)
        self.assertIn("fine", results[4]["content"])
        self.assertNotIn("forbidden", results[4]["content"])
        self.assertNotIn("completed", results[4]["content"])

    def test_variables_that_a_hook_exports_reach_later_commands(self):
        hooks = {"SessionStart": command("echo 'export FROM_HOOK=yes' >> \"$CLAUDE_ENV_FILE\"")}
        run, _ = self.run_hooks(hooks, steps([call("Bash", command="echo \"got $FROM_HOOK\"")], "Done."),
                                "--allowedTools", "Bash")
        self.assertEqual(run.tool_results()[0]["content"], "got yes", run)

    def test_a_permission_request_is_answered_by_a_hook(self):
        decide = say("PermissionRequest", decision={"behavior": "allow", "updatedInput": {"command": "echo changed"}})
        run, _ = self.run_hooks({"PermissionRequest": decide}, steps([call("Bash", command="touch x")], "Done."))
        self.assertEqual(run.tool_results()[0]["content"], "changed", run)
        self.assertEqual(run.results()[0]["permission_denials"], [])
        deny = say("PermissionRequest", decision={"behavior": "deny", "message": "never that", "interrupt": True})
        run, requests = self.run_hooks({"PermissionRequest": deny}, steps([call("Bash", command="touch x")], "Done."))
        self.assertIn("never that", run.tool_results()[0]["content"])
        self.assertEqual(len(requests), 1, "the turn ends")
        self.assertEqual(run.code, 0)

    def test_a_hook_does_not_beat_a_deny_rule(self):
        hooks = {"PreToolUse": say("PreToolUse", permissionDecision="allow"),
                 "PermissionRequest": say("PermissionRequest", decision={"behavior": "allow"})}
        run, _ = self.run_hooks(hooks, steps([call("Bash", command="touch x")], "Done."), "--disallowedTools", "Bash(touch *)")
        self.assertTrue(run.tool_results()[0]["is_error"])
        self.assertFalse(os.path.exists(os.path.join(self.work, "x")))

    def test_input_that_a_hook_gives_is_checked_again(self):
        other = say("PreToolUse", permissionDecision="allow", updatedInput={"command": "rm -rf x"})
        run, _ = self.run_hooks({"PreToolUse": other}, steps([call("Bash", command="ls")], "Done."),
                                "--disallowedTools", "Bash(rm *)")
        self.assertIn("denied", run.tool_results()[0]["content"])
        wrong = say("PreToolUse", updatedInput={"no_such_key": 1})
        run, _ = self.run_hooks({"PreToolUse": wrong}, steps([call("Bash", command="ls")], "Done."))
        self.assertIn("does not fit", run.tool_results()[0]["content"])

    def test_a_turn_that_a_hook_ends(self):
        stop = command("echo '{\"continue\":false,\"stopReason\":\"that is enough\"}'")
        run, requests = self.run_hooks({"PreToolUse": stop}, steps([call("Bash", command="echo ran > ran.txt")], "Done."),
                                       "--allowedTools", "Bash")
        self.assertEqual((len(requests), run.results()[0]["result"], run.results()[0]["stop_reason"]), (1, "", "tool_use"))
        self.assertEqual(self.read("ran.txt"), "ran\n")
        self.assertIn("that is enough", run.out)
        block = command("echo 'look first' >&2; exit 2")
        run, requests = self.run_hooks({"PostToolBatch": block}, steps([call("Bash", command="echo x")], "Done."),
                                       "--allowedTools", "Bash")
        self.assertEqual(len(requests), 1, run)

    def test_the_end_of_a_turn_is_held_up_eight_times_at_most(self):
        run, requests = self.run_hooks({"Stop": command("echo more >&2; exit 2")}, steps(*["Done."] * 20))
        self.assertEqual((run.code, len(requests)), (0, 9), run)
        self.assertIn("8 times", run.out)

    def test_an_error_of_the_platform_is_told_with_its_kind(self):
        hooks = {"StopFailure": [("overloaded", command("cat > failure.json")), ("rate_limit", command("touch wrong"))],
                 "Stop": command("touch stopped")}
        run, _ = self.run_hooks(hooks, steps({"status": 529}), CLAUDE_CODE_MAX_RETRIES="0")
        self.assertEqual(run.code, 1)
        self.assertEqual(json.loads(self.read("failure.json"))["error"], "overloaded")
        self.assertEqual(sorted(n for n in os.listdir(self.work) if n in ("wrong", "stopped")), [])

    def test_a_change_of_folder_is_told(self):
        os.makedirs(os.path.join(self.work, "sub"))
        self.run_hooks({"CwdChanged": command("cat > \"$CLAUDE_PROJECT_DIR\"/cwd.json")},
                       steps([call("Bash", command="cd sub")], "Done."), "--allowedTools", "Bash")
        told = json.loads(self.read("cwd.json"))
        self.assertEqual((told["old_cwd"], told["new_cwd"]), (self.work, os.path.join(self.work, "sub")))

    def test_resumed_and_forked_sessions_say_so(self):
        hooks = {"SessionStart": command("cat >> starts.jsonl; echo >> starts.jsonl")}
        run, _ = self.run_hooks(hooks, steps("Done."))
        session = run.results()[0]["session_id"]
        self.run_hooks(hooks, steps("Done."), "--resume", session)
        self.run_hooks(hooks, steps("Done."), "--resume", session, "--fork-session")
        starts = [json.loads(line) for line in self.read("starts.jsonl").splitlines() if line]
        self.assertEqual([s["source"] for s in starts], ["startup", "resume", "fork"])
        self.assertEqual(starts[1]["session_id"], session)
        self.assertNotEqual(starts[2]["session_id"], session)

    def test_what_a_hook_added_stays_in_the_conversation_byte_for_byte(self):
        hooks = {"UserPromptSubmit": command("date +%N"), "PostToolUse": say("PostToolUse", additionalContext="CONTEXT-1")}
        run, requests = self.run_hooks(hooks, steps([call("Bash", command="echo x")], "Done."), "--allowedTools", "Bash")
        before = requests[-1]["body"]["messages"]
        session = run.results()[0]["session_id"]
        _, requests = self.run_hooks({}, steps("Done."), "--resume", session)
        after = requests[-1]["body"]["messages"]
        plain = lambda messages: json.dumps(messages).replace(', "cache_control": {"type": "ephemeral"}', "")
        self.assertEqual(plain(after[:len(before)]), plain(before))
        self.assertIn("CONTEXT-1", plain(after))

    def test_a_long_text_of_a_hook_goes_to_a_file(self):
        run, requests = self.run_hooks({"SessionStart": command("yes 0123456789 | head -c 50000")}, steps("Done."))
        self.assert_success(run, "Done.")
        sent = self.sent(requests)
        self.assertIn("50000", sent.replace("49999", "50000"))
        self.assertLess(len(sent), 20_000)

    def test_setup_hooks_run_when_asked_for(self):
        hooks = {"Setup": [("init", command("echo init >> log")), ("maintenance", command("echo maintenance >> log"))],
                 "SessionStart": command("echo start >> log")}
        self.run_hooks(hooks, steps("Done."))
        self.run_hooks(hooks, steps("Done."), "--maintenance")
        run, requests = self.run_hooks(hooks, steps("Done."), "--init-only")
        self.assertEqual(self.read("log").split(), ["start", "maintenance", "start", "init", "start"])
        self.assertEqual((run.code, requests), (0, []))

    def test_hooks_over_http(self):
        Answer.requests.clear()
        hook = {"type": "http", "url": self.url + "/deny", "headers": {"X-Token": "$TOKEN-${OTHER}"}, "allowedEnvVars": ["TOKEN"]}
        run, _ = self.run_hooks({"PreToolUse": [("Bash", hook)]},
                                steps([call("Bash", command="touch x")], "Done."), "--allowedTools", "Bash",
                                TOKEN="t1", OTHER="secret")
        self.assertIn("by http", run.tool_results()[0]["content"])
        headers, body = Answer.requests[0]
        self.assertEqual((headers["X-Token"], body["tool_input"]), ("t1-", {"command": "touch x"}))
        run, _ = self.run_hooks({"PreToolUse": hook}, steps([call("Bash", command="touch x")], "Done."),
                                "--allowedTools", "Bash")
        self.assertTrue(run.tool_results()[0]["is_error"])

    def test_a_project_that_is_not_trusted_can_be_held_back(self):
        self.write(".claude/settings.json", json.dumps({"hooks": {"SessionStart": [{"hooks": [command("touch ran")]}]}}))
        self.run_hooks({}, steps("Done."), AWL_REQUIRE_TRUST="1")
        self.assertFalse(os.path.exists(os.path.join(self.work, "ran")))
        self.run_hooks({}, steps("Done."))
        self.assertTrue(os.path.exists(os.path.join(self.work, "ran")))

    def test_hooks_that_cannot_run_are_told_at_the_start(self):
        hooks = {"PreToolUse": [command("./missing.sh"), command("echo 'open"), {"type": "teapot"}]}
        run, _ = self.run_hooks(hooks, steps("Done."))
        for words in ("missing.sh does not exist", "a quote in it does not end", "the type teapot"):
            self.assertIn(words, run.err)

    def test_a_hook_does_not_outlive_the_run(self):
        run, _ = self.run_hooks({"Stop": command("sleep 1000 & echo $! > pid"),
                                 "SessionEnd": command("sleep 1000", timeout=0.1)}, steps("Done."))
        self.assertEqual(run.code, 0)
        self.assertFalse(os.path.exists(f"/proc/{self.read('pid').strip()}"))


# A shell that cannot read its command ends with 2, and so blocks: that one is told at the start.
FAILURES = {
    "exit code 1": command("echo oops >&2; exit 1"),
    "exit code 127": command("no-such-program-at-all"),
    "a missing program": command("/no/such/program", args=["x"]),
    "no run bit": command("./plain.sh"),
    "too slow": command("sleep 100", timeout=0.05),
    "killed": command("kill -9 $$"),
    "a folder": command("/tmp", args=[]),
    "output of wrong types": command("echo '{\"continue\":\"no\"}'"),
    "output of another event": command("echo '{\"hookSpecificOutput\":{\"hookEventName\":\"Nonsense\"}}'"),
    "an HTTP error": {"type": "http", "url": "{url}/500"},
    "an HTTP answer without JSON": {"type": "http", "url": "{url}/text"},
    "no server": {"type": "http", "url": "http://127.0.0.1:1/"},
    "an MCP server that is not there": {"type": "mcp_tool", "server": "s", "tool": "t"},
}
EVENTS = ("UserPromptSubmit", "PreToolUse", "PostToolBatch", "TaskCreated", "Stop", "PreCompact")


class FailuresTest(HooksCase):
    """Every way to fail with every event that can block: nothing stops, unless the hook must not fail."""

    def hooks_that(self, failure, **more):
        self.write("plain.sh", "#!/bin/sh\n")
        return {**json.loads(json.dumps(failure).replace("{url}", self.url)), **more}

    def test_a_hook_that_fails_stops_nothing(self):
        for name, failure in FAILURES.items():
            with self.subTest(name):
                hook = self.hooks_that(failure)
                run, requests = self.run_hooks(
                    {event: hook for event in EVENTS},
                    steps([call("TaskCreate", subject="s", description="d"), call("Bash", command="echo ran")], "Done."),
                    "--allowedTools", "Bash")
                self.assertEqual((run.code, run.results()[0]["result"], len(requests)), (0, "Done.", 2), run)
                self.assertEqual([r.get("is_error", False) for r in run.tool_results()], [False, False], run)
                self.assertIn("failed", run.out)

    def test_a_hook_that_must_not_fail_stops_what_it_guards(self):
        work = {"UserPromptSubmit": "Done.", "Stop": "Done.", "PreToolUse": [call("Bash", command="echo ran")],
                "PostToolBatch": [call("Bash", command="echo ran")],
                "TaskCreated": [call("TaskCreate", subject="s", description="d")]}
        for name, failure in FAILURES.items():
            for event, step in work.items():
                with self.subTest(name, event=event):
                    run, requests = self.run_hooks({event: self.hooks_that(failure, failClosed=True)},
                                                   steps(step, *["Done."] * 9), "--allowedTools", "Bash")
                    expected = {"UserPromptSubmit": 0, "Stop": 9, "PreToolUse": 2, "PostToolBatch": 1, "TaskCreated": 2}
                    self.assertEqual((run.code, len(requests)), (0, expected[event]), run)
                    if event in ("PreToolUse", "TaskCreated"):
                        self.assertTrue(run.tool_results()[0]["is_error"], run)


if __name__ == "__main__":
    unittest.main()
