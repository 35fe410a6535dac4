"""What the commands that the agent runs find in their environment."""
import subprocess
import unittest

from support import E2eCase, call, result_text, sent_results, steps


class ChildEnvironmentTest(E2eCase):
    def printed(self, *names, arguments=(), **more):
        words = "; ".join(f'echo "{name}=${{{name}-unset}}"' for name in names)
        run, requests = self.play(steps([call("Bash", command=words)], "Done."), "--allowedTools", "Bash", *arguments, **more)
        self.assert_success(run, "Done.")
        found = dict(line.split("=", 1) for line in result_text(sent_results(requests[1])[0]).splitlines())
        return found, run

    def test_children_know_the_session(self):
        found, run = self.printed("CLAUDECODE", "CLAUDE_CODE_CHILD_SESSION", "CLAUDE_CODE_SESSION_ID", "CLAUDE_PID",
                                  "CLAUDE_EFFORT", "OTEL_EXPORTER_OTLP_HEADERS", "TRACEPARENT",
                                  arguments=("--effort", "low"), OTEL_EXPORTER_OTLP_HEADERS="x", TRACEPARENT="00-1-2-01")
        self.assertEqual(found["CLAUDECODE"], "1")
        self.assertEqual(found["CLAUDE_CODE_CHILD_SESSION"], "1")
        self.assertEqual(found["CLAUDE_CODE_SESSION_ID"], run.events()[0]["session_id"])
        self.assertGreater(int(found["CLAUDE_PID"]), 1)
        self.assertEqual(found["CLAUDE_EFFORT"], "low")
        self.assertEqual(found["OTEL_EXPORTER_OTLP_HEADERS"], "unset")
        self.assertEqual(found["TRACEPARENT"], "00-1-2-01")

    def test_a_model_without_effort_sets_none(self):
        found, _ = self.printed("CLAUDE_EFFORT", arguments=("--model", "claude-haiku-4-5"), CLAUDE_EFFORT="max")
        self.assertEqual(found["CLAUDE_EFFORT"], "unset")

    def test_cloud_credentials_can_be_kept_from_children(self):
        names = ("AWS_SECRET_ACCESS_KEY", "AWS_REGION", "GOOGLE_APPLICATION_CREDENTIALS", "INPUT_ANTHROPIC_API_KEY")
        secrets = {"GOOGLE_APPLICATION_CREDENTIALS": "/x", "INPUT_ANTHROPIC_API_KEY": "k"}
        kept, _ = self.printed(*names, **secrets)
        self.assertNotIn("unset", kept.values())
        scrubbed, _ = self.printed(*names, CLAUDE_CODE_SUBPROCESS_ENV_SCRUB="1", **secrets)
        self.assertEqual(list(scrubbed.values()), ["unset", "us-east-1", "unset", "unset"])

    def test_scrubbed_children_see_no_other_processes_where_the_system_allows_it(self):
        flags = "--pid --fork --mount-proc".split()
        if subprocess.run(["unshare", *flags, "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("no namespaces here")
        run, requests = self.play(steps([call("Bash", command="cat /proc/[0-9]*/environ | tr '\\0' '\\n' | grep -c ^AWS_SECRET; "
                                                              "echo pid $$; exit 7")], "Done."),
                                  "--dangerously-skip-permissions", CLAUDE_CODE_SUBPROCESS_ENV_SCRUB="1", IS_SANDBOX="1")
        self.assert_success(run, "Done.")
        self.assertEqual(result_text(sent_results(requests[1])[0]).splitlines(), ["Exit code 7", "0", "pid 1"])


if __name__ == "__main__":
    unittest.main()
