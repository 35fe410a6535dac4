#!/usr/bin/env python3
"""Writes denied.txt: ways to spell commands that the rules of the test deny. Each line runs one of them in bash.

    python3 make_denied.py > denied.txt
"""
import itertools
import json

# program, its arguments
COMMANDS = [("rm", "-rf build"), ("curl", "-s http://127.0.0.1:9/x"), ("git", "push origin main")]


def names(program):
    """The program's name as bash reads it."""
    first, rest = program[0], program[1:]
    yield program
    yield f'"{program}"'
    yield f"'{program}'"
    yield f"{first}'{rest}'"
    yield f'{first}"{rest}"'
    yield f"\\{program}"
    yield first + "".join("\\" + c for c in rest)
    yield "".join(f"'{c}'" for c in program)
    yield f"{first}''{rest}"
    yield f'{first}""{rest}'
    yield "$'" + "".join(f"\\x{ord(c):02x}" for c in program) + "'"
    yield "$'" + "".join(f"\\{ord(c):03o}" for c in program) + "'"
    yield f"$'{program}'"
    yield f"/usr/bin/{program}"
    yield f"/bin/../usr/bin/{program}"
    yield f"{first}\\\n{rest}"
    yield f"${{x:-{program}}}"
    yield f"$(echo {program})"
    yield f"`echo {program}`"


WRAPPERS = [
    "{}", "  {}", "{};", "{} &", "true; {}", "true && {}", "false || {}", "echo hi | {}", "{} | cat", "{} |& cat",
    "! {}", "( {} )", "{{ {}; }}", "if true; then {}; fi", "if {}; then :; fi", "while {}; do break; done",
    "until {}; do break; done", "for i in 1; do {}; done", "case x in x) {};; esac", "f() {{ {}; }}; f",
    "function f {{ {}; }}; f", "echo $({})", "echo `{}`", "echo \"$({})\"", "cat <({})", "x=$({})", "[[ $({}) ]]",
    "echo ${{x:-$({})}}", "echo $(( $({}) + 1 ))", "cat <<E\n$({})\nE", "cat <<< \"$({})\"", "a=1 {}", "A=1 B=2 {}",
    "{} > /dev/null", "> /dev/null {}", "2>&1 {}", "{} < /dev/null", "time {}", "command {}", "builtin command {}",
    "exec {}", "env {}", "env A=1 {}", "env -i PATH=$PATH {}", "env -u A {}", "nohup {}", "nice {}", "nice -n 5 {}",
    "timeout 5 {}", "timeout -k 1 5 {}", "stdbuf -o0 {}", "setsid {}", "ionice -c2 {}", "chrt -o 0 {}", "sudo {}",
    "sudo -u root {}", "sudo -E env A=1 {}", "doas {}", "xargs {} < /dev/null", "echo x | xargs -I@ {}",
    "find . -maxdepth 0 -exec {} \\;", "find . -maxdepth 0 -exec {} +", "watch -n 9 {}", "flock /tmp/x {}",
    "strace -f {}", "busybox {}", "true\n{}", "# a comment\n{}", "true # a comment\n{}", "coproc {}",
    "eval {}", "timeout 5 nice env A=1 nohup {}", "true && {{ ( {} ); }}", "echo a; echo b; echo c; {}",
    "trap {} EXIT", "select i in 1; do {}; break; done < /dev/null", "{}\ntrue",
]
TEXTS = [  # hold the whole command as a text
    "bash -c {}", "sh -c {}", "sh -ec {}", "bash --norc -c {}", "eval {}", "env bash -c {}", "sudo sh -c {}",
    "timeout 5 bash -c {}", "xargs -I@ sh -c {} < /dev/null", "find . -maxdepth 0 -exec sh -c {} \\;",
    "trap {} EXIT", "echo {} | bash", "echo {} | sh", "bash <<< {}", "printf %s {} | bash", "bash <(echo {})",
    "source <(echo {})", ". <(echo {})", "dash -c {}", "bash -lc {}", "su root -c {}", "watch {}",
    "parallel ::: {}", "script -c {}", "nohup sh -c {} &", "python3 -c 'import os; os.system('{}')'",
]


def spellings():
    for program, arguments in COMMANDS:
        for name in names(program):
            yield f"{name} {arguments}"
        for wrapper in WRAPPERS:
            for name in itertools.islice(names(program), 0, 8):
                yield wrapper.format(f"{name} {arguments}")
        for wrapper, name in itertools.product(TEXTS, list(itertools.islice(names(program), 0, 6))):
            command = f"{name} {arguments}"
            if "'" in command:
                command = command.replace("'", "'\\''")
            yield wrapper.format(f"'{command}'")


def main():
    print("# Made by make_denied.py. Under the rules of the test none of these may run, though Bash as a whole is allowed.")
    for command in dict.fromkeys(spellings()):
        print("refuse", json.dumps({"tool": "Bash", "input": {"command": command}}))


main()
