#include "media/confine.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <functional>

namespace awl::media {
namespace {

// The exit code of a child that confines itself and then does this.
int confined(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(confine() ? body() : 99);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST(Confine, WhatDecodingDoesNotNeedIsRefused) {
#if __has_feature(address_sanitizer)
  GTEST_SKIP() << "the sanitizer needs what is taken away";
#endif
  EXPECT_EQ(confined([] { return ::open("/etc/passwd", O_RDONLY) < 0 ? errno : 0; }), EPERM);
  EXPECT_EQ(confined([] { return ::socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0; }), EPERM);
  EXPECT_EQ(confined([] { return ::fork() < 0 ? errno : 0; }), EPERM);
  EXPECT_EQ(confined([] { return ::execl("/bin/true", "true", nullptr) < 0 ? errno : 0; }), EPERM);
  EXPECT_EQ(confined([] {
              void* memory = std::malloc(size_t{2} << 30U);
              const bool refused = memory == nullptr;
              std::free(memory);
              return refused ? 7 : 0;
            }),
            7);
}

}  // namespace
}  // namespace awl::media
