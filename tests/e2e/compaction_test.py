"""A conversation that has grown too long is replaced by its summary, on the wire and on disk."""
import glob
import json
import os
import re
import unittest

from support import STREAM, E2eCase, call, steps, wait_until

MARKER = ', "cache_control": {"type": "ephemeral"}'
# The usual model has room for a million tokens; these sessions are to be content with less.
SMALL = {"CLAUDE_CODE_AUTO_COMPACT_WINDOW": "200000"}
BIG = {"content": "First answer.", "usage": {"input_tokens": 190_000, "output_tokens": 20}}


def in_order(*contents):
    """Answers one after the other, whatever the conversation looks like."""
    return {"rules": [{"when": {"has_tools": True}, "times": len(contents), "steps": steps(*contents)["steps"]}]}


class CompactionTest(E2eCase):
    def transcript(self):
        folder = os.path.join(self.home, ".claude/projects", re.sub("[^A-Za-z0-9]", "-", self.work))
        [path] = glob.glob(f"{folder}/*.jsonl")
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def converse(self, scenario, *messages, **env):
        emulator = self.start_emulator(scenario)
        lines = "".join(json.dumps({"type": "user", "message": {"role": "user", "content": m}}) + "\n" for m in messages)
        run = self.run_awl("-p", "--input-format", "stream-json", *STREAM, env=self.env(emulator.url, **env),
                           stdin=lines.encode())
        return run, emulator.requests()

    def test_by_command_with_wishes_and_what_follows(self):
        run, requests = self.converse(in_order("First.", "Second.", "THE-SUMMARY", "Third."),
                                      "One.", "Two.", "/compact keep the numbers", "Three.")
        self.assertEqual([r["result"] for r in run.results()], ["First.", "Second.", "", "Third."], run)
        self.assertIn("keep the numbers", json.dumps(requests[2]["body"]["messages"][-1]))
        # The request for the summary has the prefix that is cached already.
        unmarked = [json.loads(json.dumps(r["body"]["messages"][:2]).replace(MARKER, "")) for r in requests[1:3]]
        self.assertEqual(*unmarked)
        self.assertEqual(requests[2]["body"]["tools"], requests[1]["body"]["tools"])
        sent = json.dumps(requests[3]["body"]["messages"])
        self.assertIn("THE-SUMMARY", sent)
        self.assertNotIn("One.", sent)
        self.assertIn("Two.", sent)  # the last exchange stays as it was
        boundary = run.events("system", "compact_boundary")[0]
        self.assertEqual(boundary["compact_metadata"]["trigger"], "manual")

    def test_files_skills_and_tasks_come_along(self):
        self.write("a.txt", "CONTENT-OF-A\n")
        self.write("big.txt", "x" * 30_000)
        self.write(".claude/skills/knit/SKILL.md", "---\nname: knit\ndescription: Knits.\n---\nKNIT-ONE-PURL-TWO\n")
        rounds = [[call("Read", file_path="a.txt"), call("Read", file_path="big.txt")], [call("Skill", skill="knit")],
                  [call("TaskCreate", subject="TASK-SUBJECT", description="d")], "First.", "Second.", "THE-SUMMARY",
                  [call("Bash", command="ls")], "Third."]
        run, requests = self.converse(in_order(*rounds), "One.", "Two.", "/compact", "Three.",
                                      CLAUDE_CODE_ENABLE_TODO_TOOLS="1")
        self.assertEqual([r["result"] for r in run.results()], ["First.", "Second.", "", "Third."], run)
        sent = json.dumps(requests[6]["body"]["messages"])
        for words in ("THE-SUMMARY", "CONTENT-OF-A", "its first 20000 of 30000 bytes", "KNIT-ONE-PURL-TWO"):
            self.assertIn(words, sent)
        self.assertNotIn("One.", sent)
        self.assertIn("TASK-SUBJECT", json.dumps(requests[7]["body"]["messages"][-1]))

    def test_the_window_is_a_flag_and_a_setting(self):
        wide = {"content": "First answer.", "usage": {"input_tokens": 130_000, "output_tokens": 20}}
        for flags, settings, compacted in ((("--autocompact", "150k"), {}, True), ((), {"autoCompactWindow": 150_000}, True),
                                           (("--autocompact", "auto"), {"autoCompactWindow": 150_000}, False)):
            self.write(f"{self.home}/.claude/settings.json", json.dumps(settings))
            emulator = self.start_emulator(in_order(wide, "THE-SUMMARY" if compacted else "Second.", "Third."))
            lines = "".join(json.dumps({"type": "user", "message": {"role": "user", "content": m}}) + "\n" for m in ("One.", "Two."))
            run = self.run_awl("-p", "--input-format", "stream-json", *STREAM, *flags, env=self.env(emulator.url), stdin=lines.encode())
            self.assertEqual(len(run.events("system", "compact_boundary")), int(compacted), (flags, settings, str(run)))
        run = self.run_awl("-p", "x", "--autocompact", "99", env=self.env())
        self.assertEqual(run.code, 1)
        self.assertIn("no window", run.err)

    def test_goes_on_from_the_summary_in_a_later_process(self):
        self.converse(in_order("First.", "Second.", "THE-SUMMARY"), "One.", "Two.", "/compact")
        emulator = self.start_emulator(in_order("Yes."))
        run = self.ask(emulator.url, "--continue")
        self.assert_success(run, "Yes.")
        sent = json.dumps(emulator.requests()[0]["body"]["messages"])
        self.assertIn("THE-SUMMARY", sent)
        self.assertNotIn("One.", sent)
        self.assertIn("Second.", sent)
        self.assertIn("compact_boundary", [r.get("subtype") for r in self.transcript()])

    def test_a_failed_summary_loses_nothing(self):
        refusal = {"status": 529}
        run, requests = self.converse(in_order("First.", "Second.", refusal, "Third."), "One.", "Two.", "/compact", "Three.",
                                      CLAUDE_CODE_MAX_RETRIES="0")
        self.assertEqual(run.results()[-1]["result"], "Third.", run)
        self.assertIn("One.", json.dumps(requests[-1]["body"]["messages"]))
        status = [e for e in run.events("system", "status") if "compact_result" in e]
        self.assertEqual([e["compact_result"] for e in status], ["failed"])

    def test_too_little_to_compact_is_said_without_a_request(self):
        run, requests = self.converse(in_order("Never."), "/compact")
        self.assertEqual(requests, [])
        self.assertIn("not enough", run.results()[0]["result"])

    def test_happens_by_itself_when_the_window_is_nearly_full(self):
        run, requests = self.converse(in_order(BIG, "THE-SUMMARY", "Second."), "One.", "Two.", **SMALL)
        self.assertEqual([r["result"] for r in run.results()], ["First answer.", "Second."], run)
        self.assertEqual(len(requests), 3)
        self.assertEqual(run.events("system", "compact_boundary")[0]["compact_metadata"]["trigger"], "auto")

    def test_not_by_itself_when_that_is_switched_off(self):
        for off in ({"DISABLE_AUTO_COMPACT": "1"}, {"DISABLE_COMPACT": "1"}):
            run, requests = self.converse(in_order(BIG, "Second."), "One.", "Two.", **SMALL, **off)
            self.assertEqual(run.results()[-1]["result"], "Second.", run)
            self.assertEqual(len(requests), 2)
            for path in glob.glob(os.path.join(self.home, ".claude/projects/*/*.jsonl")):
                os.remove(path)

    def test_a_conversation_that_no_summary_makes_smaller_ends(self):
        full = {"usage": {"input_tokens": 190_000, "output_tokens": 20}}
        looped = [{"content": [call("Bash", command="echo hi")], **full}, {"content": "THE-SUMMARY"}] * 8
        run, requests = self.converse(in_order(*looped), "One.", **SMALL)
        self.assertEqual(run.code, 1, run)
        self.assertIn("three times in a row", run.results()[0]["result"])
        self.assertLess(len(requests), 10)

    def test_an_interrupt_ends_a_summary(self):
        emulator = self.start_emulator(in_order("First.", {"content": "Slow.", "delay_ms": 50_000}))
        self.assert_success(self.ask(emulator.url), "First.")
        run = self.start("-p", "/compact", "--continue", *STREAM, env=self.env(emulator.url))
        wait_until(lambda: len(emulator.requests()) == 2, "the request for a summary")
        run.process.send_signal(2)
        ended = run.end()
        self.assertEqual([r["subtype"] for r in ended.results()], ["error_during_execution"], ended)


if __name__ == "__main__":
    unittest.main()
