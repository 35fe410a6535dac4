#include "extensions/plugin_store.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "extensions/marketplace.h"

namespace awl::extensions {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PluginStoreTest : public testing::Test {
 protected:
  PluginStoreTest()
      : folder_(*os::make_private_directory(std::filesystem::temp_directory_path(), "awl-plugins-")) {}
  ~PluginStoreTest() override { std::filesystem::remove_all(folder_); }
  void put(const std::string& name, std::string_view text) const {
    ASSERT_TRUE(os::make_directories((folder_ / name).parent_path()));
    ASSERT_TRUE(os::write_file_atomic(folder_ / name, text));
  }

  os::Path folder_;
};

TEST_F(PluginStoreTest, WhatIsPutIsThere) {
  PluginStore store(folder_);
  EXPECT_THAT(store.plugins(), IsEmpty());
  EXPECT_THAT(store.marketplaces(), IsEmpty());
  ASSERT_TRUE(
      store.put_marketplace("acme", {{MarketplaceSource::Kind::kGithub, "acme/plugins", "v1"}, "/m", "now"}));
  EXPECT_EQ(store.marketplaces().at("acme").source.location, "acme/plugins");
  InstalledPlugin plugin{.id = "p@acme", .scope = "user", .path = "/p/1", .version = "1"};
  ASSERT_TRUE(store.put_plugin(plugin));
  plugin.version = "2";
  ASSERT_TRUE(store.put_plugin(plugin));
  InstalledPlugin local{.id = "p@acme", .scope = "local", .project = "/w", .path = "/p/1", .version = "1"};
  ASSERT_TRUE(store.put_plugin(local));
  EXPECT_THAT(store.plugins(),
              ElementsAre(Field(&InstalledPlugin::version, "2"), Field(&InstalledPlugin::project, "/w")));
  ASSERT_TRUE(store.remove_plugin(plugin));
  EXPECT_THAT(store.plugins(), ElementsAre(Field(&InstalledPlugin::scope, "local")));
  ASSERT_TRUE(store.remove_marketplace("acme"));
  EXPECT_THAT(store.marketplaces(), IsEmpty());
}

TEST_F(PluginStoreTest, WhatOthersWroteStays) {
  put("known_marketplaces.json", R"({"a":{"source":{"source":"npm","package":"x"},"autoUpdate":true}})");
  PluginStore store(folder_);
  EXPECT_THAT(store.marketplaces(), IsEmpty());
  ASSERT_TRUE(store.put_marketplace("b", {{MarketplaceSource::Kind::kDirectory, "/m", ""}, "/m", "now"}));
  EXPECT_THAT(*os::read_file(folder_ / "known_marketplaces.json"), HasSubstr("autoUpdate"));
}

TEST_F(PluginStoreTest, AFileThatIsNoJsonIsNotReplaced) {
  put("installed_plugins.json", "{ torn");
  PluginStore store(folder_);
  EXPECT_THAT(store.plugins(), IsEmpty());
  EXPECT_FALSE(store.put_plugin({.id = "p@m", .scope = "user"}).has_value());
  EXPECT_EQ(*os::read_file(folder_ / "installed_plugins.json"), "{ torn");
}

TEST_F(PluginStoreTest, ACatalogueIsRead) {
  put("m/.claude-plugin/marketplace.json",
      R"({"name":"m","metadata":{"pluginRoot":"./plugins"},"plugins":[{"name":"a","source":"./a"},{"name":"b","source":"b"}]})");
  const Marketplace market = load_marketplace(folder_ / "m").value();
  EXPECT_EQ(market.root, folder_ / "m");
  EXPECT_EQ(market.find("b")->written["source"], "./plugins/b");
  EXPECT_EQ(market.find("c"), nullptr);
}

TEST_F(PluginStoreTest, ACatalogueThatCannotBeUsedSaysWhy) {
  for (const char* text :
       {R"({"name":"../m","plugins":[]})", R"({"name":"m"})", R"({"name":"m","plugins":[{"name":"a"}]})",
        R"({"name":"m","plugins":[{"name":"a/b","source":"./a"}]})", "[]", "{",
        R"({"name":"m","plugins":[{"name":"a","source":"./a"},{"name":"a","source":"./b"}]})"}) {
    put("m/.claude-plugin/marketplace.json", text);
    const auto market = load_marketplace(folder_ / "m");
    ASSERT_FALSE(market.has_value()) << text;
    EXPECT_THAT(market.error().message, HasSubstr("marketplace.json"));
  }
  EXPECT_EQ(load_marketplace(folder_ / "none").error().kind, ErrorKind::kNotFound);
}

}  // namespace
}  // namespace awl::extensions
