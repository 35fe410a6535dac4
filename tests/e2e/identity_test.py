"""The model's AWS identity is not the tools'."""
import json
import re
import unittest

from aws_doubles import Sts
from support import ACCESS_KEY, API_KEY, BEARER, SECRET_KEY, TEMPORARY_KEY, E2eCase, call, result_text, sent_results, steps

NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
ROLE = "arn:aws:iam::123456789012:role/tools"
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}

# `aws sts get-caller-identity` with the library that the command is made of.
WHO_AM_I = ('import botocore.session, os; print(botocore.session.get_session().create_client("sts", region_name="us-east-1", '
            'endpoint_url=os.environ["STS"]).get_caller_identity()["Arn"])')


class IdentityTest(E2eCase):
    def setUp(self):
        super().setUp()
        self.sts = Sts()
        self.addCleanup(self.sts.stop)
        self.write(f"{self.home}/.aws/credentials",
                   "[default]\naws_access_key_id = AKIATHEPERSON0000001\naws_secret_access_key = p\n\n"
                   f"[model]\naws_access_key_id = {ACCESS_KEY}\naws_secret_access_key = {SECRET_KEY}\n\n"
                   "[tools]\naws_access_key_id = AKIATHETOOLS00000001\naws_secret_access_key = t\n")
        self.write(f"{self.home}/.aws/config",
                   f"[profile narrow]\nrole_arn = {ROLE}\nsource_profile = tools\nregion = us-east-1\n")
        self.write("who.py", WHO_AM_I)

    def settings(self, **values):
        self.write(f"{self.home}/.claude/settings.json", json.dumps(values))

    def identities(self, command="python3 who.py", **more):
        """The keys that signed the model's calls, and what the Bash tool printed."""
        run, requests = self.play(steps([call("Bash", command=command)], "Done."), "--allowedTools", "Bash",
                                  STS=self.sts.url, AWS_ENDPOINT_URL_STS=self.sts.url, **more)
        self.assert_success(run, "Done.")
        keys = {re.search(r"Credential=([A-Z0-9]+)/", r["headers"]["authorization"])[1] for r in requests}
        return keys, result_text(sent_results(requests[1])[0]).strip()

    def test_a_profile_of_the_settings_is_the_models_alone(self):
        self.settings(modelAwsProfile="model")
        keys, said = self.identities(**NO_KEYS)
        self.assertEqual((keys, said), ({ACCESS_KEY}, "arn:of:AKIATHEPERSON0000001"))

    def test_the_variable_comes_before_the_setting_and_before_the_persons_keys(self):
        self.settings(modelAwsProfile="missing")
        keys, said = self.identities(AWL_MODEL_AWS_PROFILE="model", AWS_ACCESS_KEY_ID="AKIATHEPERSON0000002",
                                     AWS_SECRET_ACCESS_KEY="x")
        self.assertEqual((keys, said), ({ACCESS_KEY}, "arn:of:AKIATHEPERSON0000002"))

    def test_tools_have_a_profile_of_their_own(self):
        self.settings(toolsAwsProfile="tools")
        keys, said = self.identities()
        self.assertEqual((keys, said), ({ACCESS_KEY}, "arn:of:AKIATHETOOLS00000001"))

    def test_a_session_policy_narrows_the_tools_role(self):
        self.settings(modelAwsProfile="model", toolsAwsProfile="narrow", toolsAwsSessionPolicy=POLICY)
        keys, said = self.identities("python3 who.py && python3 who.py", **NO_KEYS)
        self.assertEqual((keys, set(said.split())), ({ACCESS_KEY}, {f"arn:of:{TEMPORARY_KEY}"}))
        assumed = [form for form in self.sts.forms if form["Action"] == "AssumeRole"]
        self.assertEqual(len(assumed), 1)
        self.assertEqual((assumed[0]["RoleArn"], assumed[0]["signed_by"]), (ROLE, "AKIATHETOOLS00000001"))
        self.assertEqual(json.loads(assumed[0]["Policy"]), POLICY)

    def test_a_policy_that_cannot_narrow_anything_keeps_the_command_from_running(self):
        self.settings(toolsAwsProfile="tools", toolsAwsSessionPolicy=POLICY)
        _, said = self.identities("touch ran")
        self.assertIn("assumes no role", said)
        with self.assertRaises(FileNotFoundError):
            self.read("ran")

    def test_tools_find_none_of_the_models_secrets(self):
        _, said = self.identities("env", ANTHROPIC_AWS_API_KEY=None, ANTHROPIC_AUTH_TOKEN=BEARER)
        self.assertNotIn(BEARER, said)
        run, requests = self.play(steps([call("Bash", command="env")], "Done."), "--allowedTools", "Bash",
                                  ANTHROPIC_AWS_API_KEY=API_KEY)
        self.assert_success(run, "Done.")
        said = result_text(sent_results(requests[1])[0])
        self.assertNotIn(API_KEY, said)
        self.assertIn(f"AWS_ACCESS_KEY_ID={ACCESS_KEY}", said.splitlines())

    def test_an_untrusted_project_chooses_no_identity(self):
        self.write(".claude/settings.json", json.dumps({"modelAwsProfile": "tools", "toolsAwsProfile": "tools"}))
        run, requests = self.play(steps("Done."))
        self.assert_success(run, "Done.")
        self.assertIn(f"Credential={ACCESS_KEY}/", requests[0]["headers"]["authorization"])
        self.assertIn("modelAwsProfile", run.err)

    def test_status_shows_both(self):
        self.settings(modelAwsProfile="model", toolsAwsProfile="tools")
        run = self.run_awl("status", "--json", env=self.env("http://127.0.0.1:9"))
        status = json.loads(run.out)
        self.assertEqual((status["model_aws_profile"], status["tools_aws_profile"]), ("model", "tools"))


if __name__ == "__main__":
    unittest.main()
