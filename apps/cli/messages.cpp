#include "cli/messages.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "headless/byte_sink.h"

namespace awl::cli {

void tell(std::string_view line) {
  headless::make_descriptor_sink(STDERR_FILENO)->write(std::string(line) + "\n");
}

int complain(const Error& error) {
  tell("Error: " + describe(error));
  return 1;
}

int print_text(std::string_view text) {
  const auto out = headless::make_descriptor_sink(STDOUT_FILENO);
  out->write(text);
  if (out->error() == 0) return 0;
  if (out->error() != EPIPE) {
    tell(fmt::format("Error: standard output cannot be written: {}.",
                     std::generic_category().message(out->error())));
  }
  return 1;
}

}  // namespace awl::cli
