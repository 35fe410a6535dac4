#include "permission/read_only_commands.h"

#include <algorithm>
#include <array>

namespace awl::permission {
namespace {

using enum Operands;

// Flags with a path as their value are left out where the table names flags; elsewhere each word that looks
// like a path is checked as one.
constexpr ReadOnlyProgram kPrograms[] = {
    {":", kText, true},
    {"[", kText, true},
    {"[[", kText, true},
    {"arch", kNone, true},
    {"awk"},
    {"b2sum", kPaths, true},
    {"base64", kPaths, true},
    {"basename", kText, true},
    {"break", kText, true},
    {"cal", kText},
    {"cat", kPaths, true},
    {"cd", kPaths, false, "LP"},
    {"cksum", kPaths, true},
    {"cmp", kPaths, true},
    {"column", kPaths, true},
    {"comm", kPaths, true},
    {"command", kText},
    {"continue", kText, true},
    {"cut", kPaths, true},
    {"date", kFormat, false, "uR", "dI", "utc universal date= iso-8601 iso-8601= rfc-3339= rfc-email "},
    {"df", kPaths, true},
    {"diff", kPaths, false, "abBcdeEinNpqrstTuvwy", "UCWxI",
     "brief report-identical-files recursive unified unified= context context= side-by-side width= "
     "ignore-case "
     "ignore-all-space ignore-space-change ignore-blank-lines color color= new-file text minimal stat "
     "exclude= "
     "ignore-matching-lines= suppress-common-lines no-dereference strip-trailing-cr "},
    {"dirname", kText, true},
    {"docker", kText},
    {"du", kPaths, true},
    {"echo", kText, true},
    {"egrep", kPattern, true},
    {"exit", kText, true},
    {"expand", kPaths, true},
    {"expr", kText, true},
    {"false", kText, true},
    {"fgrep", kPattern, true},
    {"file", kPaths, false, "biLhkNnprs0", "",
     "brief mime mime-type mime-encoding dereference no-dereference keep-going "},
    {"find"},
    {"fmt", kPaths, true},
    {"fold", kPaths, true},
    {"free", kNone, true},
    {"gawk"},
    {"getconf", kText, true},
    {"git"},
    {"grep", kPattern, true},
    {"groups", kText, true},
    {"head", kPaths, true},
    {"hexdump", kPaths, true},
    {"hostname", kNone, false, "fsiId"},
    {"id", kText, true},
    {"join", kPaths, true},
    {"jq", kPattern, false, "rcensSajMC", "",
     "raw-output compact-output exit-status null-input slurp sort-keys raw-input "
     "ascii-output join-output monochrome-output color-output tab seq stream "},
    {"locale", kNone},
    {"ls", kPaths, true},
    {"lsblk", kNone},
    {"lscpu", kNone},
    {"md5sum", kPaths, true},
    {"nl", kPaths, true},
    {"nproc", kNone, true},
    {"numfmt", kText, true},
    {"od", kPaths, true},
    {"paste", kPaths, true},
    {"printf", kText, true},
    {"ps", kProcesses, false, "AaefFlMNTwHjLy", "opuCG",
     "forest sort= no-headers headers pid= ppid= user= format= "},
    {"pwd", kNone, true},
    {"readlink", kPaths, true},
    {"realpath", kPaths, true},
    {"rev", kPaths, true},
    {"rg", kPattern, false, "abcFhHiIlnNopPqsSuUvVwx0", "ABCdeEgjmMrtT",
     "after-context= before-context= context= count count-matches color= column crlf encoding= engine= "
     "files files-with-matches files-without-match fixed-strings glob= glob-case-insensitive heading "
     "hidden iglob= "
     "ignore-case invert-match json line-number line-regexp max-columns= max-count= max-depth= max-filesize= "
     "multiline "
     "multiline-dotall no-config no-filename no-heading no-ignore no-ignore-vcs no-line-number no-messages "
     "null null-data "
     "one-file-system only-matching passthru pcre2 pretty quiet regexp= replace= smart-case sort= sortr= "
     "stats text "
     "threads= trim type= type-list type-not= unrestricted vimgrep with-filename word-regexp "},
    {"seq", kText, true},
    {"sed", kPattern},
    {"sha1sum", kPaths, true},
    {"sha224sum", kPaths, true},
    {"sha256sum", kPaths, true},
    {"sha384sum", kPaths, true},
    {"sha512sum", kPaths, true},
    {"sleep", kText, true},
    {"sort", kPaths, false, "bdfgiMhnRrVcCmsuz", "ktS",
     "ignore-leading-blanks dictionary-order ignore-case general-numeric-sort month-sort human-numeric-sort "
     "numeric-sort "
     "random-sort reverse version-sort check check= merge stable unique zero-terminated key= "
     "field-separator= buffer-size= "
     "parallel= "},
    {"stat", kPaths, true},
    {"strings", kPaths, true},
    {"sum", kPaths, true},
    {"tac", kPaths, true},
    {"tail", kPaths, true},
    {"test", kText, true},
    {"tr", kText, true},
    {"tree", kPaths, false, "adfxpsuhgDFQNqisrtvcUCnSJX", "LPI",
     "noreport dirsfirst prune gitignore filelimit= sort= du inodes si timefmt= matchdirs ignore-case "
     "fromfile "},
    {"true", kText, true},
    {"tsort", kPaths, true},
    {"tty", kNone},
    {"type", kText, true},
    {"uname", kNone, true},
    {"unexpand", kPaths, true},
    {"uniq", kOnePath, false, "cdDiuz", "fsw",
     "count repeated unique ignore-case zero-terminated skip-fields= skip-chars= check-chars= "
     "all-repeated= "},
    {"uptime", kNone, true},
    {"wc", kPaths, true},
    {"which", kText, true},
    {"whoami", kNone, true},
    {"xxd", kOnePath, false, "aAbeEipu", "clsgo"},
};

constexpr std::array<std::string_view, 26> kGitReaders = {
    "status",      "log",          "show",          "diff",     "blame",       "annotate",   "rev-parse",
    "ls-files",    "ls-tree",      "describe",      "shortlog", "cat-file",    "merge-base", "rev-list",
    "name-rev",    "show-ref",     "show-branch",   "grep",     "diff-tree",   "diff-index", "diff-files",
    "whatchanged", "for-each-ref", "count-objects", "cherry",   "check-ignore"};

// -L and -follow lead out of the work folders; -exec and its like, -delete, -fprint*, -fls and -files0-from
// are missing on purpose.
struct FindTest {
  std::string_view name;
  int values;
};
constexpr FindTest kFindTests[] = {
    {"!", 0},          {"(", 0},         {")", 0},       {"-H", 0},        {"-P", 0},          {"-a", 0},
    {"-amin", 1},      {"-and", 0},      {"-anewer", 1}, {"-atime", 1},    {"-cmin", 1},       {"-cnewer", 1},
    {"-ctime", 1},     {"-daystart", 0}, {"-depth", 0},  {"-empty", 0},    {"-executable", 0}, {"-false", 0},
    {"-group", 1},     {"-ilname", 1},   {"-iname", 1},  {"-inum", 1},     {"-ipath", 1},      {"-iregex", 1},
    {"-links", 1},     {"-lname", 1},    {"-ls", 0},     {"-maxdepth", 1}, {"-mindepth", 1},   {"-mmin", 1},
    {"-mount", 0},     {"-mtime", 1},    {"-name", 1},   {"-newer", 1},    {"-nogroup", 0},    {"-not", 0},
    {"-nouser", 0},    {"-o", 0},        {"-or", 0},     {"-path", 1},     {"-perm", 1},       {"-print", 0},
    {"-print0", 0},    {"-printf", 1},   {"-prune", 0},  {"-quit", 0},     {"-readable", 0},   {"-regex", 1},
    {"-regextype", 1}, {"-samefile", 1}, {"-size", 1},   {"-true", 0},     {"-type", 1},       {"-user", 1},
    {"-wholename", 1}, {"-writable", 0}, {"-xdev", 0},   {"-xtype", 1},
};

/// True when `flag` is `full`, or an abbreviation of it, with or without a value.
bool is_or_abbreviates(std::string_view flag, std::string_view full) {
  flag = flag.substr(0, flag.find('='));
  return flag.size() > 2 && full.starts_with(flag);
}

}  // namespace

const ReadOnlyProgram* find_read_only_program(std::string_view name) {
  const auto* found = std::ranges::find(kPrograms, name, &ReadOnlyProgram::name);
  return found == std::end(kPrograms) ? nullptr : found;
}

bool is_git_reader(std::string_view subcommand) {
  return std::ranges::find(kGitReaders, subcommand) != kGitReaders.end();
}

bool is_git_flag_dangerous(std::string_view subcommand, std::string_view flag) {
  for (const std::string_view full :
       {"--output", "--ext-diff", "--textconv", "--filters", "--exec-path", "--no-index",
        "--open-files-in-pager", "--contents", "--exclude-from", "--upload-pack", "--submodule"}) {
    if (is_or_abbreviates(flag, full)) return true;
  }
  // A group of short flags of `git grep` may hold O, the pager to run.
  return subcommand == "grep" && flag.size() > 1 && flag[1] != '-' && flag.contains('O');
}

int find_test_values(std::string_view test) {
  if (test.starts_with("-newer") && test.size() == 8) return 1;
  const auto* found = std::ranges::find(kFindTests, test, &FindTest::name);
  return found == std::end(kFindTests) ? -1 : found->values;
}

}  // namespace awl::permission
