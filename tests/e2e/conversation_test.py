"""What goes out again with the next request: the same bytes, thinking included, and where the cache markers stand."""
import json
import re
import unittest

from proxy import ReverseProxy
from support import E2eCase, call, steps, text

EPHEMERAL = {"type": "ephemeral"}
ONE_HOUR = {"type": "ephemeral", "ttl": "1h"}


def markers(value):
    """All cache_control values inside `value`."""
    if isinstance(value, list):
        return [m for item in value for m in markers(item)]
    if not isinstance(value, dict):
        return []
    own = [value["cache_control"]] if "cache_control" in value else []
    return own + [m for key, item in value.items() if key != "cache_control" for m in markers(item)]


def cached_part(body):
    """The bytes of a request up to the end of its last message, without cache markers."""
    plain = re.sub(r',\s*"cache_control":\s*\{[^}]*\}', "", body.decode("utf-8"))
    begin = plain.index('"messages":') + len('"messages":')
    _, end = json.JSONDecoder().raw_decode(plain, begin)
    return plain[:end].rstrip("] \n")


class PrefixTest(E2eCase):
    def test_each_request_begins_with_the_bytes_of_the_one_before(self):
        self.write("a.txt", "hello\n")
        odd = {"type": "tool_use", "name": "Bash", "raw_input": '{"timeout":  5000.0, "command": "echo \\u00e9 \\ud83e\\udd89 \\/"}'}
        emulator = self.start_emulator(steps(
            [text("Grüße 🦉."), call("Read", file_path="a.txt"), odd],
            [{"type": "thinking", "thinking": "Hm.", "signature": "c2ln"}, call("Nothing", n=1.50, big=12345678901234567890)],
            [call("Bash", command="printf 'a\\377b\\0c\\033[1m'")],
            [call("Bash", command="cd / && pwd")], "Done."))
        proxy = ReverseProxy(self, emulator.port, host=f"127.0.0.1:{emulator.port}")
        run = self.ask(proxy.url, "--allowedTools", "Bash", AWL_AWS_SIGN_HOST=f"127.0.0.1:{emulator.port}")
        self.assert_success(run, "Done.")
        bodies = [seen["body"] for seen in proxy.seen]
        self.assertEqual(len(bodies), 5)
        for before, after in zip(bodies, bodies[1:]):
            self.assertTrue(cached_part(after).startswith(cached_part(before)), (before, after))

    def test_system_tools_and_parameters_stay_the_same(self):
        self.write("a.txt", "hello\n")
        run, requests = self.play(steps([call("Read", file_path="a.txt")], [call("Read", file_path="b.txt")], "Done."))
        self.assert_success(run, "Done.")
        bodies = [{k: v for k, v in r["body"].items() if k != "messages"} for r in requests]
        self.assertEqual(len(bodies), 3)
        for body in bodies[1:]:
            self.assertEqual(json.dumps(body), json.dumps(bodies[0]))

    def test_a_second_run_in_the_same_folder_begins_in_the_same_way(self):
        parts = []
        for _ in range(2):
            run, requests = self.play(steps("Done."))
            self.assert_success(run)
            parts.append(json.dumps([requests[0]["body"][key] for key in ("system", "tools")]))
        self.assertEqual(*parts)

    def test_thinking_and_its_signature_are_sent_back_unchanged(self):
        thought = {"type": "thinking", "thinking": "Öne\n\ttwo \u2028 \"three\" 🦉", "signature": "ErUBCkYI+/c2lnbmF0dXJl=="}
        hidden = {"type": "redacted_thinking", "data": "EmwKAhgBEgy3va3pzix/LafPsn4a=="}
        run, requests = self.play(steps([thought, hidden, text("So."), call("Bash", "toolu_1", command="echo hi")],
                                        [thought | {"signature": "b3RoZXI="}, call("Bash", "toolu_2", command="echo ho")], "Done."),
                                  "--allowedTools", "Bash")
        self.assert_success(run, "Done.")
        for request in requests[1:]:
            sent = request["body"]["messages"][1]["content"]
            self.assertEqual(sent[:2], [thought, hidden])
            self.assertEqual([b["type"] for b in sent], ["thinking", "redacted_thinking", "text", "tool_use"])
        self.assertEqual(requests[2]["body"]["messages"][3]["content"][0], thought | {"signature": "b3RoZXI="})

    def test_empty_texts_are_not_sent_back(self):
        run, _ = self.play(steps([text(""), call("Bash", command="echo hi")], "Done."), "--allowedTools", "Bash")
        self.assert_success(run, "Done.")

    def test_texts_of_white_space_are_not_sent_back(self):
        self.wants_bad_requests = True  # the assertion below says it better
        run, requests = self.play(steps([text(" \n"), call("Bash", command="echo hi")], "Done."), "--allowedTools", "Bash")
        self.assertEqual([r["status"] for r in requests], [200, 200])
        self.assert_success(run, "Done.")


class CacheTest(E2eCase):
    def markers(self, *arguments, **env):
        run, requests = self.play(steps([call("Bash", command="echo hi")], "Done."), "--allowedTools", "Bash", *arguments, **env)
        self.assert_success(run, "Done.")
        self.assertEqual(len(requests), 2)
        for request in requests:
            last = request["body"]["messages"][-1]["content"][-1]
            self.assertNotIn("cache_control", [key for tool in request["body"]["tools"] for key in tool])
            self.assertEqual("cache_control" in last, bool(markers(request["body"])))
            self.assertLessEqual(len(markers(request["body"])), 4)
        return [m for r in requests for m in markers(r["body"])]

    def assert_all(self, expected, found):
        self.assertTrue(found)
        self.assertTrue(all(m == expected for m in found), found)

    def test_system_and_last_message_are_cached_for_five_minutes(self):
        self.assert_all(EPHEMERAL, self.markers())

    def test_one_hour_can_be_switched_on(self):
        self.assert_all(ONE_HOUR, self.markers(ENABLE_PROMPT_CACHING_1H="1"))

    def test_five_minutes_can_be_forced(self):
        self.assert_all(EPHEMERAL, self.markers(ENABLE_PROMPT_CACHING_1H="1", FORCE_PROMPT_CACHING_5M="1"))

    def test_caching_can_be_switched_off(self):
        self.assertEqual(self.markers(DISABLE_PROMPT_CACHING="1"), [])

    def test_caching_can_be_switched_off_for_one_family(self):
        self.assertEqual(self.markers("--model", "opus", DISABLE_PROMPT_CACHING_OPUS="1"), [])
        self.assert_all(EPHEMERAL, self.markers("--model", "haiku", DISABLE_PROMPT_CACHING_OPUS="1"))

    def test_the_switch_of_the_settings_counts(self):
        self.assert_all(ONE_HOUR, self.markers("--settings", '{"env": {"ENABLE_PROMPT_CACHING_1H": "1"}}'))


if __name__ == "__main__":
    unittest.main()
