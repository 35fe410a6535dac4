"""Plants one violation at a time in a small tree that is in order, and sees that layering.py names it."""

import json
import os
import pathlib
import tempfile
import unittest
import unittest.mock

import layering

ORDERLY = {
    "CMakeLists.txt": "foreach(library base json\n        net)\nendforeach()\n",
    "src/base/CMakeLists.txt": "awl_library(base\n  DEPS\n  SOURCES text.cpp)\n",
    "src/base/text.h": "#pragma once\n#include <string>\n",
    "src/base/text.cpp": '#include "base/text.h"\n',
    "src/json/CMakeLists.txt": "awl_library(json\n  DEPS base  # the lowest\n  SOURCES json.cpp)\n",
    "src/json/json.h": "#pragma once\n#include <nlohmann/json_fwd.hpp>\n",
    "src/json/value.h": "#pragma once\n#include <nlohmann/json.hpp>\n#include \"json/json.h\"\n",
    "src/json/json.cpp": '#include "json/value.h"\n#include <nlohmann/json.hpp>\n#include "base/text.h"\n',
    "src/net/CMakeLists.txt": "awl_library(net\n  DEPS base\n  SOURCES http.cpp\n  TESTS http_test.cpp\n  TEST_DEPS json)\n",
    "src/net/http.h": '#pragma once\n#include "base/text.h"\n',
    "src/net/http.cpp": '#include "net/http.h"\n#include <boost/beast/http.hpp>\n'
                        '// getenv is for apps\nconst char* kText = "environ"; int many = 10\'000; int more = 1\'0;\n',
    "src/net/http_test.cpp": '#include "net/http.h"\n#include "json/json.h"\n',
    "apps/cli/main.cpp": '#include <cstdlib>\n#include "cli/arguments.h"\n#include "net/http.h"\nint main() { return getenv("HOME") ? 0 : 1; }\n',
    "apps/cli/arguments.h": "#pragma once\n",
    "include/awl/agent.h": '#pragma once\n#include <string>\n#include "awl/events.h"\n',
    "include/awl/events.h": "#pragma once\n",
    "ARCHITECTURE.md": "`src/net`, `net/http.h`, `http.cpp`, `src/*/json.h`, `awl -p`, `~/.aws/config`, `text/plain`, `.md`\n",
}


class Planted(unittest.TestCase):
    def found(self, changes, compiled=True):
        """The violations of the orderly tree with `changes` laid over it; None removes a file."""
        files = {**ORDERLY, **changes}
        with tempfile.TemporaryDirectory(prefix="awl-layering-") as folder:
            root = pathlib.Path(folder)
            for name, text in files.items():
                if text is not None:
                    (root / name).parent.mkdir(parents=True, exist_ok=True)
                    (root / name).write_text(text, encoding="utf-8")
            sources = {os.path.realpath(root / n) for n in ORDERLY if n.endswith(".cpp")} if compiled else None
            return layering.violations(layering.Tree(root, sources))

    def assert_found(self, changes, *expected):
        found = self.found(changes)
        self.assertEqual(len(found), len(expected), found)
        for text, part in zip(found, expected):
            self.assertIn(part, text)

    def test_an_orderly_tree_has_none(self):
        self.assertEqual(self.found({}), [])
        self.assertEqual(self.found({}, compiled=False), [])

    def test_an_include_that_is_not_declared(self):
        self.assert_found({"src/net/http.cpp": '#include "net/http.h"\n#include "json/json.h"\n'},
                          'src/net/http.cpp:2: "json/json.h": json is not among the DEPS')

    def test_test_deps_are_for_tests_alone(self):
        self.assert_found({"src/net/http.h": '#pragma once\n#include "json/json.h"\n'}, "src/net/http.h:2")

    def test_angle_brackets_do_not_hide_an_edge(self):
        self.assert_found({"src/net/http.cpp": '#include "net/http.h"\n#  include <json/json.h>\n'}, "src/net/http.cpp:2")

    def test_an_include_without_its_folder(self):
        self.assert_found({"src/net/http.cpp": '#include "http.h"\n'}, 'as in "net/http.h"')

    def test_a_cycle(self):
        cycle = {
            "src/base/CMakeLists.txt": "awl_library(base DEPS json SOURCES text.cpp)\n",
        }
        self.assert_found(cycle, "cycle of DEPS: base -> json -> base", "json must stand before base")

    def test_a_library_that_does_not_exist(self):
        self.assert_found({"src/base/CMakeLists.txt": "awl_library(base DEPS bsae SOURCES text.cpp)\n"},
                          "there is no library bsae")

    def test_a_library_missing_in_the_order(self):
        self.assert_found({"CMakeLists.txt": "foreach(library base json)\n"}, "net is missing in the list")

    def test_a_folder_without_a_library(self):
        self.assert_found({"src/os/file.cpp": "\n"}, "src/os/CMakeLists.txt: there is no awl_library(os",
                          "src/os/file.cpp: it is not part of the build")

    def test_a_library_named_otherwise(self):
        self.assert_found({"src/base/CMakeLists.txt": "awl_library(basis DEPS SOURCES text.cpp)\n"}, "called basis")

    def test_a_source_outside_the_folders(self):
        self.assert_found({"src/loose.h": "#pragma once\n", "src/net/http.h": '#pragma once\n#include "../loose.h"\n'},
                          "src/loose.h: a source outside", "src/net/http.h:2", "src/loose.h: no file includes it")

    def test_a_hidden_name_in_two_files(self):
        hidden = "namespace awl::net {\nnamespace {\n\nconstexpr int kMost = 1;\n\n}  // namespace\n}\n"
        self.assert_found({"src/net/http.cpp": hidden, "src/net/more.cpp": hidden}, "src/net/more.cpp: it is not part", "src/net/more.cpp: kMost is a name")

    def test_heavy_headers(self):
        self.assert_found({"src/json/json.h": "#pragma once\n#include <nlohmann/json.hpp>\n"}, "src/json/json.h:2")
        self.assert_found({"src/net/http.h": "#pragma once\n#include <boost/beast/http.hpp>\n"}, "src/net/http.h:2")

    def test_beast_in_a_header_of_one_source(self):
        private = {"src/net/parser.h": "#pragma once\n#include <boost/beast/http.hpp>\n",
                   "src/net/http.cpp": '#include "net/parser.h"\n'}
        self.assertEqual(self.found(private), [])
        self.assert_found({**private, "src/net/http.h": '#pragma once\n#include "net/parser.h"\n'}, "src/net/parser.h:2")
        self.assert_found({**private, "apps/cli/main.cpp": '#include "cli/arguments.h"\n#include "net/parser.h"\n'},
                          "src/net/parser.h:2")

    def test_a_header_without_a_guard(self):
        self.assert_found({"src/base/text.h": "\n"}, "no #pragma once")

    def test_a_public_header_with_a_third_party_one(self):
        self.assert_found({"include/awl/agent.h": "#pragma once\n#include <fmt/format.h>\n"}, "include/awl/agent.h:2")
        self.assert_found({"include/awl/agent.h": '#pragma once\n#include "base/text.h"\n'}, "include/awl/agent.h:2")

    def test_the_environment(self):
        text = '#include "net/http.h"\nauto a = R"(\ngetenv\n)"; /* environ\n */ auto b = std::getenv("HOME");\n'
        self.assert_found({"src/net/http.cpp": text}, "src/net/http.cpp:5: getenv")
        self.assert_found({"src/net/http.cpp": '#include "net/http.h"\nextern char** environ;\n'}, "http.cpp:2: environ")
        test = '#include "net/http.h"\nauto a = std::getenv("HOME");\n'
        self.assertEqual(self.found({"src/net/http_test.cpp": test}), [], "a test is a main program of its own")

    def test_orphans(self):
        self.assert_found({"src/base/left.h": "#pragma once\n"}, "src/base/left.h: no file includes it")
        self.assert_found({"src/base/left.cpp": "\n"}, "src/base/left.cpp: it is not part of the build")
        self.assert_found({"apps/cli/left.cpp": "\n"}, "apps/cli/left.cpp: it is not part of the build")

    def test_what_a_unity_build_compiles(self):
        with tempfile.TemporaryDirectory(prefix="awl-layering-") as name:
            folder = pathlib.Path(os.path.realpath(name))
            (folder / "Unity").mkdir()
            (folder / "Unity" / "unity_0_cxx.cxx").write_text(f'#include "{folder}/a.cpp"\n', encoding="utf-8")
            commands = [{"directory": str(folder), "file": "b.cpp"}, {"directory": str(folder), "file": "Unity/unity_0_cxx.cxx"}]
            (folder / "commands.json").write_text(json.dumps(commands), encoding="utf-8")
            compiled = layering.compiled_files(folder / "commands.json")
        self.assertLessEqual({f"{folder}/a.cpp", f"{folder}/b.cpp"}, compiled)

    def test_long_files(self):
        self.assert_found({"src/base/text.cpp": "\n" * 401}, "src/base/text.cpp: 401 lines")
        with unittest.mock.patch.dict(layering.LONG_FILES, {"src/base/text.cpp": "a table"}):
            self.assertEqual(self.found({"src/base/text.cpp": "\n" * 401}), [])
            self.assert_found({}, "without need")

    def test_names_in_the_architecture(self):
        for name in ("src/nett", "net/htp.h", "htp.cpp", "apps/tui", "src/*/none.h"):
            self.assert_found({"ARCHITECTURE.md": f"\nsee `{name}`\n"}, f"ARCHITECTURE.md:2: there is no {name}")


if __name__ == "__main__":
    unittest.main()
