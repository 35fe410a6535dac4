"""The control protocol: a program drives a session over standard input and output."""
import json
import os
import subprocess

from support import STREAM, E2eCase, call, steps, wait_until


class Driver:
    """A run whose standard input stays open."""

    def __init__(self, case, url, *arguments):
        self.started = case.start("-p", *STREAM, "--input-format", "stream-json", *arguments, env=case.env(url, IS_SANDBOX="1"), stdin=subprocess.PIPE)
        self.ids = 0

    def send(self, message):
        self.started.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.started.process.stdin.flush()

    def say(self, words):
        self.send({"type": "user", "message": {"role": "user", "content": words}})

    def messages(self):
        return [json.loads(line) for line in self.started.out().split("\n")[:-1]]

    def wait(self, condition, what):
        return wait_until(lambda: next((m for m in self.messages() if condition(m)), None), what)

    def request(self, subtype, **fields):
        """Asks, and returns the `response` object of the answer."""
        self.ids += 1
        name = f"r{self.ids}"
        self.send({"type": "control_request", "request_id": name, "request": {"subtype": subtype, **fields}})
        return self.wait(lambda m: m["type"] == "control_response" and m["response"]["request_id"] == name, subtype)["response"]

    def asked(self, subtype):
        return self.wait(lambda m: m["type"] == "control_request" and m["request"]["subtype"] == subtype, subtype)

    def answer(self, question, response):
        self.send({"type": "control_response",
                   "response": {"subtype": "success", "request_id": question["request_id"], "response": response}})

    def refuse(self, question, words):
        self.send({"type": "control_response", "response": {"subtype": "error", "request_id": question["request_id"], "error": words}})

    def end(self):
        self.started.process.stdin.close()
        return self.started.end()


class ControlTest(E2eCase):
    def drive(self, scenario, *arguments):
        self.emulator = self.start_emulator(scenario)
        return Driver(self, self.emulator.url, *arguments)

    def writing(self):
        return steps([call("Write", file_path=os.path.join(self.work, "made"), content="1")], "Done.")

    def test_a_no_that_interrupts_ends_the_turn_as_an_interrupt_does(self):
        driver = self.drive(self.writing(), "--permission-prompt-tool", "stdio")
        driver.say("go")
        driver.answer(driver.asked("can_use_tool"), {"behavior": "deny", "message": "Stop.", "interrupt": True})
        result = driver.wait(lambda m: m["type"] == "result", "result")
        self.assertEqual((result["subtype"], result["terminal_reason"]), ("error_during_execution", "aborted_tools"))
        self.assertEqual(len(self.emulator.requests()), 1)
        driver.end()

    def test_the_program_is_asked_and_may_change_the_input(self):
        driver = self.drive(self.writing(), "--permission-prompt-tool", "stdio")
        self.assertEqual(driver.request("initialize")["subtype"], "success")
        driver.say("Go on.")
        question = driver.asked("can_use_tool")
        self.assertEqual(question["request"]["tool_name"], "Write")
        driver.answer(question, {"behavior": "allow", "updatedInput": {**question["request"]["input"], "content": "2"}})
        driver.wait(lambda m: m["type"] == "result", "the result")
        self.assertEqual(driver.end().code, 0)
        self.assertEqual(self.read("made"), "2")

    def test_a_denial_is_told_to_the_model(self):
        driver = self.drive(self.writing(), "--permission-prompt-tool", "stdio")
        driver.say("Go on.")
        driver.answer(driver.asked("can_use_tool"), {"behavior": "deny", "message": "Not on a Friday."})
        driver.wait(lambda m: m["type"] == "result", "the result")
        self.assertIn("Not on a Friday.", json.dumps(driver.end().tool_results()))
        self.assertFalse(os.path.exists(os.path.join(self.work, "made")))

    def test_nonsense_and_errors_deny(self):
        for answer in ({}, {"behavior": "perhaps"}, {"behavior": "allow", "updatedInput": {"file_path": 7}}, None):
            with self.subTest(answer=answer):
                driver = self.drive(self.writing(), "--permission-prompt-tool", "stdio")
                driver.say("Go on.")
                question = driver.asked("can_use_tool")
                driver.refuse(question, "lost") if answer is None else driver.answer(question, answer)
                driver.wait(lambda m: m["type"] == "result", "the result")
                driver.end()
                self.assertFalse(os.path.exists(os.path.join(self.work, "made")))

    def test_end_of_input_while_a_question_waits_ends_the_run(self):
        driver = self.drive(self.writing(), "--permission-prompt-tool", "stdio")
        driver.say("Go on.")
        driver.asked("can_use_tool")
        run = driver.end()
        self.assertEqual(len(run.results()), 1, run)
        self.assertFalse(os.path.exists(os.path.join(self.work, "made")))

    def test_an_interrupt_takes_a_question_back(self):
        driver = self.drive(self.writing(), "--permission-prompt-tool", "stdio")
        driver.say("Go on.")
        question = driver.asked("can_use_tool")
        self.assertEqual(driver.request("interrupt")["subtype"], "success")
        driver.wait(lambda m: m["type"] == "control_cancel_request" and m["request_id"] == question["request_id"], "the cancellation")
        driver.end()
        self.assertFalse(os.path.exists(os.path.join(self.work, "made")))

    def test_bypass_needs_the_flag_at_the_start(self):
        driver = self.drive(self.writing())
        self.assertEqual(driver.request("set_permission_mode", mode="bypassPermissions")["subtype"], "error")
        driver.end()
        driver = self.drive(self.writing(), "--allow-dangerously-skip-permissions")
        self.assertEqual(driver.request("set_permission_mode", mode="bypassPermissions")["subtype"], "success")
        driver.say("Go on.")
        driver.wait(lambda m: m["type"] == "result", "the result")
        driver.end()
        self.assertEqual(self.read("made"), "1")

    def test_an_unknown_request_and_bad_lines_are_answered_and_the_session_goes_on(self):
        driver = self.drive(steps("Done."))
        self.assertEqual(driver.request("fly_to_the_moon")["subtype"], "error")
        driver.send({"type": "control_response", "response": {"subtype": "success", "request_id": "never-asked", "response": {}}})
        driver.say("Go on.")
        self.assertEqual(driver.wait(lambda m: m["type"] == "result", "the result")["result"], "Done.")
        self.assertEqual(driver.end().code, 0)

    def test_hooks_of_the_program_are_called_and_may_deny(self):
        driver = self.drive(self.writing(), "--permission-mode", "bypassPermissions")
        driver.request("initialize", hooks={"PreToolUse": [{"matcher": "Write", "hookCallbackIds": ["h0"]}]})
        driver.say("Go on.")
        question = driver.asked("hook_callback")
        self.assertEqual(question["request"]["callback_id"], "h0")
        self.assertEqual(question["request"]["input"]["tool_name"], "Write")
        driver.answer(question, {"hookSpecificOutput": {"hookEventName": "PreToolUse", "permissionDecision": "deny",
                                                        "permissionDecisionReason": "The program says no."}})
        driver.wait(lambda m: m["type"] == "result", "the result")
        self.assertIn("The program says no.", json.dumps(driver.end().tool_results()))

    def test_an_agent_that_the_program_defines_keeps_its_bounds(self):
        driver = self.drive(self.writing(), "--permission-mode", "bypassPermissions", "--agent", "careful")
        driver.request("initialize", agents={"careful": {"description": "c", "prompt": "Be careful.", "disallowedTools": ["Write"]}})
        driver.say("Go on.")
        driver.wait(lambda m: m["type"] == "result", "the result")
        self.assertTrue(driver.end().tool_results()[0]["is_error"])
        self.assertFalse(os.path.exists(os.path.join(self.work, "made")))

    def test_another_model_from_the_next_request_on(self):
        driver = self.drive({"rules": [{"when": {"last_user_contains": "Again."}, "step": {"content": "Two."}}], **steps("One.")},
                            "--model", "claude-sonnet-4-6")
        driver.say("Go on.")
        driver.wait(lambda m: m["type"] == "result", "the first result")
        self.assertEqual(driver.request("set_model", model="claude-haiku-4-5")["subtype"], "success")
        driver.say("Again.")
        driver.wait(lambda m: m["type"] == "result" and m["result"] == "Two.", "the second result")
        driver.end()
        self.assertEqual([r["body"]["model"].split("-")[1] for r in self.emulator.requests()], ["sonnet", "haiku"])

    def test_tools_that_the_program_hosts(self):
        driver = self.drive(steps([call("mcp__own__add", a=2)], "Done."), "--allowedTools", "mcp__own")
        driver.request("initialize", sdkMcpServers=["own"])
        driver.say("Go on.")
        answers = {"initialize": {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": {"name": "own", "version": "1"}},
                   "tools/list": {"tools": [{"name": "add", "inputSchema": {"type": "object"}}]},
                   "tools/call": {"content": [{"type": "text", "text": "FOUR"}]}}
        answered = set()
        while "tools/call" not in answered:
            question = driver.wait(lambda m: m["type"] == "control_request" and m["request_id"] not in answered
                                   and m["request"]["subtype"] == "mcp_message", "a message for the server")
            message = question["request"]["message"]
            answered |= {question["request_id"], message["method"]}
            reply = {"jsonrpc": "2.0", "id": message.get("id", 0), "result": answers.get(message["method"], {})}
            driver.answer(question, {"mcp_response": reply})
        driver.wait(lambda m: m["type"] == "result", "the result")
        self.assertIn("FOUR", json.dumps(driver.end().tool_results()))
