"""The recipes of docs/ci.md, taken out of the page and run as they stand there."""
import os
import pathlib
import re
import subprocess
import unittest

from ruamel.yaml import YAML

from aws_doubles import ContainerEndpoint, InstanceMetadata, Sts, TokenIssuer
from support import AWL, TEMPORARY_KEY, WORKSPACE, E2eCase, steps

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "ci.md"
ROLE = "arn:aws:iam::123456789012:role/ci"


def recipe(heading):
    """The one code block of a section: (its language, its text)."""
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 1, (heading, blocks)
    return blocks[0]


class CiRecipesTest(E2eCase):
    def setUp(self):
        super().setUp()
        self.emulator = self.start_emulator(steps("Reviewed."))
        self.bin = self.folder("bin")
        os.symlink(AWL, os.path.join(self.bin, "awl"))

    def started(self, double):
        self.addCleanup(double.stop)
        return double

    def outside(self, **more):
        """What the machine of a job has, and the doubles' addresses: none of the recipe's own variables."""
        return {"PATH": f"{self.bin}:{os.environ['PATH']}", "HOME": self.home, "TMPDIR": self.temporary, "LANG": "C.UTF-8",
                "ANTHROPIC_AWS_BASE_URL": self.emulator.url, "NO_PROXY": "127.0.0.1", **more}

    def run_script(self, script, env):
        return subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], env=env, cwd=self.work, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120, check=False)

    def assert_reviewed(self, run):
        self.assertEqual((run.returncode, run.stdout.strip()), (0, "Reviewed."), run.stderr)
        requests = self.emulator.requests()
        self.assertEqual(requests[-1]["status"], 200)
        self.assertIn(f"Credential={TEMPORARY_KEY}/", requests[-1]["headers"]["authorization"])
        self.assertEqual(requests[-1]["headers"]["anthropic-workspace-id"], WORKSPACE)

    def github_job(self):
        language, text = recipe("GitHub Actions")
        self.assertEqual(language, "yaml")
        workflow = YAML(typ="safe").load(text)
        self.assertEqual(workflow["permissions"]["id-token"], "write")
        self.issuer = self.started(TokenIssuer())
        self.sts = self.started(Sts())
        job = workflow["jobs"]["review"]
        known = {"vars.WORKSPACE_ID": WORKSPACE, "vars.ROLE_ARN": ROLE, "runner.temp": self.temporary}
        env = {name: re.sub(r"\$\{\{ *(.*?) *\}\}", lambda found: known[found[1]], value) for name, value in job["env"].items()}
        return job["steps"], self.outside(**env, RUNNER_TEMP=self.temporary, ACTIONS_ID_TOKEN_REQUEST_TOKEN="request-token",
                                          ACTIONS_ID_TOKEN_REQUEST_URL=f"{self.issuer.url}/token?api-version=2",
                                          AWS_ENDPOINT_URL_STS=self.sts.url)

    def test_github_actions(self):
        job_steps, env = self.github_job()
        for step in job_steps:
            run = self.run_script(step["run"], env)
            self.assertEqual(run.returncode, 0, run.stderr)
        self.assert_reviewed(run)
        self.assertIn("audience=sts.amazonaws.com", self.issuer.asked[0])
        self.assertEqual([(f["RoleArn"], f["WebIdentityToken"]) for f in self.sts.forms], [(ROLE, "oidc-1")])

    def test_github_actions_gets_another_token_when_the_first_is_of_no_use_any_more(self):
        job_steps, env = self.github_job()
        self.assertEqual(self.run_script(job_steps[0]["run"], env).returncode, 0)
        good = self.sts.respond

        def respond(method, path, headers, body):
            if "WebIdentityToken=oidc-1" in body:
                return 400, "text/xml", ("<ErrorResponse><Error><Code>ExpiredTokenException</Code><Message>Token expired</Message>"
                                         "</Error></ErrorResponse>")
            return good(method, path, headers, body)
        self.sts.respond = respond
        self.assert_reviewed(self.run_script(job_steps[1]["run"], env))
        self.assertEqual(len(self.issuer.asked), 2)

    def test_gitlab(self):
        language, text = recipe("GitLab")
        self.assertEqual(language, "yaml")
        job = YAML(typ="safe").load(text)["review"]
        self.assertIn("AWS_TOKEN", job["id_tokens"])
        sts = self.started(Sts())
        known = {"$WORKSPACE_ID": WORKSPACE, "$ROLE_ARN": ROLE, "$CI_BUILDS_DIR": self.temporary}
        env = {name: re.sub(r"\$[A-Z_]+", lambda found: known[found[0]], value) for name, value in job["variables"].items()}
        run = self.run_script("\n".join(job["script"]), self.outside(**env, AWS_TOKEN="gitlab-token", AWS_ENDPOINT_URL_STS=sts.url))
        self.assert_reviewed(run)
        self.assertEqual([(f["RoleArn"], f["WebIdentityToken"]) for f in sts.forms], [(ROLE, "gitlab-token")])
        self.assertEqual(os.stat(os.path.join(self.temporary, "token")).st_mode & 0o777, 0o600)

    def run_shell_recipe(self, heading, **env):
        language, text = recipe(heading)
        self.assertEqual(language, "sh")
        self.assert_reviewed(self.run_script(text, self.outside(WORKSPACE_ID=WORKSPACE, **env)))

    def test_ec2(self):
        self.run_shell_recipe("A role on EC2", AWS_EC2_METADATA_SERVICE_ENDPOINT=self.started(InstanceMetadata()).url)

    def test_ecs(self):
        # The relative form has a fixed address, which is none of loopback; what follows is the same.
        self.run_shell_recipe("A role on ECS", AWS_CONTAINER_CREDENTIALS_FULL_URI=self.started(ContainerEndpoint()).url + "/v2/c")

    def test_eks_with_pod_identity(self):
        token = self.write(f"{self.temporary}/pod-token", "pod-token-1")
        endpoint = self.started(ContainerEndpoint("pod-token-1"))
        self.run_shell_recipe("A role on EKS", AWS_CONTAINER_CREDENTIALS_FULL_URI=endpoint.url + "/v1/credentials",
                              AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=token)

    def test_eks_with_a_role_for_the_service_account(self):
        sts = self.started(Sts())
        token = self.write(f"{self.temporary}/sa-token", "sa-token-1")
        self.run_shell_recipe("A role on EKS", AWS_ROLE_ARN=ROLE, AWS_WEB_IDENTITY_TOKEN_FILE=token, AWS_ENDPOINT_URL_STS=sts.url)
        self.assertEqual(sts.forms[0]["WebIdentityToken"], "sa-token-1")


if __name__ == "__main__":
    unittest.main()
