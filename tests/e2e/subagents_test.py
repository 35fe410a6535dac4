"""Subagents in whole runs: what they may, what they cost, and how they end."""
import glob
import json
import os
import subprocess

from support import E2eCase, call, steps


def agent(prompt, **more):
    return call("Agent", description="a task", prompt=prompt, **more)


def when(words, *contents, **more):
    """A rule for the conversation of a subagent that got these words; its answers in turn."""
    return {"when": {"messages_contain": words, **more}, "times": len(contents), "steps": steps(*contents)["steps"]}


def scenario(rules, *contents):
    return {"rules": rules, **steps(*contents)}


class SubagentsTest(E2eCase):
    def test_its_answer_is_the_result_and_its_cost_counts(self):
        run, requests = self.play(scenario([when("COUNT-THE-FILES", "Forty.")], [agent("COUNT-THE-FILES")], "Done."))
        result = self.assert_success(run, "Done.")
        self.assertIn("Forty.", json.dumps(run.tool_results()[-1]["content"]))
        alone, _ = self.play(steps("Done."))
        self.assertGreater(result["total_cost_usd"], alone.results()[0]["total_cost_usd"])

    def test_a_deny_rule_of_the_session_holds_for_it(self):
        victim = self.write("keep.txt", "keep")
        rules = [when("REMOVE-IT", [call("Bash", command="rm keep.txt")], "I could not.")]
        run, _ = self.play(scenario(rules, [agent("REMOVE-IT")], "Done."), "--permission-mode", "bypassPermissions",
                           "--disallowedTools", "Bash(rm *)", IS_SANDBOX="1")
        self.assert_success(run, "Done.")
        self.assertTrue(os.path.exists(victim))

    def test_it_has_no_tools_but_its_own(self):
        self.write(".claude/agents/reader.md", "---\nname: reader\ndescription: Reads.\ntools: Read\n---\nYou read.\n")
        run, requests = self.play(scenario([when("READ-IT", "Read.")], [agent("READ-IT", subagent_type="reader")], "Done."))
        request = next(r for r in requests if "READ-IT" in json.dumps(r["body"]["messages"][0]))
        self.assertEqual([t["name"] for t in request["body"]["tools"]], ["Read"])
        self.assertIn("You read.", json.dumps(request["body"]["system"]))

    def test_an_unknown_kind_names_those_there_are(self):
        run, _ = self.play(steps([agent("x", subagent_type="plumber")], "Done."))
        self.assertTrue(run.tool_results()[0]["is_error"])
        self.assertIn("general-purpose", json.dumps(run.tool_results()[0]["content"]))

    def test_an_error_of_the_platform_is_an_error_of_the_call(self):
        rules = [{"when": {"messages_contain": "FAIL-NOW"}, "step": {"status": 403}}]
        run, _ = self.play(scenario(rules, [agent("FAIL-NOW")], "Done."))
        self.assert_success(run, "Done.")
        self.assertTrue(run.tool_results()[0]["is_error"], run)

    def test_its_transcript_is_beside_that_of_the_session(self):
        run, _ = self.play(scenario([when("COUNT-THE-FILES", "Forty.")], [agent("COUNT-THE-FILES")], "Done."))
        files = glob.glob(os.path.join(self.home, ".claude/projects/*", run.results()[0]["session_id"], "subagents/*.jsonl"))
        self.assertEqual(len(files), 1)
        with open(files[0], encoding="utf-8") as file:
            records = [json.loads(line) for line in file]
        self.assertTrue(all(r["isSidechain"] for r in records if r["type"] in ("user", "assistant")))
        self.assertIn("Forty.", json.dumps(records))

    def test_one_in_the_background_is_told_of_when_it_ends(self):
        rules = [{"when": {"last_user_contains": "<task-notification>"}, "step": {"content": "Forty it is."}},
                 {"when": {"last_user_contains": "COUNT-THE-FILES"}, "step": {"content": "Forty."}}]
        run, _ = self.play(scenario(rules, [agent("COUNT-THE-FILES", run_in_background=True)], "Waiting."))
        self.assertEqual(run.code, 0, run)
        self.assertEqual(run.results()[-1]["result"], "Forty it is.", run)

    def test_many_side_by_side_have_a_bound(self):
        calls = [agent(f"TASK-{i}") for i in range(4)]
        rules = [{"when": {"last_user_contains": f"TASK-{i}"}, "step": {"content": f"{i}.", "delay_ms": 300}} for i in range(4)]
        run, _ = self.play(scenario(rules, calls, "Done."), CLAUDE_CODE_MAX_CONCURRENT_SUBAGENTS="2")
        results = run.tool_results()
        self.assertEqual(len(results), 4, run)
        self.assertEqual(sum(bool(r.get("is_error")) for r in results), 2, run)

    def test_it_works_in_a_worktree_that_goes_when_nothing_changed(self):
        git = ["git", "-c", "user.name=T", "-c", "user.email=t@example.com"]
        for arguments in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "one"]):
            subprocess.run(git + arguments, cwd=self.work, check=True)
        rules = [when("WHERE-ARE-YOU", [call("Bash", command="pwd")], "There.")]
        run, requests = self.play(scenario(rules, [agent("WHERE-ARE-YOU", isolation="worktree")], "Done."))
        self.assert_success(run, "Done.")
        self.assertIn(os.path.join(self.work, ".claude/worktrees"), json.dumps(requests))
        self.assertEqual(glob.glob(os.path.join(self.work, ".claude/worktrees/*")), [])

    def test_it_keeps_notes_of_its_own_where_its_file_says(self):
        for place, folder in (("user", f"{self.home}/.claude/agent-memory/keeper"), ("project", f"{self.work}/.claude/agent-memory/keeper"),
                              ("local", f"{self.work}/.claude/agent-memory-local/keeper")):
            folder = os.path.realpath(folder)
            self.write(".claude/agents/keeper.md", f"---\nname: keeper\ndescription: Keeps.\ntools: Grep\nmemory: {place}\n---\nYou keep.\n")
            note = call("Write", file_path=f"{folder}/MEMORY.md", content=f"seen in {place}")
            rules = [when("KEEP-THIS", [note], "Kept."), when("TELL-ME", "Told.")]
            run, requests = self.play(scenario(rules, [agent("KEEP-THIS", subagent_type="keeper")], [agent("TELL-ME", subagent_type="keeper")], "Done."))
            self.assert_success(run, "Done.")
            self.assertEqual(run.results()[-1]["permission_denials"], [])
            self.assertEqual(self.read(f"{folder}/MEMORY.md"), f"seen in {place}")
            first = next(r for r in requests if "KEEP-THIS" in json.dumps(r["body"]["messages"][0]))
            self.assertEqual({t["name"] for t in first["body"]["tools"]}, {"Grep", "Read", "Write", "Edit"})
            second = next(r for r in requests if "TELL-ME" in json.dumps(r["body"]["messages"][0]))
            self.assertIn(f"seen in {place}", json.dumps(second["body"]["system"]))

    def test_one_without_memory_does_not_write_into_the_sessions_notes(self):
        notes = os.path.join(os.path.realpath(self.home), ".claude/projects", os.path.realpath(self.work).replace("/", "-").replace("_", "-"), "memory/x.md")
        run, _ = self.play(scenario([when("WRITE-IT", [call("Write", file_path=notes, content="x")], "No.")], [agent("WRITE-IT")], "Done."))
        self.assertFalse(os.path.exists(notes), run)

    def test_they_are_listed_with_where_they_come_from(self):
        self.write(".claude/agents/reader.md", "---\nname: reader\ndescription: Reads.\ntools: Read\nmodel: haiku\n---\nYou read.\n")
        flag = json.dumps({"shouter": {"description": "Shouts.", "prompt": "Shout."}})
        listed = json.loads(self.run_awl("agents", "--json", "--agents", flag, env=self.env()).out)
        sources = {one["name"]: one["source"] for one in listed}
        self.assertEqual((sources["Explore"], sources["shouter"]), ("built in", "--agents"))
        self.assertTrue(sources["reader"].endswith(".claude/agents/reader.md"))
        self.assertIn("reader  (haiku)\n  Reads.\n", self.run_awl("agents", env=self.env()).out)
