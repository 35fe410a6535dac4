// A string that must not be seen.
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace awl {

/// Holds a key, token or password. It has no formatter and no stream operator, and its bytes are wiped when
/// it is destroyed or overwritten. Read it with expose() at the one place that puts it on the wire.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  const std::string& expose() const { return value_; }
  bool empty() const { return value_.empty(); }

  /// For people: the first four characters when the secret is long enough to hide the rest ("AKIA…"), else
  /// "…".
  std::string masked() const;

  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  void wipe();
  std::string value_;
};

/// `text` with everything replaced by "[redacted]" that looks like a credential of this platform: AWS access
/// key ids, short- and long-term workspace keys, sk-ant keys, Authorization values.
std::string redact(std::string_view text);

}  // namespace awl
