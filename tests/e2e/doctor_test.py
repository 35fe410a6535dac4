"""`awl doctor`: what is wrong with a set-up, and what to do; exit code 0 only when a prompt would work."""
import json
import os
import unittest

from support import ACCESS_KEY, API_KEY, SECRET_KEY, WORKSPACE, E2eCase, steps

NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
NOWHERE = "http://127.0.0.1:9"


class DoctorTest(E2eCase):
    def doctor(self, *flags, url=NOWHERE, **changes):
        """The run, and its findings as (check, health, text and advice)."""
        run = self.run_awl("doctor", "--json", *flags, env=self.env(url, AWS_ENDPOINT_URL_STS=NOWHERE, **changes))
        self.assert_no_secrets(run)
        report = json.loads(run.out)
        self.assertEqual(report["usable"], run.code == 0, run)
        return run, [(f["check"], f["health"], f"{f['text']} {f['advice'] or ''}") for f in report["findings"]]

    def assert_finds(self, findings, check, health, *words):
        for found in findings:
            if found[:2] == (check, health) and all(word in found[2] for word in words):
                return
        self.fail(f"no {health} of {check} with {words} in " + "\n".join(map(str, findings)))

    def test_a_good_set_up(self):
        run, findings = self.doctor()
        self.assertEqual(run.code, 0, run)
        self.assert_finds(findings, "provider", "ok", "Claude Platform on AWS", "ANTHROPIC_AWS_BASE_URL")
        self.assert_finds(findings, "workspace", "ok", WORKSPACE)
        self.assert_finds(findings, "region", "ok", "us-east-1", "AWS_REGION")
        self.assert_finds(findings, "credentials", "ok", "environment", "found")
        self.assertNotIn("failure", [health for _, health, _ in findings])

    def test_people_get_text_of_80_columns(self):
        run = self.run_awl("doctor", env=self.env(NOWHERE, ANTHROPIC_AWS_WORKSPACE_ID="ws"))
        self.assertEqual(run.code, 0, run)
        self.assertIn("Credentials\n ok asked environment: found", run.out)
        self.assertIn("-> Ids begin with wrkspc_", run.out)
        self.assertNotIn("\x1b", run.out)
        self.assertLessEqual(max(len(line) for line in run.out.splitlines() if " /" not in line), 80, run.out)

    def test_no_workspace(self):
        run, findings = self.doctor(ANTHROPIC_AWS_WORKSPACE_ID=None)
        self.assertEqual(run.code, 1)
        self.assert_finds(findings, "provider", "failure", "ANTHROPIC_AWS_WORKSPACE_ID")

    def test_a_region_that_is_none(self):
        _, findings = self.doctor(AWS_REGION="https://us-east-1", AWS_DEFAULT_REGION=None)
        self.assert_finds(findings, "region", "warning", "AWS_REGION")
        self.assert_finds(findings, "region", "warning", "us-east-1 (default)", "set AWS_REGION")

    def test_no_credentials(self):
        run, findings = self.doctor(**NO_KEYS)
        self.assertEqual(run.code, 1)
        self.assert_finds(findings, "credentials", "failure", "no AWS credentials found", "awl auth login")
        self.assert_finds(findings, "credentials", "ok", "asked web identity: not configured")

    def test_an_expired_sign_in(self):
        self.write(f"{self.home}/.aws/config", "[profile dev]\nsso_session = corp\nsso_account_id = 123456789012\n"
                   "sso_role_name = dev\n\n[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://corp.awsapps.com/start\n")
        run, findings = self.doctor(AWS_PROFILE="dev", **NO_KEYS)
        self.assertEqual(run.code, 1)
        self.assert_finds(findings, "credentials", "failure", "aws sso login")
        self.write(f"{self.home}/.claude/settings.json", json.dumps({"awsAuthRefresh": "aws sso login --profile dev"}))
        run, findings = self.doctor(AWS_PROFILE="dev", **NO_KEYS)
        self.assertEqual(run.code, 0, "the first prompt signs in by itself")
        self.assert_finds(findings, "credentials", "warning", "aws sso login", "awsAuthRefresh")

    def test_settings_with_a_mistake_name_file_line_and_key(self):
        path = self.write(f"{self.home}/.claude/settings.json", '{\n  "model": "opus",\n  "alwaysThinkingEnabled": "yes"\n}\n')
        _, findings = self.doctor()
        self.assert_finds(findings, "settings", "warning", f"{path}:3", "alwaysThinkingEnabled")
        self.write(path, '{\n  "model": "opus",\n}\n')
        _, findings = self.doctor()
        self.assert_finds(findings, "settings", "warning", path, "line 3")

    def test_a_certificate_file_that_is_not_there(self):
        _, findings = self.doctor(NODE_EXTRA_CA_CERTS="/nowhere/ca.pem")
        self.assert_finds(findings, "network", "warning", "/nowhere/ca.pem", "NODE_EXTRA_CA_CERTS")

    def test_a_proxy_that_cannot_be_used(self):
        run, findings = self.doctor(HTTPS_PROXY="socks5://127.0.0.1:1", NO_PROXY=None)
        self.assertEqual(run.code, 1)
        self.assert_finds(findings, "network", "failure", "HTTPS_PROXY")

    def test_a_key_that_stands_before_credentials(self):
        _, findings = self.doctor(ANTHROPIC_AWS_API_KEY=API_KEY)
        self.assert_finds(findings, "credentials", "warning", "ANTHROPIC_AWS_API_KEY stands before")

    def test_a_folder_that_cannot_be_written_to(self):
        file = self.write("file", "")
        run, findings = self.doctor(XDG_STATE_HOME=file)
        self.assertEqual(run.code, 1)
        self.assert_finds(findings, "folders", "failure", file, "XDG_STATE_HOME")

    def test_a_program_that_is_missing(self):
        folder = self.folder("bin")
        os.symlink("/bin/bash", os.path.join(folder, "bash"))
        run, findings = self.doctor(PATH=folder)
        self.assertEqual(run.code, 0)
        self.assert_finds(findings, "programs", "warning", "rg is not on PATH", "ripgrep")

    def live(self, *options, **changes):
        return self.doctor("--live", url=self.start_emulator(steps("Hi."), *options).url, CLAUDE_CODE_MAX_RETRIES="0", **changes)

    def test_live_the_model_answers(self):
        run, findings = self.live()
        self.assertEqual(run.code, 0, run)
        self.assert_finds(findings, "live", "ok", "answers")
        self.assert_finds(findings, "live", "ok", "models")
        self.assert_finds(findings, "live", "ok", "clock agrees")
        self.assert_finds(findings, "live", "warning", "STS")

    def test_live_a_clock_that_is_off(self):
        run, findings = self.live("--clock-offset", "1500")
        self.assertEqual(run.code, 0, run)
        self.assert_finds(findings, "live", "warning", "minutes behind", "timedatectl")

    def test_live_federation_that_is_off(self):
        run, findings = self.live("--no-federation")
        self.assertEqual(run.code, 1)
        self.assert_finds(findings, "live", "failure", "enable-outbound-web-identity-federation")

    def test_live_what_may_not_be_listed_keeps_nobody_from_working(self):
        policy = self.write("policy.json", json.dumps(
            {"Statement": {"Effect": "Allow", "Action": "aws-external-anthropic:CreateInference", "Resource": "*"}}))
        run, findings = self.live("--policy", policy)
        self.assertEqual(run.code, 0, run)
        self.assert_finds(findings, "live", "warning", "list of models", "ListModels")

    def test_the_policy_holds_what_was_called(self):
        emulator = self.start_emulator(steps("Done."))
        self.assert_success(self.ask(emulator.url), "Done.")
        self.assertEqual(self.run_awl("models", env=self.env(emulator.url)).code, 0)
        run = self.run_awl("doctor", "--iam", "--account", "123456789012", env=self.env(emulator.url))
        policy = json.loads(run.out)
        self.assertEqual([s["Action"] for s in policy["Statement"]],
                         [["aws-external-anthropic:CreateInference", "aws-external-anthropic:ListModels"]])
        self.assertEqual(policy["Statement"][0]["Resource"],
                         f"arn:aws:aws-external-anthropic:us-east-1:123456789012:workspace/{WORKSPACE}")
        # The emulator evaluates it as IAM does: it is enough.
        path = self.write("least.json", run.out)
        self.assert_success(self.ask(self.start_emulator(steps("Done."), "--policy", path).url), "Done.")

    def test_the_policy_of_a_key_has_the_action_of_keys(self):
        emulator = self.start_emulator(steps("Done."))
        self.assert_success(self.ask(emulator.url, ANTHROPIC_AWS_API_KEY=API_KEY), "Done.")
        policy = json.loads(self.run_awl("doctor", "--iam", env=self.env(emulator.url)).out)
        self.assertEqual(policy["Statement"][1], {"Effect": "Allow", "Action": "aws-external-anthropic:CallWithBearerToken",
                                                  "Resource": "*"})
        self.assertEqual(os.stat(f"{self.home}/.local/state/awl/called-actions.json").st_mode & 0o777, 0o600)
        self.assertNotIn(ACCESS_KEY, self.read(f"{self.home}/.local/state/awl/called-actions.json"))
        self.assertNotIn(SECRET_KEY, self.read(f"{self.home}/.local/state/awl/called-actions.json"))


if __name__ == "__main__":
    unittest.main()
