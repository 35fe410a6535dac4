#include "permission/shell_parse.h"

#include <gtest/gtest.h>

namespace awl::permission {
namespace {

/// "ls -la | rm x": the commands with their words in brackets; `!` marks a word that is not literal.
std::string show(const Script& script) {
  std::string text;
  for (const Command& command : script.commands) {
    if (!text.empty()) text += "; ";
    for (const Assignment& assignment : command.assignments) text += "{" + assignment.value.text + "}";
    for (const Word& word : command.words) text += "<" + word.text + (word.is_literal() ? ">" : "!>");
    for (const Redirection& redirection : command.redirections) {
      static constexpr const char* kMarks[] = {" r:", " w:", " d:", " t:"};
      text += kMarks[static_cast<int>(redirection.kind)] + redirection.target.text;
    }
  }
  return text;
}

struct Case {
  std::string_view command;
  std::string_view expected;
};

TEST(ShellParse, SeesWhatBashSees) {
  const Case cases[] = {
      {"ls -la", "<ls><-la>"},
      {"  ls\t-l  ", "<ls><-l>"},
      {"", ""},
      {"# only a comment", ""},
      {"echo a # rm x\nls", "<echo><a>; <ls>"},
      {"echo a#b", "<echo><a#b>"},
      {"ls;rm x", "<ls>; <rm><x>"},
      {"a && b || c | d |& e & f\ng", "<a>; <b>; <c>; <d>; <e>; <f>; <g>"},
      {"! a | b", "<a>; <b>"},
      {"r\\m x; 'rm' x; r\"m\" x; \"r\"'m' x", "<rm><x>; <rm><x>; <rm><x>; <rm><x>"},
      {"$'\\x72\\155' x", "<rm><x>"},
      {"$'a\\'b'", "<a'b>"},
      {"ls \\\n -la", "<ls><-la>"},
      {"echo \"a\\\"b\\$c\\d\"", "<echo><a\"b$c\\d>"},
      {"echo '' \"\"", "<echo><><>"},
      {"echo $x \"$y\" ${z} ${z:-1} ${#z} ${a[@]} $?",
       "<echo><$x!><$y!><${z}!><${z:-1}!><${#z}!><${a[@]}!><$?!>"},
      {"echo $(rm x) `rm y`", "<rm><x>; <rm><y>; <echo><$(rm x)!><`rm y`!>"},
      {"echo \"a $(rm \"b c\") d\"", "<rm><b c>; <echo><a $(rm \"b c\") d!>"},
      {"echo $((6*7)) $", "<echo><$((6*7))!><$>"},
      {"diff <(a) <(b)", "<a>; <b>; <diff><<(a)!><<(b)!>"},
      {"ls *.ts a? [ab] '*'", "<ls><*.ts!><a?!><[ab]!><*>"},
      {"echo {a,b} {1..3} {} '{a,b}' a{b", "<echo><{a,b}!><{1..3}!><{}><{a,b}><a{b>"},
      {"echo ~ ~/x ~root '~' a~", "<echo><~><~/x><~root!><~><a~>"},
      {"A=1 B='x y' make C=2", "{A=1}{B=x y}<make><C=2>"},
      {"A=1", "{A=1}"},
      {"a > b 2>&1 < c >> d", "<a> w:b d:1 r:c w:d"},
      {"a &> b; a >| c; a 2>/dev/null", "<a> w:b; <a> w:c; <a> w:/dev/null"},
      {"a <<< 'x y'", "<a> t:x y"},
      {"(a; b)", "<a>; <b>"},
      {"{ a; b; } > c", "<a>; <b>;  w:c"},
      {"if a; then b; elif c; then d; else e; fi", "<a>; <b>; <c>; <d>; <e>"},
      {"while a; do b; done < f", "<a>; <b>;  r:f"},
      {"until a\ndo\nb\ndone", "<a>; <b>"},
      {"for i in 1 $(a); do b $i; done", "<a>; <b><$i!>"},
      {"case $x in a|b) c;; (d) e;; *) f; esac", "<c>; <e>; <f>"},
      {"f() { rm x; }; f", "<rm><x>; <f>"},
      {"function f { rm x; }", "<rm><x>"},
      {"[ -f a ] && [[ -n $b ]]", "<[><-f><a><]>; <[[><-n><$b!><]]>"},
      {"time ls", "<time><ls>"},
      {"export A=1; unset B", "<export><A=1>; <unset><B>"},
      {"cat <<EOF\nrm $(a)\nEOF\nb", "<a>; <cat> t:EOF; <b>"},
      {"cat <<'EOF' | c\nrm $(a)\nEOF\nb", "<cat> t:EOF; <c>; <b>"},
      {"cat <<-E\n\tx\n\tE", "<cat> t:E"},
      {"a &\nb", "<a>; <b>"},
      {"curl https://x/?a=b", "<curl><https://x/?a=b!>"},
      {"find . -name \\*.o -exec rm {} \\;", "<find><.><-name><*.o><-exec><rm><{}><;>"},
  };
  for (const Case& test : cases) {
    const Script script = parse_shell(test.command);
    EXPECT_TRUE(script.understood) << test.command << ": " << script.problem;
    EXPECT_EQ(show(script), test.expected) << test.command;
  }
}

TEST(ShellParse, RefusesWhatItCannotBeSureOf) {
  const std::string_view cases[] = {
      "echo 'a",
      "echo \"a",
      "echo `a",
      "echo $(a",
      "echo ${a",
      "(a",
      "a)",
      "{ a;",
      "if a; then b",
      "for x in a; b",
      "case x in a) b",
      "a && ",
      "a | | b",
      "; a",
      "a ;; b",
      "a >",
      "cat <<EOF\nx",
      "cat <<EOF",
      "a \\",
      "\\ foo",
      "a\rb",
      "coproc a",
      "select x in a; do b; done",
      "((a))",
      "for ((;;)); do a; done",
      "echo $((a[$(rm x)]))",
      "echo $[1+1]",
      "echo $((x+1))",
      "echo ${x@P}",
      "echo ${!x}",
      "echo ${x:=y}",
      "echo ${a[$(b)]}",
      "echo ${x:-$(b)}",
      "echo ${x:y}",
      "a=(1 2)",
      "a[0]=1",
      "declare -a x=(1)",
      "exec {fd}>x",
      "time { a; }",
      "then a",
      "echo `a \\`b\\``",
      "[ a =\nrm ]",
      "f() rm x",
      "a $'\\q'",
      "a \xc2\xa0"
      "b\vc",
      "a ,<(b) c",
      "time A=b c",
      "if a; fi; then",
  };
  for (const std::string_view command : cases) EXPECT_FALSE(parse_shell(command).understood) << command;
  EXPECT_FALSE(parse_shell(std::string_view("a\0b", 3)).understood);
  EXPECT_FALSE(parse_shell(std::string(100, '(') + "a" + std::string(100, ')')).understood);
  EXPECT_FALSE(parse_shell("ls " + std::string(kMaxUnderstoodBytes, 'x')).understood);
}

TEST(ShellParse, TakesLongCommandsApart) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "ls && ";
  const Script script = parse_shell(text + "rm x");
  EXPECT_FALSE(script.understood);
  ASSERT_EQ(script.commands.size(), 10'001u);
  EXPECT_EQ(script.commands.back().words[0].text, "rm");
}

}  // namespace
}  // namespace awl::permission
