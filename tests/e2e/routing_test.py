"""Where requests go: provider, workspace, region, base URL, and the refusals when something is missing."""
import json
import unittest

from proxy import ReverseProxy
from support import ACCESS_KEY, API_KEY, BEARER, WORKSPACE, E2eCase, call, steps

PLATFORM_HOST = "aws-external-anthropic.us-east-1.api.aws"
NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}


class RefusalTest(E2eCase):
    """What cannot work is said in one sentence, and nothing is sent."""

    def assert_refused(self, *words, **env):
        emulator = self.start_emulator(steps("Never."))
        run = self.ask(emulator.url, ANTHROPIC_BASE_URL=emulator.url, **env)
        self.assert_api_error(run, None, *words)
        self.assertEqual(emulator.requests(), [])

    def test_a_missing_workspace_is_named(self):
        self.assert_refused("ANTHROPIC_AWS_WORKSPACE_ID", ANTHROPIC_AWS_WORKSPACE_ID=None)

    def test_an_empty_workspace_is_named(self):
        self.assert_refused("ANTHROPIC_AWS_WORKSPACE_ID", ANTHROPIC_AWS_WORKSPACE_ID="")

    def test_a_missing_workspace_is_named_with_an_api_key_too(self):
        self.assert_refused("ANTHROPIC_AWS_WORKSPACE_ID", ANTHROPIC_AWS_WORKSPACE_ID=None, ANTHROPIC_AWS_API_KEY=API_KEY)

    def test_without_credentials_the_variables_that_give_some_are_named(self):
        self.assert_refused("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "ANTHROPIC_AWS_API_KEY", **NO_KEYS)

    def test_foundry_comes_first_and_is_refused_without_a_resource(self):
        self.assert_refused("ANTHROPIC_FOUNDRY_RESOURCE", CLAUDE_CODE_USE_FOUNDRY="true")

    def test_vertex_alone_is_refused_by_name(self):
        self.assert_refused("CLAUDE_CODE_USE_VERTEX", CLAUDE_CODE_USE_VERTEX="1", CLAUDE_CODE_USE_ANTHROPIC_AWS=None)

    def test_no_provider_and_no_key_says_how_to_choose_one(self):
        self.assert_refused("CLAUDE_CODE_USE_ANTHROPIC_AWS", CLAUDE_CODE_USE_ANTHROPIC_AWS=None)

    def test_a_base_url_that_is_none_is_named(self):
        run = self.ask("not a url")
        self.assert_api_error(run, None, "ANTHROPIC_AWS_BASE_URL")

    def test_a_base_url_with_a_query_is_named(self):
        run = self.ask("http://127.0.0.1:1/?a=b")
        self.assert_api_error(run, None, "ANTHROPIC_AWS_BASE_URL")

    def test_text_output_tells_the_refusal_too(self):
        run = self.run_awl("-p", "Go on.", env=self.env("http://127.0.0.1:1", ANTHROPIC_AWS_WORKSPACE_ID=None))
        self.assertEqual(run.code, 1, run)
        self.assertIn("ANTHROPIC_AWS_WORKSPACE_ID", run.out + run.err)


class ProviderTest(E2eCase):
    def test_switches_that_are_off_do_not_take_precedence(self):
        run, requests = self.play(steps("Done."), CLAUDE_CODE_USE_BEDROCK="0", CLAUDE_CODE_USE_FOUNDRY="false",
                                  CLAUDE_CODE_USE_ANTHROPIC_AWS="YES")
        self.assert_success(run, "Done.")
        self.assertEqual(requests[0]["auth"], "sigv4")

    def test_vertex_does_not_take_precedence(self):
        run, _ = self.play(steps("Done."), CLAUDE_CODE_USE_VERTEX="1")
        self.assert_success(run, "Done.")

    def test_a_workspace_that_the_platform_does_not_know_is_an_error_result(self):
        emulator = self.start_emulator(steps("Never."))
        run = self.ask(emulator.url, ANTHROPIC_AWS_WORKSPACE_ID="wrkspc_01SOMEBODY0ELSES")
        self.assert_api_error(run, emulator.requests()[0]["status"], "wrkspc_01SOMEBODY0ELSES")

    def test_the_env_block_of_the_users_settings_supplies_everything(self):
        emulator = self.start_emulator(steps("Done."))
        env = {name: value for name, value in self.env(emulator.url, **NO_KEYS, ANTHROPIC_AWS_API_KEY=API_KEY).items()
               if name.startswith(("CLAUDE", "ANTHROPIC", "AWS"))}
        self.write(f"{self.home}/.claude/settings.json", json.dumps({"env": env}))
        run = self.ask(None, **{name: None for name in env}, **NO_KEYS)
        self.assert_success(run, "Done.")
        self.assertEqual(emulator.requests()[0]["auth"], "api key")

    def test_the_env_block_beats_the_shell_and_an_empty_value_cancels_an_export(self):
        emulator = self.start_emulator(steps("Done."))
        self.write(f"{self.home}/.claude/settings.json",
                   '{"env": {"ANTHROPIC_AWS_WORKSPACE_ID": "%s", "ANTHROPIC_AWS_API_KEY": ""}}' % WORKSPACE)
        run = self.ask(emulator.url, ANTHROPIC_AWS_WORKSPACE_ID="wrkspc_01WRONG", ANTHROPIC_AWS_API_KEY="sk-ant-wrong")
        self.assert_success(run, "Done.")
        self.assertEqual(emulator.requests()[0]["auth"], "sigv4")

    def test_the_env_block_of_an_untrusted_project_redirects_nothing(self):
        emulator = self.start_emulator(steps("Done."))
        self.write(".claude/settings.json", '{"env": {"ANTHROPIC_AWS_BASE_URL": "http://127.0.0.1:1"}}')
        self.assert_success(self.ask(emulator.url), "Done.")

    def test_settings_on_the_command_line_supply_variables(self):
        emulator = self.start_emulator(steps("Done."))
        run = self.ask(None, "--settings", '{"env": {"ANTHROPIC_AWS_BASE_URL": "%s"}}' % emulator.url)
        self.assert_success(run, "Done.")


class RegionTest(E2eCase):
    def assert_region(self, expected, config="", **env):
        self.write(f"{self.home}/.aws/config", config)
        emulator = self.start_emulator(steps("Done."), "--region", expected)
        run = self.ask(emulator.url, **({"AWS_REGION": None} | env))
        self.assert_success(run, "Done.")
        self.assertIn(f"/{expected}/aws-external-anthropic/", emulator.requests()[0]["headers"]["authorization"])

    def test_aws_region_comes_first(self):
        self.assert_region("eu-west-1", "[default]\nregion = ap-south-1\n", AWS_REGION="eu-west-1", AWS_DEFAULT_REGION="us-west-2")

    def test_aws_default_region_comes_second(self):
        self.assert_region("us-west-2", "[default]\nregion = ap-south-1\n", AWS_DEFAULT_REGION="us-west-2")

    def test_the_region_of_the_profile_comes_third(self):
        self.assert_region("ap-south-1", "[default]\nregion = ap-south-1\n")

    def test_us_east_1_comes_last(self):
        self.assert_region("us-east-1")

    def test_a_malformed_region_is_skipped(self):
        self.assert_region("us-west-2", AWS_REGION="us west/../2", AWS_DEFAULT_REGION="us-west-2")


class BaseUrlTest(E2eCase):
    def test_a_path_prefix_is_kept(self):
        for slash in ("", "/"):
            with self.subTest(slash=slash):
                emulator = self.start_emulator(steps("Done."))
                proxy = ReverseProxy(self, emulator.port, "/team/llm")
                run = self.ask(proxy.url + slash, ANTHROPIC_AWS_API_KEY=API_KEY)
                self.assert_success(run, "Done.")
                self.assertRegex(proxy.seen[0]["path"], r"^/team/llm/v1/messages(\?|$)")

    def test_without_sign_host_the_path_that_is_dialled_is_signed(self):
        emulator = self.start_emulator(steps("Done."))
        proxy = ReverseProxy(self, emulator.port, "/team/llm")
        run = self.ask(proxy.url)  # the prefix is gone when the signature is verified
        self.assert_api_error(run, 403, "signature")
        self.assertEqual(len(proxy.seen), 1)

    def test_sign_host_dials_the_proxy_and_signs_for_the_platform(self):
        self.write("a.txt", "hello\n")
        for prefix in ("", "/team/llm"):
            with self.subTest(prefix=prefix):
                emulator = self.start_emulator(steps([call("Read", file_path="a.txt")], "Done."))
                proxy = ReverseProxy(self, emulator.port, prefix, PLATFORM_HOST)
                run = self.ask(proxy.url, AWL_AWS_SIGN_HOST=PLATFORM_HOST)
                self.assert_success(run, "Done.")
                self.assertEqual([seen["host"] for seen in proxy.seen], [proxy.authority] * 2)
                self.assertTrue(all(seen["path"].startswith(prefix + "/v1/messages") for seen in proxy.seen))
                for request in emulator.requests():
                    self.assertEqual(request["auth"], "sigv4")
                    self.assertEqual(request["headers"]["host"], PLATFORM_HOST)
                    self.assertIn(f"Credential={ACCESS_KEY}/", request["headers"]["authorization"])

    def test_a_proxy_that_changes_the_host_without_sign_host_is_refused(self):
        emulator = self.start_emulator(steps("Never."))
        proxy = ReverseProxy(self, emulator.port, "", PLATFORM_HOST)
        self.assert_api_error(self.ask(proxy.url), 403, "signature")

    def test_a_redirect_is_not_followed_with_the_credentials(self):
        emulator = self.start_emulator(steps("Never."))
        proxy = ReverseProxy(self, emulator.port, redirects=True)
        run = self.ask(proxy.url, ANTHROPIC_AWS_API_KEY=API_KEY, CLAUDE_CODE_MAX_RETRIES="0")
        self.assert_api_error(run, 307, "307")
        self.assertEqual(emulator.requests(), [])

    def test_a_http_proxy_is_used_but_not_for_the_hosts_of_no_proxy(self):
        emulator = self.start_emulator(steps("Done."))
        proxy = ReverseProxy(self, emulator.port)
        for used, env in ((True, {"NO_PROXY": None}), (False, {"NO_PROXY": "localhost,127.0.0.1"}), (False, {"NO_PROXY": "other 127.0.0.1"})):
            with self.subTest(env=env):
                proxy.seen.clear()
                self.assert_success(self.ask(emulator.url, HTTP_PROXY=proxy.url, **env), "Done.")
                self.assertEqual([seen["path"].startswith(emulator.url) for seen in proxy.seen], [True] if used else [])

    def test_a_gateway_gets_a_bearer_token_and_the_workspace(self):
        emulator = self.start_emulator(steps("Done."))
        proxy = ReverseProxy(self, emulator.port, "/gateway")
        run = self.ask(proxy.url, CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH="1", ANTHROPIC_AUTH_TOKEN=BEARER)
        self.assert_success(run, "Done.")
        self.assertEqual(emulator.requests()[0]["headers"]["anthropic-workspace-id"], WORKSPACE)


if __name__ == "__main__":
    unittest.main()
