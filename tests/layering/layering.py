"""Checks the shape of the source tree: who includes whom, what stays out of headers, and that nothing lies about.

Usage: layering.py ROOT [--compile-commands FILE]

Prints one line per violation and exits with 1 when there is one. The allowed edges are the DEPS of each library's
CMakeLists.txt; they are written there and nowhere else. Each check is a function from a Tree to violations.
"""

import argparse
import fnmatch
import functools
import json
import os
import pathlib
import re
import sys

MAX_LINES = 400

# Files that may be longer, with the reason. An entry that is not needed any more is a violation too.
LONG_FILES = {}

# The one header with the complete JSON type, for headers whose structs hold a Value.
JSON_VALUE_HEADER = "src/json/value.h"

SOURCE_SUFFIXES = (".h", ".cpp")
# What include/awl may include besides itself: the C++ standard library, whose headers have neither dot nor slash.
STANDARD_HEADER = re.compile(r"[a-z0-9_]+")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)
ENVIRONMENT_ACCESS = re.compile(r"\b(?:secure_getenv|getenv|setenv|unsetenv|putenv|clearenv|environ)\b")
# Comments and literals, so that a word in a text is not taken for code. Quotes after a digit separate thousands.
NOT_CODE = re.compile(
    r'R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\''
    r"|//[^\n]*|/\*.*?\*/",
    re.DOTALL,
)


class Tree:
    """A checkout, read once. Paths are relative to its root, with forward slashes."""

    def __init__(self, root, compiled=None):
        self.root = pathlib.Path(root)
        self.compiled = compiled  # absolute real paths of what the build compiles; None: not known

    @functools.lru_cache(maxsize=None)
    def text(self, path):
        return (self.root / path).read_text(encoding="utf-8")

    @functools.lru_cache(maxsize=None)
    def files(self, folder, suffixes=SOURCE_SUFFIXES):
        found = [p for p in (self.root / folder).rglob("*") if p.suffix in suffixes and p.is_file()]
        return sorted(p.relative_to(self.root).as_posix() for p in found)

    def includes(self, path):
        """(line number, "<" or '"', name) of each include."""
        text = self.text(path)
        return [(text.count("\n", 0, m.start()) + 1, m[1], m[2]) for m in INCLUDE.finditer(text)]

    @functools.cached_property
    def libraries(self):
        """name -> {"DEPS": [...], "TEST_DEPS": [...]} of each src/*/CMakeLists.txt with an awl_library."""
        result = {}
        for path in sorted(self.root.glob("src/*/CMakeLists.txt")):
            text = re.sub(r"#[^\n]*", "", path.read_text(encoding="utf-8"))
            call = re.search(r"awl_library\(([^)]*)\)", text)
            if call:
                words = call[1].split()
                result[path.parent.name] = {"name": words[0], **cmake_lists(words[1:])}
        return result


def cmake_lists(words):
    lists = {"DEPS": [], "LINK": [], "SOURCES": [], "TESTS": [], "TEST_DEPS": []}
    current = None
    for word in words:
        if word in lists:
            current = lists[word]
        elif current is not None:
            current.append(word)
    return lists


def check_libraries(tree):
    """Each folder of src is one library with its own name."""
    folders = sorted({path.split("/")[1] for path in tree.files("src") if path.count("/") >= 2})
    for folder in folders:
        library = tree.libraries.get(folder)
        if library is None:
            yield f"src/{folder}/CMakeLists.txt: there is no awl_library({folder} …), but the folder has sources"
        elif library["name"] != folder:
            yield f"src/{folder}/CMakeLists.txt: the library is called {library['name']}, not as its folder"
    for path in tree.files("src"):
        if path.count("/") == 1:
            yield f"{path}: a source outside the library folders"


def check_edges(tree):
    """Includes of src go to the own library or to a declared one."""
    for path in tree.files("src"):
        own = path.split("/")[1]
        library = tree.libraries.get(own)
        if library is None:
            continue  # check_libraries says it
        allowed = {own, *library["DEPS"]}
        if path.endswith("_test.cpp"):
            allowed |= set(library["TEST_DEPS"])
        for line, mark, name in tree.includes(path):
            first = name.split("/")[0]
            if mark == "<" and ("/" not in name or first not in tree.libraries) or first == "awl":
                continue
            if "/" not in name:
                yield f'{path}:{line}: "{name}": includes are written from src, as in "{own}/{name}"'
            elif first not in allowed:
                yield f'{path}:{line}: "{name}": {first} is not among the DEPS of src/{own}/CMakeLists.txt'


def check_graph(tree):
    """DEPS name libraries that exist, and have no cycle."""
    edges = {name: library["DEPS"] for name, library in tree.libraries.items()}
    for name, deps in edges.items():
        for dep in deps:
            if dep not in edges:
                yield f"src/{name}/CMakeLists.txt: there is no library {dep} (DEPS)"
    done = set()

    def visit(name, trail):
        if name in trail:
            yield "cycle of DEPS: " + " -> ".join([*trail[trail.index(name):], name])
        elif name not in done:
            for dep in edges.get(name, []):
                yield from visit(dep, [*trail, name])
            done.add(name)

    for name in edges:
        yield from visit(name, [])


def check_order(tree):
    """The list of libraries in the top CMakeLists.txt names all of them, lowest first."""
    text = tree.text("CMakeLists.txt") if (tree.root / "CMakeLists.txt").exists() else ""
    listed = re.search(r"foreach\(library\s+([^)]*)\)", text)
    order = listed[1].split() if listed else []
    for name, library in tree.libraries.items():
        if name not in order:
            yield f"CMakeLists.txt: {name} is missing in the list of libraries"
            continue
        for dep in library["DEPS"]:
            if dep in order and order.index(dep) > order.index(name):
                yield f"CMakeLists.txt: {dep} must stand before {name}, which uses it"


def check_headers(tree):
    """Heavy headers stay in sources, and the public ones include nothing but themselves and the standard library.

    Beast may be in a header that only sources of its own library include: a class split over two files.
    """
    headers = [*tree.files("src", (".h",)), *tree.files("apps", (".h",))]
    shared = {name for path in headers for _, _, name in tree.includes(path)}
    for path in tree.files("src", (".h",)):
        own = "/".join(path.split("/")[:2]) + "/"
        name_in_src = path.removeprefix("src/")
        abroad = [p for p in tree.files("src") if not p.startswith(own)] + tree.files("apps")
        private = name_in_src not in shared and all(name_in_src != n for p in abroad for _, _, n in tree.includes(p))
        for line, _, name in tree.includes(path):
            if name == "nlohmann/json.hpp" and path != JSON_VALUE_HEADER:
                yield f"{path}:{line}: <{name}> in a header: json/json.h does, or json/value.h where a struct holds a Value"
            elif name.startswith("boost/beast") and not private:
                yield f"{path}:{line}: <{name}> in a header that others include: Beast stays inside its library"
        if "#pragma once" not in tree.text(path):
            yield f"{path}: no #pragma once"
    for path in tree.files("include"):
        for line, _, name in tree.includes(path):
            if not name.startswith("awl/") and not STANDARD_HEADER.fullmatch(name):
                yield f"{path}:{line}: {name}: public headers include only awl/… and the standard library"


def check_environment(tree):
    """Only main programs, apps/* and tests, touch the environment; everything else is handed an awl::Environment."""
    for path in [*tree.files("src"), *tree.files("include")]:
        if path.endswith("_test.cpp"):
            continue
        # Line breaks are kept, so that the line numbers stay right.
        code = NOT_CODE.sub(lambda m: '""' + "\n" * m[0].count("\n"), tree.text(path))
        for number, line in enumerate(code.splitlines(), 1):
            match = ENVIRONMENT_ACCESS.search(line)
            if match and not line.lstrip().startswith("#"):
                yield f"{path}:{number}: {match[0]}: only apps/* read the environment; take an awl::Environment"


def check_orphans(tree):
    """Every source is compiled, every header of src and apps included by somebody."""
    everything = [p for folder in ("src", "apps", "include", "tests") for p in tree.files(folder)]
    included = {name for path in everything for _, _, name in tree.includes(path)}
    for path in [*tree.files("src"), *tree.files("apps")]:
        if path.endswith(".h"):
            names = {path, path.removeprefix("src/"), path.removeprefix("apps/"), path.split("/")[-1]}
            if not names & included:
                yield f"{path}: no file includes it"
        elif tree.compiled is not None and os.path.realpath(tree.root / path) not in tree.compiled:
            yield f"{path}: it is not part of the build; name it in a CMakeLists.txt or remove it"


def check_sizes(tree):
    """Files are short, but for those with a reason."""
    lengths = {p: len(tree.text(p).splitlines())
               for folder in ("src", "apps", "include", "tests") for p in tree.files(folder, (".h", ".cpp", ".py"))}
    for path, lines in lengths.items():
        if lines > MAX_LINES and path not in LONG_FILES:
            yield f"{path}: {lines} lines, more than {MAX_LINES}: look for the second thing that hides in it"
    for path in LONG_FILES:
        if lengths.get(path, 0) <= MAX_LINES:
            yield f"{path}: listed in LONG_FILES without need"


HIDDEN = re.compile(r"^namespace \{\n(.*?)^\}  // namespace$", re.MULTILINE | re.DOTALL)
HIDDEN_VALUE = re.compile(r"^(?:constexpr|const|static|inline) [^=(\n]*?\b(k[A-Z]\w*)\b", re.MULTILINE)
HIDDEN_TYPE = re.compile(r"^(?:class|struct|enum class) (\w+)", re.MULTILINE)


def check_unity(tree):
    """A library may be compiled as few large sources: what its files hide from each other has names of its own."""
    seen = {}
    for path in tree.files("src", (".cpp",)):
        if path.endswith("_test.cpp"):
            continue
        for hidden in HIDDEN.finditer(tree.text(path)):
            names = HIDDEN_VALUE.findall(hidden[1]) + HIDDEN_TYPE.findall(hidden[1])
            for name in names:
                other = seen.setdefault((os.path.dirname(path), name), path)
                if other != path:
                    yield f"{path}: {name} is a name in {other} too, and a unity build takes them for one"


def check_architecture(tree):
    """Names of files and folders in ARCHITECTURE.md exist. A name without a slash may lie anywhere."""
    page = "ARCHITECTURE.md"
    if not (tree.root / page).exists():
        return
    roots = {p.name for p in tree.root.iterdir()}
    libraries = {p.name for p in (tree.root / "src").iterdir()}
    names = [p for folder in ("src", "apps", "include", "tests", "cmake", "scripts", "docs")
             for p in tree.files(folder, (".h", ".cpp", ".md", ".txt", ".cmake", ".py"))]
    for number, line in enumerate(tree.text(page).splitlines(), 1):
        for quoted in re.findall(r"`([\w.*/+-]+)`", line):
            first = quoted.split("/")[0]
            if "/" in quoted and first in roots | {"apps", "include", "tests"}:
                patterns = [quoted]
            elif "/" in quoted and first in libraries | set(tree.libraries):
                patterns = [f"src/{quoted}"]
            elif re.fullmatch(r"[\w*-]+\.(h|cpp|md|cmake)", quoted):
                patterns = [quoted, f"*/{quoted}"]
            else:
                continue
            patterns = [p.rstrip("/") for p in patterns]
            if any((tree.root / p).exists() for p in patterns):
                continue
            if not any(fnmatch.filter(names, p) for p in patterns):
                yield f"{page}:{number}: there is no {quoted}"


CHECKS = (check_libraries, check_edges, check_graph, check_order, check_headers, check_environment, check_orphans,
          check_sizes, check_unity, check_architecture)


def violations(tree):
    return [text for check in CHECKS for text in check(tree)]


def compiled_files(path):
    """What the build compiles, by itself or as an include of a unity source."""
    with open(path, encoding="utf-8") as file:
        files = {os.path.realpath(os.path.join(c["directory"], c["file"])) for c in json.load(file)}
    for unity in [f for f in files if os.path.basename(os.path.dirname(f)) == "Unity"]:
        text = pathlib.Path(unity).read_text(encoding="utf-8")
        files |= {os.path.realpath(m[2]) for m in INCLUDE.finditer(text)}
    return files


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("root")
    parser.add_argument("--compile-commands", help="compile_commands.json of a build with tests")
    options = parser.parse_args()
    compiled = compiled_files(options.compile_commands) if options.compile_commands else None
    found = violations(Tree(options.root, compiled))
    for text in found:
        print(text)
    print(f"{len(found)} violations" if found else "the tree is in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
