#include "crypto/signing_key.h"

#include <fmt/format.h>
#include <nettle/asn1.h>
#include <nettle/bignum.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecdsa.h>
#include <nettle/rsa.h>
#include <nettle/sha2.h>
#include <sys/random.h>

#include <cstdlib>
#include <cstring>

#include "base/encoding.h"
#include "base/secret.h"
#include "crypto/sha256.h"

namespace awl::crypto {

namespace {

constexpr size_t kCoordinateBytes = 32;  // of P-256
constexpr unsigned kMaxRsaBits = 16'384;
constexpr size_t kLeastRsaBytes = 256;
// Object identifiers, as DER writes their content.
constexpr std::string_view kEcPublicKey("\x2A\x86\x48\xCE\x3D\x02\x01", 7);
constexpr std::string_view kP256("\x2A\x86\x48\xCE\x3D\x03\x01\x07", 8);
constexpr std::string_view kRsaEncryption("\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01", 9);

std::unexpected<Error> not_a_key(std::string sentence) {
  return fail(ErrorKind::kInvalidInput, std::move(sentence),
              "A private key for P-256 or RSA, in PEM, without a passphrase, is.");
}

void fill_with_random(void* /*context*/, size_t size, uint8_t* to) {
  while (size > 0) {
    const ssize_t got = ::getrandom(to, size, 0);
    if (got < 0) std::abort();  // the kernel's generator cannot fail once it is seeded
    to += got;
    size -= static_cast<size_t>(got);
  }
}

std::string_view view(const asn1_der_iterator& at) {
  return {reinterpret_cast<const char*>(at.data), at.length};
}

// nettle's enumeration has no names for what is not universal, so that such a value must not be read as one.
unsigned type_of(const asn1_der_iterator& at) {
  unsigned type = 0;
  static_assert(sizeof type == sizeof at.type);
  std::memcpy(&type, &at.type, sizeof type);
  return type;
}

const uint8_t* bytes_of(std::string_view text) { return reinterpret_cast<const uint8_t*>(text.data()); }

struct BigNumber {
  BigNumber() { mpz_init(value); }
  ~BigNumber() { mpz_clear(value); }
  BigNumber(const BigNumber&) = delete;
  BigNumber& operator=(const BigNumber&) = delete;
  mpz_t value;
};

class EcKey final : public SigningKey {
 public:
  EcKey() {
    ecc_scalar_init(&key_, nettle_get_secp_256r1());
    ecc_point_init(&point_, nettle_get_secp_256r1());
  }
  ~EcKey() override {
    ecc_scalar_clear(&key_);
    ecc_point_clear(&point_);
  }
  EcKey(const EcKey&) = delete;
  EcKey& operator=(const EcKey&) = delete;

  // False: it is out of range.
  bool set(std::string_view number) {
    BigNumber value;
    nettle_mpz_set_str_256_u(value.value, number.size(), bytes_of(number));
    if (ecc_scalar_set(&key_, value.value) == 0) return false;
    ecc_point_mul_g(&point_, &key_);
    return true;
  }

  std::string_view algorithm() const override { return "ES256"; }

  std::string sign(std::string_view bytes) const override {
    const std::string digest = sha256(bytes);
    dsa_signature signature;
    dsa_signature_init(&signature);
    ecdsa_sign(&key_, nullptr, fill_with_random, digest.size(), bytes_of(digest), &signature);
    std::string raw(2 * kCoordinateBytes, '\0');
    auto* to = reinterpret_cast<uint8_t*>(raw.data());
    nettle_mpz_get_str_256(kCoordinateBytes, to, signature.r);
    nettle_mpz_get_str_256(kCoordinateBytes, to + kCoordinateBytes, signature.s);
    dsa_signature_clear(&signature);
    return raw;
  }

  bool verify(std::string_view bytes, std::string_view signature) const override {
    if (signature.size() != 2 * kCoordinateBytes) return false;
    const std::string digest = sha256(bytes);
    dsa_signature written;
    dsa_signature_init(&written);
    nettle_mpz_set_str_256_u(written.r, kCoordinateBytes, bytes_of(signature));
    nettle_mpz_set_str_256_u(written.s, kCoordinateBytes, bytes_of(signature.substr(kCoordinateBytes)));
    const bool good = ecdsa_verify(&point_, digest.size(), bytes_of(digest), &written) == 1;
    dsa_signature_clear(&written);
    return good;
  }

 private:
  ecc_scalar key_;
  ecc_point point_;
};

class RsaKey final : public SigningKey {
 public:
  RsaKey() {
    rsa_public_key_init(&public_);
    rsa_private_key_init(&private_);
  }
  ~RsaKey() override {
    rsa_public_key_clear(&public_);
    rsa_private_key_clear(&private_);
  }
  RsaKey(const RsaKey&) = delete;
  RsaKey& operator=(const RsaKey&) = delete;

  bool set(std::string_view der) {
    return rsa_keypair_from_der(&public_, &private_, kMaxRsaBits, der.size(), bytes_of(der)) == 1;
  }
  size_t size_bytes() const { return public_.size; }

  std::string_view algorithm() const override { return "RS256"; }

  std::string sign(std::string_view bytes) const override {
    sha256_ctx hash = hash_of(bytes);
    BigNumber signature;
    // Fails for a key whose numbers do not belong together.
    if (rsa_sha256_sign_tr(&public_, &private_, nullptr, fill_with_random, &hash, signature.value) != 1)
      return "";
    std::string raw(public_.size, '\0');
    nettle_mpz_get_str_256(raw.size(), reinterpret_cast<uint8_t*>(raw.data()), signature.value);
    return raw;
  }

  bool verify(std::string_view bytes, std::string_view signature) const override {
    sha256_ctx hash = hash_of(bytes);
    BigNumber written;
    nettle_mpz_set_str_256_u(written.value, signature.size(), bytes_of(signature));
    return signature.size() == public_.size && rsa_sha256_verify(&public_, &hash, written.value) == 1;
  }

 private:
  static sha256_ctx hash_of(std::string_view bytes) {
    sha256_ctx hash;
    sha256_init(&hash);
    sha256_update(&hash, bytes.size(), bytes_of(bytes));
    return hash;
  }

  rsa_public_key public_;
  rsa_private_key private_;
};

struct PemBlock {
  std::string label;
  Secret der;
};

// The first block whose label speaks of a private key: tools put the curve's parameters before it.
Result<PemBlock> find_pem_block(std::string_view text) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  constexpr std::string_view kDashes = "-----";
  for (size_t at = text.find(kBegin); at != std::string_view::npos; at = text.find(kBegin, at + 1)) {
    const size_t start = at + kBegin.size();
    const size_t label_end = text.find(kDashes, start);
    if (label_end == std::string_view::npos) break;
    const std::string label(text.substr(start, label_end - start));
    if (!label.ends_with("PRIVATE KEY")) continue;
    const size_t body = label_end + kDashes.size();
    const size_t end = text.find("-----END " + label, body);
    if (end == std::string_view::npos) return not_a_key("it ends in the middle of a key");
    const std::string_view inside = text.substr(body, end - body);
    if (label.starts_with("ENCRYPTED") || inside.contains("ENCRYPTED"))
      return not_a_key("it is encrypted, and nobody can be asked for its passphrase");
    auto der = from_base64(inside);
    if (!der) return not_a_key("it is damaged: what it holds is not base64");
    return PemBlock{label, Secret(std::move(*der))};
  }
  return not_a_key("it holds no private key in PEM");
}

Result<std::unique_ptr<SigningKey>> make_rsa_key(std::string_view der) {
  auto key = std::make_unique<RsaKey>();
  if (!key->set(der)) return not_a_key("it is damaged: what it holds is no RSA key");
  if (key->size_bytes() < kLeastRsaBytes) return not_a_key("it is an RSA key of less than 2048 bits");
  if (key->sign("").empty()) return not_a_key("it is damaged: its numbers do not belong together");
  return key;
}

// ECPrivateKey (RFC 5915): version, the number, and perhaps the curve and the point. `curve_is_known`: what
// is around it said that it is P-256.
Result<std::unique_ptr<SigningKey>> make_ec_key(std::string_view der, bool curve_is_known) {
  asn1_der_iterator at;
  uint32_t version = 0;
  const auto damaged = [] { return not_a_key("it is damaged: what it holds is no EC key"); };
  if (asn1_der_iterator_first(&at, der.size(), bytes_of(der)) != ASN1_ITERATOR_CONSTRUCTED ||
      type_of(at) != ASN1_SEQUENCE || asn1_der_decode_constructed_last(&at) != ASN1_ITERATOR_PRIMITIVE ||
      type_of(at) != ASN1_INTEGER || asn1_der_get_uint32(&at, &version) == 0 || version != 1 ||
      asn1_der_iterator_next(&at) != ASN1_ITERATOR_PRIMITIVE || type_of(at) != ASN1_OCTETSTRING)
    return damaged();
  const std::string_view number = view(at);
  auto next = asn1_der_iterator_next(&at);
  constexpr unsigned kParameters = ASN1_CLASS_CONTEXT_SPECIFIC | ASN1_TYPE_CONSTRUCTED | 0;
  if (next == ASN1_ITERATOR_CONSTRUCTED && type_of(at) == kParameters) {
    asn1_der_iterator curve;
    if (asn1_der_decode_constructed(&at, &curve) != ASN1_ITERATOR_PRIMITIVE ||
        type_of(curve) != ASN1_IDENTIFIER)
      return damaged();
    if (view(curve) != kP256) return not_a_key("it is a key for another curve than P-256");
    curve_is_known = true;
  }
  if (!curve_is_known) return not_a_key("it does not name its curve");
  auto key = std::make_unique<EcKey>();
  if (number.size() > kCoordinateBytes || !key->set(number)) return damaged();
  return key;
}

// PrivateKeyInfo (RFC 5208): version, algorithm, and the key as the algorithm has it.
Result<std::unique_ptr<SigningKey>> make_key_of_info(std::string_view der) {
  asn1_der_iterator at;
  asn1_der_iterator algorithm;
  uint32_t version = 0;
  if (asn1_der_iterator_first(&at, der.size(), bytes_of(der)) != ASN1_ITERATOR_CONSTRUCTED ||
      type_of(at) != ASN1_SEQUENCE || asn1_der_decode_constructed_last(&at) != ASN1_ITERATOR_PRIMITIVE ||
      type_of(at) != ASN1_INTEGER || asn1_der_get_uint32(&at, &version) == 0 || version > 1 ||
      asn1_der_iterator_next(&at) != ASN1_ITERATOR_CONSTRUCTED || type_of(at) != ASN1_SEQUENCE ||
      asn1_der_decode_constructed(&at, &algorithm) != ASN1_ITERATOR_PRIMITIVE ||
      type_of(algorithm) != ASN1_IDENTIFIER || asn1_der_iterator_next(&at) != ASN1_ITERATOR_PRIMITIVE ||
      type_of(at) != ASN1_OCTETSTRING)
    return not_a_key("it is damaged: what it holds is no key");
  const std::string_view kind = view(algorithm);
  if (kind == kRsaEncryption) return make_rsa_key(view(at));
  if (kind != kEcPublicKey) return not_a_key("it is neither an EC key nor an RSA key");
  if (asn1_der_iterator_next(&algorithm) != ASN1_ITERATOR_PRIMITIVE ||
      type_of(algorithm) != ASN1_IDENTIFIER || view(algorithm) != kP256)
    return not_a_key("it is a key for another curve than P-256");
  return make_ec_key(view(at), true);
}

}  // namespace

Result<std::unique_ptr<SigningKey>> parse_signing_key(std::string_view pem) {
  AWL_TRY(const PemBlock block, find_pem_block(pem));
  const std::string& der = block.der.expose();
  if (block.label == "PRIVATE KEY") return make_key_of_info(der);
  if (block.label == "EC PRIVATE KEY") return make_ec_key(der, false);
  if (block.label == "RSA PRIVATE KEY") return make_rsa_key(der);
  return not_a_key(fmt::format("it holds a key of another kind ({})", block.label));
}

}  // namespace awl::crypto
