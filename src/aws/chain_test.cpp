#include <gmock/gmock.h>

#include "aws/credentials.h"
#include "aws/test_support.h"

namespace awl::aws {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class FakeProvider : public CredentialsProvider {
 public:
  FakeProvider(std::string name, Result<Credentials> answer)
      : name_(std::move(name)), answer_(std::move(answer)) {}
  std::string name() const override { return name_; }
  Task<Result<Credentials>> fetch() override { co_return answer_; }

 private:
  std::string name_;
  Result<Credentials> answer_;
};

Credentials keys(std::string id) {
  return {std::move(id), Secret("secret"), Secret(), std::nullopt, "a test"};
}

std::unique_ptr<CredentialsChain> chain_of(std::vector<std::pair<std::string, Result<Credentials>>> answers) {
  std::vector<std::unique_ptr<CredentialsProvider>> providers;
  for (auto& [name, answer] : answers)
    providers.push_back(std::make_unique<FakeProvider>(name, std::move(answer)));
  return make_chain(std::move(providers));
}

TEST(Chain, TheFirstThatHasCredentialsWins) {
  const auto chain = chain_of({{"one", fail(ErrorKind::kNotFound, "nothing")},
                               {"two", keys("AKIDTWO")},
                               {"three", keys("AKIDTHREE")}});
  EXPECT_EQ(testing::run(chain->fetch())->access_key_id, "AKIDTWO");
  ASSERT_EQ(chain->trace().size(), 2U);
  EXPECT_EQ(chain->trace()[0].provider, "one");
  EXPECT_EQ(chain->trace()[0].outcome, "not configured");
  EXPECT_EQ(chain->trace()[1].outcome, "found");
  EXPECT_TRUE(testing::run(chain->fetch()));
  EXPECT_EQ(chain->trace().size(), 2U);
}

TEST(Chain, ABrokenSourceEndsIt) {
  const auto chain =
      chain_of({{"one", fail(ErrorKind::kParse, "line 3 is wrong", "mend it")}, {"two", keys("AKIDTWO")}});
  const auto result = testing::run(chain->fetch());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kParse);
  ASSERT_EQ(chain->trace().size(), 1U);
  EXPECT_THAT(chain->trace()[0].outcome, HasSubstr("line 3 is wrong"));
}

TEST(Chain, WhenNoneHasCredentialsTheErrorSaysWhatWasTried) {
  const auto chain = chain_of(
      {{"one", fail(ErrorKind::kNotFound, "no keys here")}, {"two", fail(ErrorKind::kNotFound, "nor here")}});
  const auto result = testing::run(chain->fetch());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kCredentials);
  EXPECT_THAT(result.error().message,
              AllOf(HasSubstr("credentials"), HasSubstr("one: no keys here"), HasSubstr("two: nor here")));
  EXPECT_THAT(result.error().hint, AllOf(HasSubstr("AWS_PROFILE"), HasSubstr("ANTHROPIC_AWS_API_KEY")));
}

}  // namespace
}  // namespace awl::aws
