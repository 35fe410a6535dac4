// A file that the model sees through a command counts as read. Source: tools-reference, "Edit tool behavior".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "os/file.h"

namespace awl::tools {

struct Session;

/// The file that `command` shows, as it is written there: when the command is nothing but one cat, nl, bat,
/// head, tail, `sed -n X,Yp`, grep or rg of a single file, without pipes and redirections. Else nullopt.
std::optional<std::string> shown_file(std::string_view command);

/// A file that a command is about to show, as it is before.
struct View {
  os::Path path;
  os::FileInfo info;
};
/// The regular file that `command` shows when it runs in the session's folder; nullopt when there is none.
std::optional<View> find_view(std::string_view command, const Session& session);

/// After the command has shown it: the file counts as read, unless it has changed meanwhile.
void remember_view(const View& view, Session& session);

}  // namespace awl::tools
