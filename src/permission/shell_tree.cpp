#include "permission/shell_tree.h"

#include <tree_sitter/api.h>

#include <algorithm>
#include <memory>

extern "C" const TSLanguage* tree_sitter_bash();

namespace awl::permission {
namespace {

constexpr uint64_t kTimeoutMicros = 50'000;

bool is_builtin_node(std::string_view type) {
  return type == "declaration_command" || type == "unset_command" || type == "test_command";
}

/// Notes one node; false when it is an error.
bool note(const TSTreeCursor* cursor, ShellOutline& outline) {
  const TSNode node = ts_tree_cursor_current_node(cursor);
  if (ts_node_is_missing(node)) return false;
  const std::string_view type = ts_node_type(node);
  const char* field = ts_tree_cursor_current_field_name(cursor);
  const size_t begin = ts_node_start_byte(node);
  if (type == "command_name" || (field != nullptr && std::string_view(field) == "argument")) {
    outline.words.push_back(begin);
  } else if (is_builtin_node(type)) {
    outline.builtins.push_back(begin);
  }
  return true;
}

}  // namespace

std::optional<ShellOutline> outline_shell(std::string_view text) {
  const std::unique_ptr<TSParser, decltype(&ts_parser_delete)> parser(ts_parser_new(), ts_parser_delete);
  if (!ts_parser_set_language(parser.get(), tree_sitter_bash())) return std::nullopt;
  ts_parser_set_timeout_micros(parser.get(), kTimeoutMicros);
  const std::unique_ptr<TSTree, decltype(&ts_tree_delete)> tree(
      ts_parser_parse_string(parser.get(), nullptr, text.data(), static_cast<uint32_t>(text.size())),
      ts_tree_delete);
  if (tree == nullptr) return std::nullopt;
  const TSNode root = ts_tree_root_node(tree.get());
  if (ts_node_has_error(root)) return std::nullopt;

  ShellOutline outline;
  TSTreeCursor cursor = ts_tree_cursor_new(root);
  bool sound = true;
  for (bool going = true; going && sound;) {
    sound = note(&cursor, outline);
    if (ts_tree_cursor_goto_first_child(&cursor)) continue;
    while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
      going = ts_tree_cursor_goto_parent(&cursor);
      if (!going) break;
    }
  }
  ts_tree_cursor_delete(&cursor);
  if (!sound) return std::nullopt;
  std::ranges::sort(outline.words);
  std::ranges::sort(outline.builtins);
  return outline;
}

}  // namespace awl::permission
