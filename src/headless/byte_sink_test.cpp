#include "headless/byte_sink.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <thread>

namespace awl::headless {
namespace {

class Pipe {
 public:
  Pipe() { EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0); }
  ~Pipe() {
    ::close(ends[0]);
    ::close(ends[1]);
  }
  std::array<int, 2> ends{};
};

TEST(DescriptorSink, WritesEverythingToASlowReader) {
  Pipe pipe;
  const std::string sent(300'000, 'x');
  std::string got;
  std::thread reader([&] {
    std::array<char, 1000> part{};
    while (got.size() < sent.size()) {
      const ssize_t size = ::read(pipe.ends[0], part.data(), part.size());
      if (size <= 0) return;
      got.append(part.data(), static_cast<size_t>(size));
    }
  });
  const auto sink = make_descriptor_sink(pipe.ends[1]);
  sink->write(sent);
  reader.join();
  EXPECT_EQ(sink->error(), 0);
  EXPECT_EQ(got, sent);
}

TEST(DescriptorSink, GivesUpAReaderThatDoesNotReadWhenItShallStop) {
  Pipe pipe;
  Pipe stop;
  const auto sink = make_descriptor_sink(pipe.ends[1], stop.ends[0]);
  ASSERT_EQ(::write(stop.ends[1], "x", 1), 1);
  sink->write("there is room for that");
  EXPECT_EQ(sink->error(), 0);
  sink->write(std::string(300'000, 'x'));
  EXPECT_EQ(sink->error(), ECANCELED);
}

}  // namespace
}  // namespace awl::headless
