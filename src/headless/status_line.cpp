#include "headless/status_line.h"

#include "base/utf8.h"

namespace awl::headless {

namespace {

constexpr std::string_view kErase = "\r\x1b[K";

// A rough measure that errs on the wide side: a line that is too short is no harm.
int columns_of(std::string_view letter) {
  if (letter.size() < 3) return 1;
  const bool general_punctuation = letter.starts_with("\xE2\x80");  // dashes, quotes, the ellipsis
  return general_punctuation ? 1 : 2;
}

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

int count_columns(std::string_view text) {
  int columns = 0;
  while (!text.empty()) {
    const size_t length = utf8_step(text).length;
    columns += columns_of(text.substr(0, length));
    text.remove_prefix(length);
  }
  return columns;
}

std::string cut_to_columns(std::string_view text, int columns) {
  std::string cut;
  int used = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view letter = rest.substr(0, utf8_step(rest).length);
    const int width = columns_of(letter);
    const bool last = letter.size() == rest.size();
    if (used + width > columns - (last ? 0 : 1)) return columns > 0 ? cut + "…" : "";
    cut += letter;
    used += width;
    rest.remove_prefix(letter.size());
  }
  return cut;
}

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
