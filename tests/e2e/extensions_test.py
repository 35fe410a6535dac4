"""Skills, commands, files named with @, and output styles, in whole runs."""
import json
import os

from support import STREAM, E2eCase, call, steps


def texts(request, index=-1):
    """All text of a message that a request carries."""
    content = request["body"]["messages"][index]["content"]
    return content if isinstance(content, str) else "\n".join(b.get("text", "") for b in content)


class ExtensionsCase(E2eCase):
    def skill(self, name, body, **fields):
        front = "".join(f"{key}: {value}\n" for key, value in {"description": f"About {name}.", **fields}.items())
        self.write(f".claude/skills/{name}/SKILL.md", f"---\n{front}---\n{body}\n")

    def command(self, name, body):
        self.write(f".claude/commands/{name}.md", body)


class SkillsTest(ExtensionsCase):
    def test_the_model_is_told_of_a_skill_and_loads_its_text(self):
        self.skill("tides", "The tide is $0 at ${CLAUDE_SKILL_DIR}.")
        run, requests = self.play(steps([call("Skill", skill="tides", args="high")], "Done."), "--model", "claude-sonnet-4-6")
        self.assert_success(run, "Done.")
        self.assertIn("About tides.", json.dumps(requests[0]["body"]))
        self.assertNotIn("The tide is", json.dumps(requests[0]["body"]))
        self.assertIn(f"The tide is high at {self.work}/.claude/skills/tides.", json.dumps(requests[1]["body"]["messages"]))

    def test_a_skill_that_only_people_invoke_is_kept_from_the_model(self):
        self.skill("deploy", "Deploy it.", **{"disable-model-invocation": "true"})
        run, requests = self.play(steps([call("Skill", skill="deploy")], "Done."))
        self.assertTrue(run.tool_results()[0]["is_error"], run)
        self.assertNotIn("About deploy.", json.dumps(requests[0]["body"]))
        run, requests = self.play(steps("Done."), prompt="/deploy")
        self.assertIn("Deploy it.", texts(requests[0]))

    def test_a_deny_rule_keeps_a_skill_from_running(self):
        self.skill("tides", "The tide is high.")
        run, requests = self.play(steps([call("Skill", skill="tides")], "Done."), "--disallowedTools", "Skill(tides)")
        self.assertTrue(run.tool_results()[0]["is_error"], run)
        self.assertNotIn("The tide is high.", json.dumps(requests[-1]["body"]))

    def test_what_a_skill_allows_ends_with_the_next_message(self):
        self.skill("writer", "Write.", **{"allowed-tools": "Write"})
        messages = "".join(json.dumps({"type": "user", "message": {"role": "user", "content": words}}) + "\n"
                           for words in ("/writer", "And once more."))
        emulator = self.start_emulator(steps([call("Write", file_path=os.path.join(self.work, "a"), content="1")], "One.",
                                             [call("Write", file_path=os.path.join(self.work, "b"), content="2")], "Two."))
        run = self.run_awl("-p", *STREAM, "--input-format", "stream-json", env=self.env(emulator.url), stdin=messages.encode())
        self.assertEqual([bool(r.get("is_error")) for r in run.tool_results()], [False, True], run)
        self.assertTrue(os.path.exists(os.path.join(self.work, "a")))
        self.assertFalse(os.path.exists(os.path.join(self.work, "b")))

    def test_a_skill_may_run_as_a_subagent(self):
        self.skill("survey", "Survey the house.", context="fork")
        scenario = {"rules": [{"when": {"last_user_contains": "Survey the house."}, "step": {"content": "Three rooms."}}],
                    **steps([call("Skill", skill="survey")], "Done.")}
        run, requests = self.play(scenario)
        self.assert_success(run, "Done.")
        self.assertIn("Three rooms.", json.dumps(run.tool_results()[0]["content"]))
        self.assertNotIn("Survey the house.", json.dumps(requests[-1]["body"]["messages"]))

    def test_a_broken_front_matter_is_told_and_the_session_goes_on(self):
        self.write(".claude/skills/odd/SKILL.md", "---\ndescription: [open\n---\nOdd.\n")
        run, _ = self.play(steps("Done."))
        self.assert_success(run, "Done.")


class CommandsTest(ExtensionsCase):
    def test_arguments_take_their_places(self):
        self.command("fix", "Fix issue $1 of $0; all: $ARGUMENTS.")
        _, requests = self.play(steps("Done."), prompt='/fix "the mill" 7')
        self.assertIn('Fix issue 7 of the mill; all: "the mill" 7.', texts(requests[0]))

    def test_what_a_command_runs_first_needs_permission(self):
        self.command("look", "Here: !`echo seen > ran; cat ran`")
        run, requests = self.play(steps("Done."), prompt="/look")
        self.assertFalse(os.path.exists(os.path.join(self.work, "ran")), run)
        self.assertEqual(requests, [], run)
        self.command("look", "---\nallowed-tools: Bash(echo *)\n---\nHere: !`echo se''en`")
        _, requests = self.play(steps("Done."), prompt="/look")
        self.assertIn("Here: seen", texts(requests[0]))

    def test_a_denied_command_stays_denied_whatever_the_file_allows(self):
        self.command("look", "---\nallowed-tools: Bash\n---\nHere: !`touch ran`")
        _, requests = self.play(steps("Done."), "--disallowedTools", "Bash(touch *)", prompt="/look")
        self.assertFalse(os.path.exists(os.path.join(self.work, "ran")))

    def test_arguments_are_never_run(self):
        self.command("say", "---\nallowed-tools: Bash\n---\nSaid: $ARGUMENTS")
        _, requests = self.play(steps("Done."), prompt="/say !`touch ran`")
        self.assertFalse(os.path.exists(os.path.join(self.work, "ran")))
        self.assertIn("!`touch ran`", texts(requests[0]))

    def test_an_unknown_command_asks_the_model_nothing(self):
        run, requests = self.play(steps("Done."), prompt="/nosuch thing")
        self.assertEqual(requests, [])
        self.assertIn("nosuch", run.results()[0]["result"])

    def test_a_path_is_no_command(self):
        _, requests = self.play(steps("Done."), prompt="/usr/bin/env is what?")
        self.assertIn("/usr/bin/env is what?", texts(requests[0]))

    def test_no_command_with_the_flag(self):
        self.command("fix", "Fix it.")
        _, requests = self.play(steps("Done."), "--disable-slash-commands", prompt="/fix")
        self.assertNotIn("Fix it.", json.dumps(requests))


class MentionsTest(ExtensionsCase):
    def test_a_file_named_with_at_comes_with_the_message(self):
        self.write("notes/plan.txt", "Plant the elms.\n")
        _, requests = self.play(steps("Done."), prompt="See @notes/plan.txt, please.")
        self.assertIn("Plant the elms.", texts(requests[0]))

    def test_a_file_that_rules_deny_does_not_come(self):
        self.write("secret.txt", "The elms are oaks.\n")
        _, requests = self.play(steps("Done."), "--disallowedTools", "Read(secret.txt)", prompt="See @secret.txt")
        self.assertNotIn("The elms are oaks.", json.dumps(requests))

    def test_a_link_out_of_the_project_to_a_denied_file_does_not_come(self):
        outside = os.path.join(self.folder("outside"), "key")
        self.write(outside, "The key is brass.\n")
        os.symlink(outside, os.path.join(self.work, "inside"))
        _, requests = self.play(steps("Done."), "--disallowedTools", f"Read(/{outside})", prompt="See @inside")
        self.assertNotIn("The key is brass.", json.dumps(requests))

    def test_a_name_without_a_file_is_a_word(self):
        run, requests = self.play(steps("Done."), prompt="Ask @nobody about it.")
        self.assert_success(run, "Done.")
        self.assertIn("Ask @nobody about it.", texts(requests[0]))


class StylesTest(ExtensionsCase):
    def test_a_style_of_the_project_is_in_the_system_prompt(self):
        self.write(".claude/output-styles/terse.md", "---\ndescription: Few words\n---\nAnswer in three words.\n")
        self.write(".claude/settings.json", json.dumps({"outputStyle": "terse"}))
        _, requests = self.play(steps("Done."))
        self.assertIn("Answer in three words.", json.dumps(requests[0]["body"]["system"]))
