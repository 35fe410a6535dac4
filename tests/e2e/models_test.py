"""`awl models`, the list that aliases follow, and what is said of a model that does not exist."""
import glob
import json
import os
import stat
import time
import unittest

from support import ACCESS_KEY, SECRET_KEY, E2eCase, steps


class ModelsCase(E2eCase):
    def setUp(self):
        super().setUp()
        self.state = self.folder("state")

    def awl(self, url, *arguments, **more):
        return self.run_awl(*arguments, env=self.env(url, XDG_STATE_HOME=self.state, **more))

    def kept(self):
        return glob.glob(os.path.join(self.state, "awl", "models-*.json"))

    def keep(self, url, *ids, age_s=0, **more):
        """Has `awl models` keep a list, then puts these models in it."""
        self.assertEqual(self.awl(url, "models", **more).code, 0)
        with open(self.kept()[0], encoding="utf-8") as file:
            root = json.load(file)
        root["data"] = [{"id": i, "created_at": f"2027-01-{28 - n:02}T00:00:00Z"} for n, i in enumerate(ids)]
        root["fetched_at_ms"] = int((time.time() - age_s) * 1000)
        with open(self.kept()[0], "w", encoding="utf-8") as file:
            json.dump(root, file)

    def status(self, url, **more):
        return json.loads(self.awl(url, "status", "--json", **more).out)["model"]


class ListTest(ModelsCase):
    def test_the_list_is_signed_printed_and_kept_privately(self):
        emulator = self.start_emulator(steps("Never."))
        run = self.awl(emulator.url, "models")
        self.assertEqual(run.code, 0, run)
        line = next(l for l in run.out.split("\n") if l.startswith("claude-opus-5 "))
        for word in ("Claude Opus 5", "2026-", "1M", "128K", "5/25", "opus"):
            self.assertIn(word, line)
        self.assertTrue(all(l == l.rstrip() for l in run.out.split("\n")))
        request = emulator.requests()[-1]
        self.assertEqual(request["status"], 200)
        self.assertIn(ACCESS_KEY, request["headers"]["authorization"])
        self.assertEqual([stat.S_IMODE(os.stat(p).st_mode) for p in self.kept()], [0o600])
        self.assertEqual(stat.S_IMODE(os.stat(os.path.join(self.state, "awl")).st_mode), 0o700)

    def test_json(self):
        emulator = self.start_emulator(steps("Never."))
        models = json.loads(self.awl(emulator.url, "models", "--json").out)["models"]
        by_id = {m["id"]: m for m in models}
        self.assertEqual(by_id["claude-opus-5"]["usd_per_million_tokens"], {"input": 5.0, "output": 25.0})
        self.assertEqual(by_id["claude-opus-5"]["aliases"], ["opus"])
        self.assertEqual(by_id["claude-opus-5"]["context_window"], 1_000_000)

    def test_a_refusal_names_the_action_and_leaves_the_kept_list(self):
        emulator = self.start_emulator(steps("Never."), credentials=False)
        self.write(os.path.join(self.state, "awl", "models-x.json"), "kept")
        run = self.awl(emulator.url, "models", CLAUDE_CODE_MAX_RETRIES="0")
        self.assertEqual(run.code, 1, run)
        self.assertIn("ListModels", run.err)
        self.assertNotIn(SECRET_KEY, run.out + run.err)
        self.assertEqual(self.read(os.path.join(self.state, "awl", "models-x.json")), "kept")

    def test_nothing_is_sent_without_a_workspace(self):
        emulator = self.start_emulator(steps("Never."))
        run = self.awl(emulator.url, "models", ANTHROPIC_AWS_WORKSPACE_ID=None)
        self.assertEqual(run.code, 1, run)
        self.assertIn("ANTHROPIC_AWS_WORKSPACE_ID", run.err)
        self.assertEqual(emulator.requests(), [])


class AliasTest(ModelsCase):
    def test_aliases_follow_a_fresh_list_and_pins_beat_it(self):
        emulator = self.start_emulator(steps("Hi."))
        self.keep(emulator.url, "claude-opus-4-8", "claude-opus-4-7", "claude-haiku-4-5")
        self.assertEqual(self.status(emulator.url)["id"], "claude-opus-4-8")
        self.assertEqual(self.status(emulator.url)["resolved_by"], "model list")
        self.assertEqual(self.status(emulator.url)["small"], "claude-haiku-4-5")
        pinned = self.status(emulator.url, ANTHROPIC_DEFAULT_OPUS_MODEL="mine")
        self.assertEqual((pinned["id"], pinned["resolved_by"]), ("mine", "ANTHROPIC_DEFAULT_OPUS_MODEL"))
        run = self.awl(emulator.url, "-p", "Go on.")
        self.assertEqual(run.code, 0, run)
        self.assertEqual(emulator.requests()[-1]["body"]["model"], "claude-opus-4-8")

    def test_an_old_list_another_workspace_or_a_broken_file_count_as_none(self):
        emulator = self.start_emulator(steps("Hi."))
        self.keep(emulator.url, "claude-opus-4-8", age_s=25 * 3600)
        self.assertEqual(self.status(emulator.url)["resolved_by"], "built-in table")
        self.keep(emulator.url, "claude-opus-4-8", age_s=-3600)
        self.assertEqual(self.status(emulator.url)["resolved_by"], "built-in table")
        self.keep(emulator.url, "claude-opus-4-8")
        self.assertEqual(self.status(emulator.url, ANTHROPIC_AWS_WORKSPACE_ID="wrkspc_other")["resolved_by"],
                         "built-in table")
        for content in ("", "{", "[]", '{"data":[]}'):
            self.write(self.kept()[0], content)
            self.assertEqual(self.status(emulator.url)["resolved_by"], "built-in table")

    def test_the_list_is_never_asked_for_before_a_prompt(self):
        run, requests = self.play(steps("Hi."))
        self.assert_success(run)
        self.assertEqual(len(requests), 1)


class UnknownModelTest(E2eCase):
    def test_neighbours_are_named(self):
        emulator = self.start_emulator({"steps": [{"status": 404, "error": {
            "type": "not_found_error", "message": "model: claude-opus-55"}}]})
        run = self.ask(emulator.url, "--model", "claude-opus-55")
        said = self.assert_api_error(run, 404, "claude-opus-55", "--model", "awl models")
        self.assertIn("claude-opus-5", said.replace("claude-opus-55", ""))


class WindowTest(E2eCase):
    def test_a_prompt_longer_than_the_window_is_said_before_it_is_sent(self):
        emulator = self.start_emulator(steps("Hi."))
        run = self.ask(emulator.url, "--model", "claude-opus-5", prompt="word " * 6000,
                       CLAUDE_CODE_MAX_CONTEXT_TOKENS="2000", DISABLE_COMPACT="1")
        self.assert_api_error(run, None, "Prompt is too long", "2000")
        self.assertEqual([r["target"].split("?")[0] for r in emulator.requests()], ["/v1/messages/count_tokens"])


class KeywordTest(E2eCase):
    def test_ultrathink_adds_an_instruction_before_the_prompt(self):
        emulator = self.start_emulator(steps("Hi."))
        self.assert_success(self.ask(emulator.url, prompt="Ultrathink: what is it?"))
        content = emulator.requests()[-1]["body"]["messages"][-1]["content"]
        self.assertIn("system-reminder", content[-2]["text"])
        self.assertNotIn("NotebookEdit", content[-2]["text"])
        self.assertEqual(content[-1]["text"], "Ultrathink: what is it?")


if __name__ == "__main__":
    unittest.main()
