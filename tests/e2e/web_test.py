"""WebFetch and WebSearch in whole runs: a page server on loopback, and a platform that searches."""
import http.server
import json
import signal
import threading
import unittest

from support import STREAM, E2eCase, block_events, call, message_start, result_text, sent_results, sse, text, wait_until

READER = {"last_user_contains": "stands between the two lines"}  # the small model that reads a page


class Pages:
    """Serves `answers` (path: (status, headers, body)) until it is stopped; a path without one never answers."""

    def __init__(self, answers):
        self.seen = []
        self.release = threading.Event()
        pages = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                pages.seen.append((self.path, self.headers))
                if self.path not in answers:
                    pages.release.wait(60)
                    return
                status, headers, body = answers[self.path]
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path, host="127.0.0.1"):
        return f"http://{host}:{self.port}{path}"

    def stop(self):
        self.release.set()
        self.server.shutdown()
        self.server.server_close()


class WebCase(E2eCase):
    def serve(self, answers):
        pages = Pages(answers)
        self.addCleanup(pages.stop)
        return pages

    def results(self, calls, *arguments, rules=(), **more):
        scenario = {"rules": list(rules), "steps": [{"content": calls}, {"content": "Done."}]}
        run, requests = self.play(scenario, *arguments, **more)
        self.assert_success(run, "Done.")
        self.requests = requests
        main = [r for r in requests if any(t["name"] == "Bash" for t in r["body"].get("tools", []))]
        return run, sent_results(main[-1])


HTML = ({"Content-Type": "text/html; charset=utf-8"},
        "<title>T</title><script>no</script><h1>Hëad</h1><p>See <a href='/next'>there</a>.".encode())


class FetchTest(WebCase):
    def fetch(self, url, *arguments, prompt="What is it?", rules=({"when": READER, "step": {"content": "It says 42."}},)):
        return self.results([call("WebFetch", url=url, prompt=prompt)], *arguments, rules=rules)

    def test_a_page_of_an_allowed_host_is_read_by_the_small_model(self):
        pages = self.serve({"/a": (200, *HTML)})
        run, results = self.fetch(pages.url("/a"), "--allowedTools", "WebFetch(domain:127.0.0.1)")
        self.assertEqual(result_text(results[0]), "It says 42.")
        self.assertNotIn("is_error", results[0])
        self.assertTrue(pages.seen[0][1]["User-Agent"].startswith("Claude-User"))
        asked = next(r["body"] for r in self.requests if "stands between" in json.dumps(r["body"]["messages"]))
        self.assertIn("haiku", asked["model"])
        self.assertNotIn("tools", asked)
        said = json.dumps(asked["messages"], ensure_ascii=False)
        self.assertIn(f"# Hëad\\n\\nSee [there]({pages.url('/next')}).", said)
        self.assertIn("What is it?", said)
        told = [e["tool_use_result"] for e in run.events("user")][0]
        self.assertEqual((told["code"], told["codeText"], told["result"], told["url"], told["bytes"]),
                         (200, "OK", "It says 42.", pages.url("/a"), len(HTML[1])))
        usage = run.results()[0]["modelUsage"]
        self.assertTrue(any("haiku" in model for model in usage), "the small model's tokens are counted")

    def test_without_a_rule_nothing_is_fetched(self):
        pages = self.serve({"/a": (200, *HTML)})
        run, results = self.fetch(pages.url("/a"))
        self.assertTrue(results[0]["is_error"])
        self.assertEqual([d["tool_name"] for d in run.results()[0]["permission_denials"]], ["WebFetch"])
        self.assertEqual(pages.seen, [])

    def test_a_rule_for_all_hosts_does_not_open_this_machine(self):
        pages = self.serve({"/a": (200, *HTML)})
        for rule in ("WebFetch", "WebFetch(domain:*)"):
            run, results = self.fetch(pages.url("/a"), "--allowedTools", rule)
            self.assertTrue(results[0]["is_error"])
            self.assertIn("WebFetch(domain:127.0.0.1)", result_text(results[0]))
            self.assertEqual(run.results()[0]["permission_denials"], [])
        self.assertEqual(pages.seen, [])

    def test_a_deny_rule_beats_an_allow_rule(self):
        pages = self.serve({"/a": (200, *HTML)})
        _, results = self.fetch(pages.url("/a"), "--allowedTools", "WebFetch(domain:127.0.0.1)",
                                "--disallowedTools", "WebFetch(domain:127.*.0.1)")
        self.assertTrue(results[0]["is_error"])
        self.assertEqual(pages.seen, [])

    def test_a_host_is_the_same_in_every_spelling(self):
        run, results = self.fetch("https://xn--bcher-kva.example/", "--allowedTools", "WebFetch",
                                  "--disallowedTools", "WebFetch(domain:Bücher.example)")
        self.assertTrue(results[0]["is_error"])
        self.assertEqual(len(run.results()[0]["permission_denials"]), 1)
        pages = self.serve({"/a": (200, *HTML)})
        _, results = self.fetch(f"http://0x7f.1:{pages.port}/a", "--allowedTools", "WebFetch(domain:127.0.0.1)")
        self.assertEqual(result_text(results[0]), "It says 42.")

    def test_a_redirect_to_another_host_is_told_and_not_followed(self):
        other = self.serve({})
        pages = self.serve({"/a": (302, {"Location": other.url("/b", "localhost")}, b"")})
        _, results = self.fetch(pages.url("/a"), "--allowedTools", "WebFetch(domain:127.0.0.1)", "WebFetch(domain:localhost)")
        self.assertIn("/b", result_text(results[0]))
        self.assertEqual([path for path, _ in pages.seen + other.seen], ["/a"])

    def test_the_second_question_does_not_fetch_again(self):
        pages = self.serve({"/a": (200, *HTML)})
        self.results([call("WebFetch", "toolu_1", url=pages.url("/a"), prompt="One?")], "--allowedTools", "WebFetch(domain:127.0.0.1)",
                     rules=({"when": READER, "step": {"content": "It says 42."}},))
        scenario = {"rules": [{"when": READER, "step": {"content": "It says 42."}}],
                    "steps": [{"content": [call("WebFetch", url=pages.url("/a"), prompt="One?")]},
                              {"content": [call("WebFetch", url=pages.url("/a#x"), prompt="Two?")]}, {"content": "Done."}]}
        run, _ = self.play(scenario, "--allowedTools", "WebFetch(domain:127.0.0.1)")
        self.assert_success(run, "Done.")
        self.assertEqual(len(pages.seen), 2)

    def test_a_page_that_never_comes_can_be_interrupted(self):
        pages = self.serve({})
        emulator = self.start_emulator({"steps": [{"content": [call("WebFetch", url=pages.url("/a"), prompt="?")]}]})
        started = self.start("-p", "Go on.", *STREAM, "--allowedTools", "WebFetch(domain:127.0.0.1)", env=self.env(emulator.url))
        wait_until(lambda: pages.seen, "the request for the page")
        started.process.send_signal(signal.SIGINT)
        run = started.end(30)
        self.assertEqual(len(run.results()), 1, run)


class SearchTest(WebCase):
    RESULT = {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1",
              "content": [{"type": "web_search_result", "url": "https://awl.example/", "title": "Awl", "encrypted_content": "E"}]}
    END = [{"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"output_tokens": 7, "server_tool_use": {"web_search_requests": 1}}}, {"type": "message_stop"}]
    FOUND = {"raw_sse": sse(
        message_start(),
        *block_events(0, {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}},
                      [{"type": "input_json_delta", "partial_json": '{"query":"awl"}'}]),
        *block_events(1, RESULT, []),
        *block_events(2, text(""), [{"type": "text_delta", "text": "A tool."}]), *END)}

    def search(self, *arguments, calls=1, **more):
        return self.results([call("WebSearch", f"toolu_{n}", query="what is awl", blocked_domains=["x.example"]) for n in range(calls)],
                            *arguments, rules=[{"when": {"tool": "web_search"}, "step": self.FOUND}], **more)

    def test_the_platform_searches_and_it_is_paid_for(self):
        run, results = self.search("--allowedTools", "WebSearch")
        self.assertIn("[Awl](https://awl.example/)", result_text(results[0]))
        self.assertIn("A tool.", result_text(results[0]))
        told = [e["tool_use_result"] for e in run.events("user")][0]
        self.assertEqual(told["results"][0]["content"], [{"title": "Awl", "url": "https://awl.example/"}])
        self.assertEqual(told["searchCount"], 1)
        tool = next(t for r in self.requests for t in r["body"].get("tools", []) if t["name"] == "web_search")
        self.assertEqual((tool["max_uses"], tool["blocked_domains"]), (8, ["x.example"]))
        self.assertEqual(sum(m["webSearchRequests"] for m in run.results()[0]["modelUsage"].values()), 1)

    def test_it_needs_a_rule(self):
        run, results = self.search()
        self.assertTrue(results[0]["is_error"])
        self.assertEqual([d["tool_name"] for d in run.results()[0]["permission_denials"]], ["WebSearch"])

    def test_a_session_has_its_limit(self):
        _, results = self.search("--allowedTools", "WebSearch", calls=3, CLAUDE_CODE_MAX_WEB_SEARCHES_PER_SESSION="2")
        self.assertEqual(sum("No search was made" in result_text(r) for r in results), 1)
        self.assertFalse(any(r.get("is_error") for r in results))


if __name__ == "__main__":
    unittest.main()
