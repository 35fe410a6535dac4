#include "headless/status_line.h"

#include "base/columns.h"

namespace awl::headless {

namespace {

constexpr std::string_view kErase = "\r\x1b[K";

class SinkAbove final : public ByteSink {
 public:
  SinkAbove(StatusLine& line, ByteSink& terminal) : line_(line), terminal_(terminal) {}
  void write(std::string_view bytes) override {
    line_.hide();
    terminal_.write(bytes);
  }
  int error() const override { return terminal_.error(); }

 private:
  StatusLine& line_;
  ByteSink& terminal_;
};

}  // namespace

StatusLine::StatusLine(ByteSink& terminal, std::function<int()> columns, bool dim)
    : terminal_(terminal), columns_(std::move(columns)), dim_(dim) {}

StatusLine::~StatusLine() { hide(); }

void StatusLine::show(std::string_view text, std::string_view tail) {
  // The last column stays free: some terminals begin a new line when it is written to.
  const int columns = columns_() - 1;
  const int room = columns - count_columns(tail);
  constexpr int kLeastText = 8;
  const std::string cut = room < kLeastText ? cut_to_columns(std::string(text) + std::string(tail), columns)
                                            : cut_to_columns(text, room) + std::string(tail);
  std::string bytes(kErase);
  bytes += dim_ ? "\x1b[2m" + cut + "\x1b[0m" : cut;
  terminal_.write(bytes);
  visible_ = true;
}

void StatusLine::hide() {
  if (!visible_) return;
  terminal_.write(kErase);
  visible_ = false;
}

std::unique_ptr<ByteSink> make_sink_above(StatusLine& line, ByteSink& terminal) {
  return std::make_unique<SinkAbove>(line, terminal);
}

}  // namespace awl::headless
