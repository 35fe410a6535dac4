"""Two servers that people really run, server-everything and server-filesystem from npm, under the built awl."""
import base64
import json
import os
import signal
import sys
import unittest

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "../e2e"))
from support import PROMPT, STREAM, E2eCase, call, find_processes, result_text, sent_results, steps, wait_until  # noqa: E402

PACKAGES = os.path.join(HERE, "node_modules/@modelcontextprotocol")
NODE = os.environ.get("NODE", "node")
# Servers are there, with their tools, before the first request.
AT_ONCE = {"ENABLE_TOOL_SEARCH": "false", "MCP_CONNECTION_NONBLOCKING": "0"}


class ServersCase(E2eCase):
    def server(self, name, *arguments):
        return {"command": NODE, "args": [f"{PACKAGES}/server-{name}/dist/index.js", *arguments]}

    def arguments(self, servers, *allowed, prompt=PROMPT):
        return ("-p", prompt, *STREAM, "--strict-mcp-config", "--mcp-config", json.dumps({"mcpServers": servers}),
                "--allowedTools", *allowed)

    def run_with(self, servers, scenario, *allowed, prompt=PROMPT, options=(), environment=AT_ONCE, **more):
        emulator = self.start_emulator(scenario)
        run = self.run_awl(*self.arguments(servers, *allowed, prompt=prompt), *options, env=self.env(emulator.url, **environment, **more))
        self.assert_success(run, "Done.")
        self.assertEqual(self.processes(), [], "a server outlived its session")
        return run, emulator.requests()

    def processes(self):
        """The servers of this test; each has the work folder for its last argument."""
        return find_processes(f" {self.work} ")


class EverythingTest(ServersCase):
    def run_everything(self, scenario, **more):
        return self.run_with({"everything": self.server("everything", "stdio", self.work)}, scenario,
                             "mcp__everything", "ListMcpResourcesTool", "ReadMcpResourceTool", **more)

    def result_of(self, tool, **tool_input):
        """What the model gets for one call."""
        run, requests = self.run_everything(steps([call(tool, **tool_input)], "Done."))
        result, = sent_results(requests[-1])
        self.assertNotIn("is_error", result, run)
        return result

    def test_its_tools_are_offered_with_their_schemas(self):
        run, requests = self.run_everything(steps("Done."))
        init, = run.events("system", "init")
        self.assertEqual(init["mcp_servers"], [{"name": "everything", "status": "connected"}])
        offered = {t["name"]: t for t in requests[0]["body"]["tools"]}
        for name in ("echo", "get-sum", "get-tiny-image", "trigger-long-running-operation"):
            self.assertIn("mcp__everything__" + name, init["tools"])
            self.assertIn("mcp__everything__" + name, offered)
        self.assertEqual(offered["mcp__everything__get-sum"]["input_schema"]["required"], ["a", "b"])
        # What it offers only to clients that have roots and answer questions.
        for name in ("get-roots-list", "trigger-elicitation-request"):
            self.assertIn("mcp__everything__" + name, offered)
        self.assertIn("Easter Egg", json.dumps(requests[0]["body"]), "its instructions are passed on")

    def test_its_tools_are_called(self):
        run, _ = self.run_everything(steps([call("mcp__everything__echo", message="grüß dich"), call("mcp__everything__get-sum", a=2, b=40)],
                                           [call("mcp__everything__get-sum", a="two", b=40)], "Done."))
        by_tool = [r["content"] for r in run.tool_results()]
        self.assertCountEqual(by_tool[:2], ["Echo: grüß dich", "The sum of 2 and 40 is 42."])
        self.assertIn("`a` must be a number", by_tool[2])

    def test_its_tools_are_found_by_a_search(self):
        run, requests = self.run_everything(steps([call("ToolSearch", query="select:mcp__everything__echo")],
                                                  [call("mcp__everything__echo", message="hi")], "Done."),
                                            environment={"ENABLE_TOOL_SEARCH": "true"})
        self.assertEqual(run.tool_results()[1]["content"], "Echo: hi")
        self.assertNotIn("mcp__everything__echo", [t["name"] for t in requests[0]["body"]["tools"]])

    def test_a_picture_is_shown_to_the_model(self):
        result = self.result_of("mcp__everything__get-tiny-image")
        self.assertIn("The image above is the MCP logo.", result_text(result))
        source, = [b["source"] for b in result["content"] if b["type"] == "image"]
        self.assertEqual((source["type"], source["media_type"]), ("base64", "image/png"))
        self.assertTrue(source["data"].startswith("iVBORw0KGgo"))

    def test_structured_content_is_said_once(self):
        result = self.result_of("mcp__everything__get-structured-content", location="Chicago")
        self.assertEqual(json.loads(result_text(result)), {"temperature": 36, "conditions": "Light rain / drizzle", "humidity": 82})

    def test_links_and_resources_in_a_result_are_named(self):
        links = result_text(self.result_of("mcp__everything__get-resource-links", count=2))
        self.assertIn("demo://resource/dynamic/blob/1", links)
        self.assertIn("demo://resource/dynamic/text/2", links)
        self.assertIn("Resource 3: This is a plaintext resource",
                      result_text(self.result_of("mcp__everything__get-resource-reference", resourceType="Text", resourceId=3)))

    def test_a_long_operation_is_waited_for(self):
        result = self.result_of("mcp__everything__trigger-long-running-operation", duration=0.6, steps=3)
        self.assertEqual(result_text(result), "Long running operation completed. Duration: 0.6 seconds, Steps: 3.")

    def test_an_operation_that_takes_too_long_is_given_up_and_the_server_is_of_use_again(self):
        run, _ = self.run_everything(steps([call("mcp__everything__trigger-long-running-operation", duration=300, steps=600)],
                                           [call("mcp__everything__echo", message="hi")], "Done."), MCP_TOOL_TIMEOUT="1500")
        late, echo = run.tool_results()
        self.assertTrue(late["is_error"])
        self.assertIn("did not answer", late["content"])
        self.assertEqual(echo["content"], "Echo: hi")

    def test_it_is_told_where_the_work_is_done(self):
        roots = result_text(self.result_of("mcp__everything__get-roots-list"))
        self.assertIn("1 total", roots)
        self.assertIn(f"file://{self.work}\n", roots)

    def test_its_question_is_answered_by_a_hook(self):
        output = {"hookSpecificOutput": {"hookEventName": "Elicitation", "action": "accept", "content": {"name": "Ada", "integer": 7}}}
        hooks = {"hooks": {"Elicitation": [{"matcher": "everything", "hooks": [
            {"type": "command", "command": f"cat > question.json; echo '{json.dumps(output)}'"}]}]}}
        run, _ = self.run_everything(steps([call("mcp__everything__trigger-elicitation-request")], "Done."),
                                     options=("--settings", json.dumps(hooks)))
        answer = run.tool_results()[0]["content"]
        self.assertIn("- Name: Ada", answer)
        self.assertIn("- Favorite Integer: 7", answer)
        self.assertIn("name", json.loads(self.read("question.json"))["requested_schema"]["properties"])

    def test_its_resources_are_listed_and_read(self):
        run, _ = self.run_everything(steps(
            [call("ListMcpResourcesTool")], [call("ReadMcpResourceTool", server="everything", uri="demo://resource/static/document/features.md")],
            [call("ReadMcpResourceTool", server="everything", uri="demo://resource/dynamic/text/7")],
            [call("ReadMcpResourceTool", server="everything", uri="demo://resource/none")], "Done."))
        listed, document, made, missing = run.tool_results()
        document_uris = {r["uri"]: r for r in json.loads(listed["content"])}
        self.assertEqual(document_uris["demo://resource/static/document/features.md"]["mimeType"], "text/markdown")
        self.assertIn("# Everything Server - Features", document["content"])
        self.assertIn("Resource 7: This is a plaintext resource", made["content"])
        self.assertTrue(missing["is_error"])
        self.assertIn("demo://resource/none", missing["content"])

    def test_its_prompts_are_commands(self):
        for prompt, expected in (("simple-prompt", "This is a simple prompt without arguments."),
                                 ("args-prompt Paris Texas", "What's weather in Paris, Texas?"),
                                 ("resource-prompt Text 3", "Resource 3: This is a plaintext resource")):
            with self.subTest(prompt):
                run, requests = self.run_everything(steps("Done."), prompt="/mcp__everything__" + prompt)
                self.assertIn("mcp__everything__" + prompt.split()[0], run.events("system", "init")[0]["slash_commands"])
                self.assertIn(expected, requests[0]["body"]["messages"][-1]["content"][-1]["text"])

    def test_an_interrupt_ends_the_server_too(self):
        emulator = self.start_emulator(steps([call("mcp__everything__trigger-long-running-operation", duration=300, steps=600)], "Never said."))
        started = self.start(*self.arguments({"everything": self.server("everything", "stdio", self.work)}, "mcp__everything"),
                             env=self.env(emulator.url, **AT_ONCE))
        started.wait_for_output('"tool_use"')
        self.assertEqual(len(self.processes()), 1)
        started.process.send_signal(signal.SIGINT)
        started.end()
        wait_until(lambda: not self.processes(), "the server's end")


class FilesystemTest(ServersCase):
    def run_files(self, scenario, *allowed):
        return self.run_with({"files": self.server("filesystem", self.work)}, scenario, *(allowed or ("mcp__files",)))

    def test_files_of_its_folder_are_read_and_written(self):
        path = self.write("a.txt", "one\n")
        run, _ = self.run_files(steps(
            [call("mcp__files__read_text_file", path=path)], [call("mcp__files__write_file", path=f"{self.work}/b.txt", content="two\n")],
            [call("mcp__files__edit_file", path=path, edits=[{"oldText": "one", "newText": "three"}])],
            [call("mcp__files__list_directory", path=self.work)], "Done."))
        for result in run.tool_results():
            self.assertNotIn("is_error", result, run)
        self.assertEqual(run.tool_results()[0]["content"], "one\n")
        self.assertEqual(self.read("b.txt"), "two\n")
        self.assertEqual(self.read("a.txt"), "three\n")
        self.assertEqual(run.tool_results()[3]["content"].split("\n"), ["[FILE] a.txt", "[FILE] b.txt"])

    def test_files_outside_of_its_folder_are_refused(self):
        secret = self.write(os.path.join(self.root, "secret.txt"), "secret\n")
        os.symlink(secret, os.path.join(self.work, "link"))
        made = os.path.join(self.root, "made.txt")
        run, _ = self.run_files(steps(
            [call("mcp__files__read_text_file", path=secret)], [call("mcp__files__read_text_file", path=f"{self.work}/link")],
            [call("mcp__files__write_file", path=made, content="two\n")], "Done."))
        for result in run.tool_results():
            self.assertTrue(result["is_error"])
            self.assertIn("Access denied", result["content"])
        self.assertFalse(os.path.exists(made))

    def test_a_folder_is_told_apart_from_one_that_it_reads_like(self):
        neighbour = self.write(os.path.join(self.folder("50 x"), "s.txt"), "of another folder")
        self.work = self.folder("50%20x")
        run, _ = self.run_with({"files": self.server("filesystem", self.work)},
                               steps([call("mcp__files__list_allowed_directories")], [call("mcp__files__read_text_file", path=neighbour)], "Done."),
                               "mcp__files")
        allowed, read = [result_text(block) for block in run.tool_results()]
        self.assertIn(os.path.realpath(self.work), allowed)
        self.assertNotIn("of another folder", read)

    def test_a_picture_is_sent_once(self):
        path = os.path.join(self.work, "p.png")
        with open(path, "wb") as file:
            file.write(base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="))
        run, _ = self.run_with({"files": self.server("filesystem", self.work)},
                               steps([call("mcp__files__read_media_file", path=path)], "Done."), "mcp__files")
        self.assertEqual([block["type"] for block in run.tool_results()[0]["content"]], ["image"])

    def test_a_tool_that_nobody_allowed_is_not_run(self):
        path = self.write("a.txt", "one\n")
        run, _ = self.run_files(steps(
            [call("mcp__files__read_text_file", path=path)], [call("mcp__files__write_file", path=path, content="two\n")], "Done."),
            "mcp__files__read_text_file")
        read, written = run.tool_results()
        self.assertEqual(read["content"], "one\n")
        self.assertTrue(written["is_error"])
        self.assertEqual(self.read("a.txt"), "one\n")
        self.assertEqual([d["tool_name"] for d in run.results()[0]["permission_denials"]], ["mcp__files__write_file"])

    def test_both_servers_work_side_by_side(self):
        run, _ = self.run_with({"files": self.server("filesystem", self.work), "everything": self.server("everything", "stdio", self.work)},
                               steps([call("mcp__files__list_allowed_directories"), call("mcp__everything__echo", message="hi")], "Done."),
                               "mcp__files", "mcp__everything")
        self.assertCountEqual([r["content"] for r in run.tool_results()], [f"Allowed directories:\n{self.work}", "Echo: hi"])

    def test_a_server_that_does_not_start_is_told_of_and_in_nobodys_way(self):
        nowhere = os.path.join(self.root, "nowhere")
        run, _ = self.run_with({"files": self.server("filesystem", nowhere), "everything": self.server("everything", "stdio", self.work)},
                               steps([call("mcp__everything__echo", message="hi")], "Done."), "mcp__everything")
        self.assertCountEqual([(s["name"], s["status"]) for s in run.events("system", "init")[0]["mcp_servers"]],
                              [("files", "failed"), ("everything", "connected")])
        self.assertEqual(run.tool_results()[0]["content"], "Echo: hi")


if __name__ == "__main__":
    unittest.main()
