#include "tools/registry.h"

#include "tools/builtin.h"

namespace awl::tools {

std::vector<std::unique_ptr<Tool>> make_builtin_tools() {
  std::vector<std::unique_ptr<Tool>> tools;
  tools.push_back(make_bash_tool());
  tools.push_back(make_read_tool());
  tools.push_back(make_edit_tool());
  tools.push_back(make_write_tool());
  tools.push_back(make_notebook_edit_tool());
  tools.push_back(make_glob_tool());
  tools.push_back(make_grep_tool());
  tools.push_back(make_web_fetch_tool());
  tools.push_back(make_web_search_tool());
  tools.push_back(make_task_create_tool());
  tools.push_back(make_task_get_tool());
  tools.push_back(make_task_update_tool());
  tools.push_back(make_task_list_tool());
  tools.push_back(make_todo_write_tool());
  tools.push_back(make_ask_user_question_tool());
  tools.push_back(make_task_output_tool());
  tools.push_back(make_task_stop_tool());
  return tools;
}

}  // namespace awl::tools
