"""OpenTelemetry: what a run tells a collector, and what it does not."""
import json
import os

from collector import Collector, plain
from support import E2eCase, call, steps

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class TelemetryTest(E2eCase):
    def collect(self, status=200):
        collector = Collector(status)
        self.addCleanup(collector.close)
        return collector

    def variables(self, collector, protocol="http/protobuf", **more):
        return {"CLAUDE_CODE_ENABLE_TELEMETRY": "1", "OTEL_METRICS_EXPORTER": "otlp", "OTEL_LOGS_EXPORTER": "otlp",
                "OTEL_EXPORTER_OTLP_PROTOCOL": protocol, "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, **more}

    def session(self):
        return steps([call("Write", tool_id="toolu_w", file_path=os.path.join(self.work, "a.py"), content="one\ntwo\n")],
                     [call("Bash", tool_id="toolu_b", command="touch secret-name")], "The answer.")

    def tell(self, *arguments, scenario=None, **variables):
        self.emulator = self.start_emulator(scenario or self.session())
        run = self.ask(self.emulator.url, "--output-format", "stream-json", "--verbose", "--allowedTools", "Write", *arguments,
                       prompt="my private words", **variables)
        return run

    def test_nothing_is_sent_unless_it_is_asked_for(self):
        collector = self.collect()
        variables = self.variables(collector)
        for missing in ("CLAUDE_CODE_ENABLE_TELEMETRY", "OTEL_METRICS_EXPORTER"):
            fewer = {name: value for name, value in variables.items() if name != missing and name != "OTEL_LOGS_EXPORTER"}
            self.assert_success(self.tell(**fewer), "The answer.")
        self.assertEqual(collector.requests, [])

    def test_events_and_metrics_have_their_names_in_both_encodings(self):
        for protocol, content_type in (("http/json", "application/json"), ("http/protobuf", "application/x-protobuf")):
            collector = self.collect()
            self.write("a.py", "")
            os.unlink(os.path.join(self.work, "a.py"))
            run = self.tell(**self.variables(collector, protocol, OTEL_EXPORTER_OTLP_HEADERS="x-team=a%20b",
                                             OTEL_RESOURCE_ATTRIBUTES="department=dev,user.id=evil"))
            self.assert_success(run, "The answer.")
            session = run.events("system", "init")[0]["session_id"]
            path, headers, body = collector.requests[0]
            self.assertEqual((headers["content-type"], headers["x-team"]), (content_type, "a b"))
            self.assertEqual(plain(body[next(iter(body))][0]["resource"]["attributes"])["service.name"], "claude-code")
            events = collector.events()
            self.assertEqual([e["event.sequence"] for e in events], list(range(len(events))))
            for event in events:
                self.assertEqual((event["session.id"], event["department"]), (session, "dev"))
                self.assertNotEqual(event["user.id"], "evil")
            prompts = {e.get("prompt.id") for e in events}
            self.assertEqual(len(prompts), 1, "one message, one id")
            names = [e["event.name"] for e in events]
            for name in ("user_prompt", "api_request", "tool_decision", "tool_result", "assistant_response"):
                self.assertIn(name, names)
            request = collector.events("api_request")[0]
            served = self.emulator.requests()
            self.assertEqual(len(collector.events("api_request")), len(served))
            self.assertTrue(request["request_id"].startswith("req_"), request)
            self.assertTrue(request["aws_request_id"], "the platform's own id")
            self.assertGreater(request["input_tokens"], 0)
            decisions = {e["tool_use_id"]: (e["decision"], e["source"]) for e in collector.events("tool_decision")}
            self.assertEqual(decisions, {"toolu_w": ("accept", "config"), "toolu_b": ("reject", "config")})
            self.assertEqual([e["tool_use_id"] for e in collector.events("tool_result")], ["toolu_w"])
            self.assertEqual(collector.points("claude_code.session.count")[0][1], 1)
            self.assertEqual([(p["type"], v) for p, v in collector.points("claude_code.lines_of_code.count")], [("added", 2)])
            edits = collector.points("claude_code.code_edit_tool.decision")
            self.assertEqual([(p["language"], p["decision"], v) for p, v in edits], [("Python", "accept", 1)])
            tokens = {p["type"]: v for p, v in collector.points("claude_code.token.usage")}
            self.assertEqual(tokens["input"], sum(e["input_tokens"] for e in collector.events("api_request")))
            self.assertGreater(collector.points("claude_code.cost.usage")[0][1], 0)
            self.assertGreater(collector.points("claude_code.active_time.total")[0][1], 0)

    def test_words_of_the_person_and_of_the_model_stay_here_until_they_are_let_out(self):
        collector = self.collect()
        self.tell(**self.variables(collector))
        told = json.dumps([body for _, _, body in collector.requests])
        for words in ("private", "answer.", "secret-name", "a.py"):
            self.assertNotIn(words, told)
        self.assertEqual(collector.events("user_prompt")[0]["prompt"], "<REDACTED>")
        collector = self.collect()
        self.tell("--no-session-persistence", **self.variables(collector, OTEL_LOG_USER_PROMPTS="1", OTEL_LOG_TOOL_DETAILS="1"))
        self.assertEqual(collector.events("user_prompt")[0]["prompt"], "my private words")
        self.assertEqual(collector.events("assistant_response")[0]["response"], "The answer.")
        bash = json.loads(collector.events("tool_decision")[1]["tool_parameters"])
        self.assertEqual((bash["bash_command"], bash["full_command"]), ("touch", "touch secret-name"))
        collector = self.collect()
        self.tell(**self.variables(collector, OTEL_LOG_USER_PROMPTS="1", OTEL_LOG_ASSISTANT_RESPONSES="0",
                                   CLAUDE_CODE_OTEL_CONTENT_MAX_LENGTH="14"))
        self.assertEqual(collector.events("user_prompt")[0]["prompt"], "my [TRUNCATED]")
        self.assertEqual(collector.events("assistant_response")[0]["response"], "<REDACTED>")

    def test_spans_hang_together_under_the_trace_of_the_caller(self):
        collector = self.collect()
        self.tell(**self.variables(collector, CLAUDE_CODE_ENHANCED_TELEMETRY_BETA="1", OTEL_TRACES_EXPORTER="otlp", TRACEPARENT=TRACE))
        spans = collector.spans()
        self.assertEqual({s["traceId"] for s in spans}, {"0af7651916cd43dd8448eb211c80319c"})
        by_name = {}
        for span in spans:
            by_name.setdefault(span["name"], []).append(span)
        interaction, = by_name["claude_code.interaction"]
        self.assertEqual(interaction["parentSpanId"], "b7ad6b7169203331")
        self.assertEqual(len(by_name["claude_code.llm_request"]), 3)
        for name in ("claude_code.llm_request", "claude_code.tool"):
            self.assertEqual({s["parentSpanId"] for s in by_name[name]}, {interaction["spanId"]})
        self.assertEqual(by_name["claude_code.tool.execution"][0]["parentSpanId"], by_name["claude_code.tool"][0]["spanId"])
        for span in spans:
            self.assertLessEqual(int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"]))
        self.assertEqual({e["event.name"] for e in collector.events()} & {"user_prompt"}, {"user_prompt"})

    def test_an_error_of_the_platform_is_told_with_its_status(self):
        collector = self.collect()
        self.tell(scenario={"steps": [{"status": 404, "error": {"type": "not_found_error", "message": "no such model"}}]},
                  **self.variables(collector))
        error, = collector.events("api_error")
        self.assertEqual((error["status_code"], error["attempt"]), (404, 1))

    def test_a_collector_that_is_not_there_or_says_no_costs_nothing_but_a_sentence(self):
        gone = self.collect()
        gone.close()
        for collector, words in ((gone, "Telemetry: "), (self.collect(status=401), "answered with status 401")):
            run = self.tell("--no-session-persistence", **self.variables(collector))
            self.assert_success(run, "The answer.")
            self.assertIn(words, run.err)
            self.assertLess(run.seconds, 10)

    def test_what_is_not_there_is_said_at_the_start(self):
        collector = self.collect()
        run = self.tell(**self.variables(collector, protocol="grpc"))
        self.assert_success(run, "The answer.")
        self.assertIn("OTEL_EXPORTER_OTLP_PROTOCOL=grpc: metrics are not exported. Set it to http/protobuf or http/json.", run.err)
        self.assertEqual(collector.requests, [])

    def test_the_console_is_standard_error(self):
        run = self.tell(CLAUDE_CODE_ENABLE_TELEMETRY="1", OTEL_LOGS_EXPORTER="console")
        self.assert_success(run, "The answer.")
        self.assertIn('"claude_code.user_prompt"', run.err)

    def test_headers_come_from_a_helper(self):
        collector = self.collect()
        self.write(f"{self.home}/.claude/settings.json", json.dumps({"otelHeadersHelper": "echo '{\"Authorization\": \"Bearer of-the-helper\"}'"}))
        run = self.tell(**self.variables(collector))
        self.assertEqual({headers["Authorization"] for _, headers, _ in collector.requests}, {"Bearer of-the-helper"})
        self.assertNotIn("of-the-helper", run.err + run.out)
        self.write(f"{self.home}/.claude/settings.json", json.dumps({"otelHeadersHelper": "echo no"}))
        self.assertIn("otelHeadersHelper printed no JSON object", self.tell("--no-session-persistence", **self.variables(self.collect())).err)

    def test_commands_do_not_see_where_telemetry_goes(self):
        collector = self.collect()
        self.tell("--allowedTools", "Bash", scenario=steps([call("Bash", command="env | grep -c OTEL > found")], "Done."),
                  **self.variables(collector))
        self.assertEqual(self.read(os.path.join(self.work, "found")).strip(), "0")
