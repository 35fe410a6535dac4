#include "agent/plan_mode.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "base/utf8.h"
#include "os/file.h"
#include "tools/session.h"

namespace awl::embedded {
extern const std::string_view enter_plan_mode_md;
extern const std::string_view exit_plan_mode_md;
extern const std::string_view plan_mode_md;
}  // namespace awl::embedded

namespace awl::agent {

namespace {

constexpr size_t kMaxPlanBytes = 1 << 20;
constexpr std::string_view kNoInputSchema = R"({"type":"object","properties":{}})";

std::string read_plan(const os::Path& file) {
  if (file.empty()) return "";
  auto text = os::read_file(file, kMaxPlanBytes);
  return text ? to_utf8(*text) : "";
}

class EnterPlanModeTool final : public tools::Tool {
 public:
  explicit EnterPlanModeTool(ModeSwitch modes) : modes_(std::move(modes)) {}
  const tools::ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value& /*input*/) const override { return false; }
  Result<tools::Access> access(const json::Value& /*input*/,
                               const tools::Session& /*session*/) const override {
    if (modes_.mode() == permission::Mode::kPlan)
      return fail(ErrorKind::kInvalidInput, "the session is in the mode plan already");
    return tools::Access{};
  }
  Task<tools::ToolResult> run(const json::Value& /*input*/, const tools::Access& /*access*/,
                              const std::string& /*tool_use_id*/, tools::Session& session) override {
    modes_.begin_plan();
    tools::ToolResult result;
    result.text = plan_mode_advice(session.plan_file, "");
    result.structured_json = json::dump({{"message", "The session is in the mode plan."}});
    co_return result;
  }

 private:
  ModeSwitch modes_;
  tools::ToolSpec spec_{.name = "EnterPlanMode",
                        .description = std::string(trim(embedded::enter_plan_mode_md)),
                        .input_schema = std::string(kNoInputSchema),
                        .deferred = true};
};

class ExitPlanModeTool final : public tools::Tool {
 public:
  explicit ExitPlanModeTool(ModeSwitch modes) : modes_(std::move(modes)) {}
  const tools::ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value& /*input*/) const override { return false; }

  // Whoever agrees may give a changed plan; it stays as they gave it.
  json::Value complete(json::Value input, const tools::Session& session) const override {
    if (!input.contains("plan")) {
      if (std::string plan = read_plan(session.plan_file); !plan.empty()) input["plan"] = std::move(plan);
    }
    if (!session.plan_file.empty()) input["planFilePath"] = session.plan_file.string();
    return input;
  }

  Result<tools::Access> access(const json::Value& input, const tools::Session& session) const override {
    if (modes_.mode() != permission::Mode::kPlan)
      return fail(ErrorKind::kInvalidInput, "the session is not in the mode plan", "Go on with the work.");
    if (trim(json::string_or_empty(input, "plan")).empty()) {
      return fail(ErrorKind::kInvalidInput, "there is no plan yet",
                  fmt::format("Write it to {} first.", session.plan_file.string()));
    }
    return tools::Access{.needs_person = true};
  }

  Task<tools::ToolResult> run(const json::Value& input, const tools::Access& /*access*/,
                              const std::string& /*tool_use_id*/, tools::Session& session) override {
    const std::string plan = json::string_or_empty(input, "plan");
    const bool edited = plan != read_plan(session.plan_file);
    Result<> kept;
    if (edited && !session.plan_file.empty()) {
      kept = os::make_directories(session.plan_file.parent_path(), 0700);
      if (kept) kept = os::write_file_atomic(session.plan_file, plan, 0600);
    }
    modes_.end_plan();
    tools::ToolResult result;
    result.text = fmt::format(
        "The person agreed to the plan, and the mode is now {}. Begin with it, and keep its steps as tasks "
        "when "
        "there are several.",
        permission::to_string(modes_.mode()));
    if (kept) {
      result.text += fmt::format(" It stays in {}.", session.plan_file.string());
    } else {
      result.text += fmt::format(" The file of the plan could not be written: {}.", describe(kept.error()));
    }
    if (edited) result.text += "\nIt was changed; this is what holds:\n\n" + plan;
    result.structured_json = json::dump({{"plan", plan},
                                         {"isAgent", false},
                                         {"filePath", session.plan_file.string()},
                                         {"planWasEdited", edited}});
    co_return result;
  }

 private:
  ModeSwitch modes_;
  tools::ToolSpec spec_{.name = "ExitPlanMode",
                        .description = std::string(trim(embedded::exit_plan_mode_md)),
                        .input_schema = std::string(kNoInputSchema),
                        .deferred = true};
};

}  // namespace

std::string plan_mode_advice(const os::Path& plan_file, const std::string& workflow) {
  return fmt::format(
      "The session is in the mode plan: the person wants to see how you would do it before anything changes. "
      "No file may "
      "be changed, and no command may be run that changes something, whatever was said before; the one "
      "exception is "
      "the plan itself, {}.\n\n{}\n\nThe plan is complete: call ExitPlanMode, which shows it to the person "
      "and asks. Do not "
      "ask for approval in any other way, and do not begin before it was given. A question that needs no "
      "changes is "
      "simply answered.",
      plan_file.string(), workflow.empty() ? trim(embedded::plan_mode_md) : workflow);
}

std::unique_ptr<tools::Tool> make_enter_plan_mode_tool(ModeSwitch modes) {
  return std::make_unique<EnterPlanModeTool>(std::move(modes));
}

std::unique_ptr<tools::Tool> make_exit_plan_mode_tool(ModeSwitch modes) {
  return std::make_unique<ExitPlanModeTool>(std::move(modes));
}

}  // namespace awl::agent
