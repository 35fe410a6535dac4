// What a person presses, out of the bytes that a terminal sends.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace awl::tui {

struct Key {
  enum class Kind {
    kText,     ///< `text` as typed
    kPaste,    ///< `text` as pasted, line breaks as \n
    kControl,  ///< `text` is the letter, "c" for Ctrl+C
    kAlt,      ///< the same for Alt
    kEnter,
    kNewline,  ///< Ctrl+J, Shift+Enter, Alt+Enter
    kTab,
    kBackTab,
    kBackspace,
    kWordBackspace,
    kDelete,
    kEscape,
    kUp,
    kDown,
    kLeft,
    kRight,
    kWordLeft,
    kWordRight,
    kHome,
    kEnd,
    kPageUp,
    kPageDown
  };
  Kind kind = Kind::kText;
  std::string text = {};
  friend bool operator==(const Key&, const Key&) = default;
};

/// Sequences may arrive in pieces. What it does not know is dropped. Source: ECMA-48, xterm's "Control
/// Sequences" (bracketed paste, modifiers), kitty's keyboard protocol ("CSI u").
class KeyDecoder {
 public:
  std::vector<Key> feed(std::string_view bytes);
  /// True after an escape character that may be the key itself or begin a sequence.
  bool is_waiting() const { return !pending_.empty() && !pasting_; }
  /// Nothing follows: an escape character that waits is the key.
  std::vector<Key> flush();

 private:
  bool take_one(std::vector<Key>& keys, bool is_last);
  bool take_paste(std::vector<Key>& keys);
  bool take_sequence(std::vector<Key>& keys, bool is_last);
  void take_control(std::vector<Key>& keys, char byte, bool alt);

  std::string pending_;
  bool pasting_ = false;
};

}  // namespace awl::tui
