#include "archive/unzip.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "os/file.h"

namespace awl::archive {
namespace {

using ::testing::HasSubstr;

constexpr uint32_t kFile = 0100644;
constexpr uint32_t kProgram = 0100755;
constexpr uint32_t kLink = 0120777;
constexpr uint32_t kPipe = 0010644;

uint32_t checksum(std::string_view bytes) {
  uint32_t crc = ~0U;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

std::string number(uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8U * static_cast<unsigned>(i)) & 0xFFU);
  return text;
}

// A zip file whose entries are stored as they are.
class ZipText {
 public:
  ZipText& add(const std::string& name, const std::string& content, uint32_t mode = kFile) {
    const auto size = static_cast<uint32_t>(content.size());
    const std::string common = number(20, 2) + number(0, 8) + number(checksum(content), 4) + number(size, 4) +
                               number(size, 4) + number(static_cast<uint32_t>(name.size()), 2) + number(0, 2);
    central_ += "PK\1\2" + number(3U << 8U | 20U, 2) + common + number(0, 6) + number(mode << 16U, 4) +
                number(static_cast<uint32_t>(local_.size()), 4) + name;
    local_ += "PK\3\4" + common + name + content;
    ++count_;
    return *this;
  }
  std::string text() const {
    return local_ + central_ + "PK\5\6" + number(0, 4) + number(count_, 2) + number(count_, 2) +
           number(static_cast<uint32_t>(central_.size()), 4) +
           number(static_cast<uint32_t>(local_.size()), 4) + number(0, 2);
  }

 private:
  std::string local_;
  std::string central_;
  uint32_t count_ = 0;
};

class UnzipTest : public testing::Test {
 protected:
  UnzipTest()
      : root_(*os::make_private_directory(std::filesystem::temp_directory_path(), "awl-unzip-")),
        folder_(root_ / "folder") {
    std::filesystem::create_directory(folder_);
  }
  ~UnzipTest() override { std::filesystem::remove_all(root_); }

  Result<> unpack(const std::string& bytes, const UnzipLimits& limits = {}) {
    EXPECT_TRUE(os::write_file_atomic(root_ / "file.zip", bytes));
    return unpack_zip(root_ / "file.zip", folder_, limits);
  }
  std::string refusal(const ZipText& zip, const UnzipLimits& limits = {}) {
    const auto done = unpack(zip.text(), limits);
    return done ? "" : done.error().message;
  }

  os::Path root_;
  os::Path folder_;
};

TEST_F(UnzipTest, FilesFoldersAndLinksInside) {
  const auto done = unpack(ZipText()
                               .add("a/", "")
                               .add("a/b/run.sh", "#!/bin/sh\n", kProgram)
                               .add("./text", "words")
                               .add("to-text", "a/../text", kLink)
                               .text());
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(os::read_file(folder_ / "text").value(), "words");
  EXPECT_EQ(os::read_file(folder_ / "to-text").value(), "words");
  struct stat info{};
  ASSERT_EQ(::stat((folder_ / "a/b/run.sh").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0700U);
}

TEST_F(UnzipTest, NothingIsWrittenOutside) {
  EXPECT_THAT(refusal(ZipText().add("../out", "x")), HasSubstr("leads out"));
  EXPECT_THAT(refusal(ZipText().add("a/../../out", "x")), HasSubstr("leads out"));
  EXPECT_THAT(refusal(ZipText().add((root_ / "out").string(), "x")), HasSubstr("absolute"));
  EXPECT_FALSE(os::path_exists(root_ / "out"));
}

TEST_F(UnzipTest, LinksThatLeadOutAreRefused) {
  EXPECT_THAT(refusal(ZipText().add("l", "/etc/passwd", kLink)), HasSubstr("leads out"));
  EXPECT_THAT(refusal(ZipText().add("l", "../out", kLink)), HasSubstr("leads out"));
}

TEST_F(UnzipTest, NorDoTheyThroughEachOther) {
  EXPECT_THAT(refusal(ZipText().add("p/q/up", "../..", kLink).add("l", "p/q/up/../out", kLink)),
              HasSubstr("leads out"));
}

TEST_F(UnzipTest, NothingIsWrittenThroughALink) {
  // The file comes first, whatever the order: then the link has no place.
  EXPECT_FALSE(unpack(ZipText().add("d", ".", kLink).add("d/file", "x").text()));
}

TEST_F(UnzipTest, OtherThingsAndDoubleOnesAreRefused) {
  EXPECT_THAT(refusal(ZipText().add("pipe", "", kPipe)), HasSubstr("neither"));
  EXPECT_THAT(refusal(ZipText().add("a", "1").add("a", "2")), HasSubstr("twice"));
}

TEST_F(UnzipTest, ItsSizeIsBounded) {
  EXPECT_THAT(refusal(ZipText().add("a", "1").add("b", "2"), {.files = 1}), HasSubstr("more than 1 files"));
  EXPECT_THAT(refusal(ZipText().add("c", std::string(2'000'000, 'x')), {.bytes = 1 << 20}),
              HasSubstr("unpacks to more than 1 MB"));
  EXPECT_THAT(refusal(ZipText().add("d", std::string(2'000'000, 'x')), {.zip_bytes = 1 << 20}),
              HasSubstr("more than 1 MB"));
  EXPECT_THAT(refusal(ZipText().add("1/2/3", "x"), {.depth = 2}), HasSubstr("nested"));
}

TEST_F(UnzipTest, WhatIsDamagedIsSaidToBe) {
  EXPECT_EQ(unpack("no zip file").error().kind, ErrorKind::kParse);
  std::string bytes = ZipText().add("a", "content").text();
  bytes[bytes.find("content")] = 'C';
  EXPECT_EQ(unpack(bytes).error().kind, ErrorKind::kParse);
  EXPECT_EQ(unpack_zip(root_ / "nowhere.zip", folder_).error().kind, ErrorKind::kNotFound);
}

}  // namespace
}  // namespace awl::archive
