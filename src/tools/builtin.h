// One factory for each built-in tool.
#pragma once

#include <memory>

#include "tools/tool.h"

namespace awl::tools {

std::unique_ptr<Tool> make_ask_user_question_tool();
std::unique_ptr<Tool> make_bash_tool();
std::unique_ptr<Tool> make_edit_tool();
std::unique_ptr<Tool> make_glob_tool();
std::unique_ptr<Tool> make_grep_tool();
std::unique_ptr<Tool> make_notebook_edit_tool();
std::unique_ptr<Tool> make_read_tool();
std::unique_ptr<Tool> make_task_create_tool();
std::unique_ptr<Tool> make_task_get_tool();
std::unique_ptr<Tool> make_task_list_tool();
std::unique_ptr<Tool> make_task_output_tool();
std::unique_ptr<Tool> make_task_stop_tool();
std::unique_ptr<Tool> make_task_update_tool();
std::unique_ptr<Tool> make_todo_write_tool();
std::unique_ptr<Tool> make_web_fetch_tool();
std::unique_ptr<Tool> make_web_search_tool();
std::unique_ptr<Tool> make_write_tool();

}  // namespace awl::tools
