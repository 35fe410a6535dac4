"""What a person adds to every request: headers, betas, fields of the body; and what identifies the client."""
import json
import os
import re
import stat
import unittest

from support import ALWAYS, E2eCase, call, steps


def signed_headers(request):
    return re.search(r"SignedHeaders=([^,]+)", request["headers"]["authorization"]).group(1).split(";")


class CustomHeadersTest(E2eCase):
    def test_they_are_sent_and_signed_on_every_attempt(self):
        scenario = {"rules": [{"when": ALWAYS, "times": 1, "step": {"status": 529}}], "steps": [{"content": "Hi."}]}
        run, requests = self.play(scenario, ANTHROPIC_CUSTOM_HEADERS=
                                  "X-Team:  platform   tools \nX-Colons: a:b: c\nX-Empty:\nx-accent: caf\u00e9")
        self.assert_success(run, "Hi.")
        self.assertEqual(len(requests), 2)
        for request in requests:
            self.assertEqual(request["headers"]["x-colons"], "a:b: c")
            for name in ("x-team", "x-colons", "x-empty"):
                self.assertIn(name, signed_headers(request))
            self.assertIn("x-accent", request["headers"])

    def test_a_character_that_headers_cannot_carry_is_named_and_nothing_is_sent(self):
        emulator = self.start_emulator(steps("Never."))
        run = self.ask(emulator.url, ANTHROPIC_CUSTOM_HEADERS="X-A: 1\nX-Key: \u201chush\u201d")
        said = self.assert_api_error(run, None, "ANTHROPIC_CUSTOM_HEADERS", "header 2 of 2", "curly quote", "character 1")
        self.assertNotIn("hush", said)
        self.assertEqual(emulator.requests(), [])

    def test_betas_join_the_clients_own(self):
        run, requests = self.play(steps("Hi."), ANTHROPIC_BETAS="one-2026-01-01, two-2026-01-01",
                                  ANTHROPIC_CUSTOM_HEADERS="anthropic-beta: three-2026-01-01")
        self.assert_success(run)
        betas = requests[0]["headers"]["anthropic-beta"].split(",")
        for beta in ("one-2026-01-01", "two-2026-01-01", "three-2026-01-01", "effort-2025-11-24"):
            self.assertEqual(betas.count(beta), 1, betas)


class ExtraBodyTest(E2eCase):
    def test_fields_are_added_and_overridden_and_the_signature_covers_them(self):
        run, requests = self.play(steps([call("Bash", command="true")], "Hi."),
                                  CLAUDE_CODE_EXTRA_BODY='{"inference_geo":"us","max_tokens":5000}')
        result = self.assert_success(run, "Hi.")
        for request in requests:
            self.assertEqual(request["body"]["inference_geo"], "us")
            self.assertEqual(request["body"]["max_tokens"], 5000)
        usage = result["modelUsage"]["claude-opus-5"]
        tokens = (usage["inputTokens"] * 5 + usage["outputTokens"] * 25 + usage["cacheReadInputTokens"] * 0.5
                  + usage["cacheCreationInputTokens"] * 6.25)
        self.assertAlmostEqual(result["total_cost_usd"], 1.1 * tokens / 1e6, places=9)

    def test_what_is_no_object_is_said_and_nothing_is_sent(self):
        emulator = self.start_emulator(steps("Never."))
        for text in ("[1]", "inference_geo=us"):
            run = self.ask(emulator.url, CLAUDE_CODE_EXTRA_BODY=text)
            self.assert_api_error(run, None, "CLAUDE_CODE_EXTRA_BODY")
        self.assertEqual(emulator.requests(), [])


class IdentityTest(E2eCase):
    def user(self, request):
        return json.loads(request["body"]["metadata"]["user_id"])

    def test_the_device_id_is_made_once_and_kept_privately(self):
        emulator = self.start_emulator(steps("Hi."))
        state = self.folder("state")
        for _ in range(2):
            self.assert_success(self.ask(emulator.url, XDG_STATE_HOME=state))
        first, second = (self.user(r) for r in emulator.requests())
        self.assertRegex(first["device_id"], r"^[0-9a-f]{64}$")
        self.assertEqual(first["device_id"], second["device_id"])
        self.assertNotEqual(first["session_id"], second["session_id"])
        path = os.path.join(state, "awl", "device-id")
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)

    def test_a_state_folder_that_cannot_be_made_stops_nothing(self):
        self.write("file", "")
        run, requests = self.play(steps("Hi."), XDG_STATE_HOME=os.path.join(self.work, "file"))
        self.assert_success(run)
        self.assertRegex(self.user(requests[0])["device_id"], r"^[0-9a-f]{64}$")

    def test_the_attribution_can_be_left_out(self):
        emulator = self.start_emulator(steps("Hi."))
        self.assert_success(self.ask(emulator.url, CLAUDE_CODE_ENTRYPOINT="sdk-py"))
        self.assert_success(self.ask(emulator.url, CLAUDE_CODE_ATTRIBUTION_HEADER="0"))
        with_it, without = (r["body"]["system"] for r in emulator.requests())
        self.assertIn("sdk-py", with_it[0]["text"])
        self.assertEqual(len(with_it), len(without) + 1)
        self.assertEqual(with_it[1]["text"], without[0]["text"])


if __name__ == "__main__":
    unittest.main()
