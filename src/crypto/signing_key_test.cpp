#include "crypto/signing_key.h"

#include <gmock/gmock.h>

#include "base/encoding.h"

namespace awl::crypto {
namespace {

using ::testing::HasSubstr;

// Made for this test by openssl, and used nowhere else; so are the signatures of the words.
constexpr std::string_view kWords = "signed words";
constexpr std::string_view kEc = R"(-----BEGIN EC PARAMETERS-----
BggqhkjOPQMBBw==
-----END EC PARAMETERS-----
-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIDZfbUa7/pQoWN5kOP0SbnpsSuyEArsBB7b0WOvX7Mh9oAoGCCqGSM49
AwEHoUQDQgAEyMaFZ4McD+ZRz+H7ifeDf2g4kXDasMj4o5DPRxqy2DttPkRbVRO+
MpU58DDij3/XkuMryMqie9IxyBu63LcHxQ==
-----END EC PRIVATE KEY-----
)";
constexpr std::string_view kEcInfo = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNl9tRrv+lChY3mQ4
/RJuemxK7IQCuwEHtvRY69fsyH2hRANCAATIxoVngxwP5lHP4fuJ94N/aDiRcNqw
yPijkM9HGrLYO20+RFtVE74ylTnwMOKPf9eS4yvIyqJ70jHIG7rctwfF
-----END PRIVATE KEY-----
)";
constexpr std::string_view kEcSignature =
    "UzwrZaLe4h2QJFmatnUNIuvluo5wqS7VlajEfbTBmxL9zR3fhu4BtRNdVdSjt9yUQ745mZKVcwV2ft9WcJBKCA==";
constexpr std::string_view kRsa = R"(-----BEGIN RSA PRIVATE KEY-----
MIIEogIBAAKCAQEAwXStsT+XRat9Frb9gNc9uO+II6OF0c24uzpbhqEfA5MA94QC
UeuuA4p9vuLq1EdfojOQkbbUrbxpQtdfLG6c0s69ogfzhJ1TuGADX4nmUt8cAWLG
9FeGnDmdDxrYaeRPpKCxg6bguCH46j8yFehWZgFyC32/jh91/cJsH7eRxqcUtofs
zInBIyYID3ayAMoHPzbLjmzZMi+sw1KmgsrESZJjMRCbOC4C2kPaMi59qEs6u9YF
NKfJtDMiYHeVnAWGfUwMOk8ZGQXR01F5ibc4qa3/q5kiAVeEkPeSW2qZ0t0UNNBD
Wu0TW+5ixHO0N23RByDguo+8wYdkHobMXqjx5QIDAQABAoIBABIvhnt006LaP9hQ
i+yeb0AxDj5xaw1BtkWtcvipMUnr+gmKiJBMZC+Th4YX/UTGz9vm1oaIJh6N6WQ9
7EW4QThE9Ikkj7UN+BaLOg3zX+o27IJJ15OVHcOWW+gVWTY9HuqGK6HJYHMWyHg2
yB3MmUCeDqs7XzQ8S2J3MiRaJJNEq/Oi7zYYXfZPmqZ+eEV+jJ2Oe52P8Nr1vnkx
5E0lESx8N6NVyiWyv+FzmVwk1xUw+A7QTLOxiz9M9cxOmkmuBfm40CYketcuy8p6
rGvMLVA7BGACz6O7CHHyH3nYue+vUaCxOD1uAfYk4XQqlbHHnBcE2hBBK/4nNhtc
EjzbkEECgYEA+4LFF41DGptnw6zz55h4Vp1/RWQTbMcZXADHPjKRQFv5oJdXZw6P
YnhAGzvYAFY8gC8fm/D97BHJQ9kK8mxkHujmHx+EMutekvGhj0Pbp9+sWSkGAULP
RJhDp4kYFsZU03p/36pmytf7pBxIS9B4FowI5jbw5JfX953rLnhCxMECgYEAxOij
JPykUeDspxc+Cjl+8oqWnfaXnI/g6Wio6RifDv6mBV08MO6riTK3o2xMsb0jcW9k
ZQFgLF0gA6/5ZUUpuXNPRkpa/x/XbYjbn3+vfl0vaB3SIIDsExg/11WUvyOKzkdn
jD/03ykxGhfaYm88tQA2XG4l/Iop6ZM6Dki5AiUCgYA+gCq2RZZtYD0S9UHPRaZx
78WW2t2w5HE62b6piCtsUO7hp3pC0+1xzOwxWFe/Da8PM6apO+P97BWV1LPRtnnS
7JFzHoPdm3vvDDjXv0cwmnbb2UPywEV9iFEXqwvfbP3bZ8+rJ09QDQgtqhGVNYMC
J152xyRpygoTMJ0m+R+ugQKBgFNcbZz9/A7R2z5N36zydGT3+RW8zKiyXLRT45Zz
Hvt5IQ4KT64jjKlTuFzOP5XLjdK7JtSABZgigKgu+rU915E0WO5YEjgJ4ej0VI4s
vz4O8z/vyAKMseTPkk92Yrecs2nq3tKITQGg7bGvQXwEvb2e7mSpGRnV4DKLarub
W/+lAoGAP+BkiUigFsByHVPida+kir71+r5PwoFrO1paLSRQkW2Y7DLKba6InDFk
hS84IpTHqGOKBwBMxsk8ihjVJjxuBEDhNWIulb/969S//8kJmUCXrqH3C+Ey/0Xt
wS9A4VdEA5Y8V+FhKhYysx4eBEOTmjnfstnrwq1jQhqtDc37xbk=
-----END RSA PRIVATE KEY-----
)";
constexpr std::string_view kRsaSignature =
    "kNsgo1n26sSfn1NgThkA7kOnMko2bQXDBmnPSpNcTnWG5TZ3HevGb0KRegLzqCVRPOekwvL5zX6YWJcGTgm8ANTxjI1SmhmoIP1k"
    "M29Yk6GQRZkOow9zBHeZBAGKlaiQrHLD+c3LfcabBaZbaT5B8KLbDglyubT+YPJ8crV7GVsP3zb3wWtu1jKiccgMFeqIMv1n7iGL"
    "jrKtO/v2BiOx/w49nVuI9H4agn4BlC9/XMMgDwmO6ywQfGlw83cbYs3210mITQP8nMr6iKDjKaJjOm/jWoBOYxG0HcwGR5WdmUME"
    "/WpK1/I80xrCZgm6RA8meXnzX42mCvPvEd06P7P7IA==";
// What PKCS #8 puts before the RSA key.
constexpr std::string_view kRsaInfoStart = "MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKY=";
constexpr std::string_view kOtherCurve = R"(-----BEGIN EC PRIVATE KEY-----
MIGkAgEBBDA/CSAzq8OsaaP5ammZiYZ87/ho3VlHghIVzkzw10Zgvm9FuQMlYQCm
vni1QZVW3O6gBwYFK4EEACKhZANiAASY/7OJwsRWle/mZt0He+mvPmKUo4iwLx9G
E+KGKnK5/uE6t7Rz0LS08Nb5013bN0xxBpyWG5JNxNL+kWHkFLUyD1hUqoLjMdYt
4i1XdMjbvL9FFoGwell25lH0v/M4m8A=
-----END EC PRIVATE KEY-----
)";
constexpr std::string_view kEd25519 = R"(-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEII3e3dKcy64gWWCIVIfOoJqdBndCkpoWuaKXbqeFV46e
-----END PRIVATE KEY-----
)";
constexpr std::string_view kEncrypted = R"(-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhOAkKiEnRp6QICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEPcw/1Z1l22aNsddKxTfO1sEgZAR
+PwVo9sbmNX33ixWcFRfzwopMWi/1zBoR8jjQkCJrbjzNgKEn7UzY9POMeuY2YC7
xGjhOdFJYAJTqcK0MPitg9SQR5uotHn3W852WDaHbDxk4KAXWxmAM14F1HWuu2AA
dspSlhxW7dQN6qZZKJqr2WQ8y1XMXQVAxVkNI4hRvLwetCD0F6DqUJ+QJpc0w7A=
-----END ENCRYPTED PRIVATE KEY-----
)";
constexpr std::string_view kEncryptedOld = R"(-----BEGIN EC PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,1420DCF088F41BB481E54EC0218A3A71

zxEPnRb1OBuz5JxN4IFwPTZ6uh2/pqBQg287FVQTInJe034zjj65tLfOIIgQvRnu
qCkkM+mS9u6P/2GXbns9ZvFBRiDTmsw/WxMxWK7/aljwxXG2Y8cqyxbcWNgKhQEV
6Yuu4GeO0nK1rVUBv/bX0d+wCPQ8rry0BxbcAcArBQg=
-----END EC PRIVATE KEY-----
)";
constexpr std::string_view kSmallRsa = R"(-----BEGIN RSA PRIVATE KEY-----
MIICXQIBAAKBgQCuuvvt3Sqb5NBWC+OTOymnZMvnINOwU17AjTOj6yfX3vVowTlE
FwNFl5Luxhs30vlyeenmt4q8c6zVjhoCelbKYktEh5oxXynkCNh1wwL88EoNPunL
Nl/QkNC+nYmrw35SC0mWBd1RdQNVv/ige0H5lQinTAlOWt9taC9zI69h8QIDAQAB
AoGAX8qg/QmoJ2ktEk9YR0pDDsNCygaEJ4G9S4Dd07rC0CUqk3CDDaI0J/3uDrtL
BrLCEJFnuxXamHAuS7Go7rzVQRwCbgDQJF9rFZ3fKFHf60U6CUhVcScWnZB8fOfE
AeELoswKzSqbDTHtGqpGV61XPAaYlYdOvSPU6EzCMZInqEECQQDniw3GI9yCkJX3
w6L+A6n0Sn4GPjyw8yNTozKMsVf1aTyn0/n4UiXGFXk2AkJ6lSKLdkM//U1LooCU
Io0yd5A5AkEAwS+1VvJ2+unE6FsDDnhofLDYGh6RUU47vdRZ/tciA5Tf3dgVwUKU
tVjHCFAWbO2rU2JaIS2f5ZAEkIsGh7/veQJBAKsNB/TrgziVVaS+y0d6L3DAI0+7
ZJyYUe20r2BOlxs+TkfxikYPccZfELd8fd4PFIEQseew2gxZFUHaMJMqzskCQAcl
9cbO1/o21jNm0rkhWXRrssNcqDHi/DDs/5t/aGHLi3ERAtUQ2qHPNCYpmHrVXIaM
WBtsLcN3zcNvcYFqZ7kCQQDfLd9sE+++f9rysq8UpZm3U7NA5bPnQlqmwQkF6ifV
2oeFLgZd7NKnq3PsA8WBCodJxOjWA7T3kfbVYKHJyML+
-----END RSA PRIVATE KEY-----
)";

std::unique_ptr<SigningKey> key_of(std::string_view pem) {
  auto key = parse_signing_key(pem);
  EXPECT_TRUE(key) << key.error().message;
  return key ? std::move(*key) : nullptr;
}

std::string refusal(std::string_view pem) {
  const auto key = parse_signing_key(pem);
  return key ? "" : key.error().message;
}

TEST(SigningKey, AnEcKeyInBothForms) {
  for (const std::string_view pem : {kEc, kEcInfo}) {
    const auto key = key_of(pem);
    ASSERT_TRUE(key);
    EXPECT_EQ(key->algorithm(), "ES256");
    EXPECT_TRUE(key->verify(kWords, *from_base64(kEcSignature)));
    const std::string own = key->sign(kWords);
    EXPECT_EQ(own.size(), 64U);
    EXPECT_TRUE(key->verify(kWords, own));
    EXPECT_FALSE(key->verify("other words", own));
    EXPECT_NE(own, key->sign(kWords));
  }
}

TEST(SigningKey, AnRsaKeyInBothForms) {
  const std::string body(kRsa.substr(32, kRsa.find("-----END") - 32));
  const std::string info = "-----BEGIN PRIVATE KEY-----\n" +
                           to_base64(*from_base64(kRsaInfoStart) + *from_base64(body)) +
                           "\n-----END PRIVATE KEY-----\n";
  for (const std::string_view pem : {kRsa, std::string_view(info)}) {
    const auto key = key_of(pem);
    ASSERT_TRUE(key);
    EXPECT_EQ(key->algorithm(), "RS256");
    EXPECT_EQ(to_base64(key->sign(kWords)), kRsaSignature);
    EXPECT_TRUE(key->verify(kWords, key->sign(kWords)));
  }
}

TEST(SigningKey, WhatCannotBeUsedIsSaid) {
  EXPECT_THAT(refusal("words"), HasSubstr("no private key"));
  EXPECT_THAT(refusal(kEc.substr(0, kEc.size() - 20)), HasSubstr("in the middle"));
  EXPECT_THAT(refusal(kOtherCurve), HasSubstr("another curve"));
  EXPECT_THAT(refusal(kEd25519), HasSubstr("neither an EC key nor an RSA key"));
  EXPECT_THAT(refusal(kEncrypted), HasSubstr("encrypted"));
  EXPECT_THAT(refusal(kEncryptedOld), HasSubstr("encrypted"));
  EXPECT_THAT(refusal(kSmallRsa), HasSubstr("less than 2048 bits"));
  EXPECT_THAT(refusal("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----"), HasSubstr("damaged"));
}

TEST(SigningKey, NoDamagedKeyIsFollowedOutOfItsBytes) {
  const std::string whole(kEcInfo);
  const std::string der = *from_base64(whole.substr(28, whole.find("-----END") - 28));
  for (size_t i = 0; i < der.size(); ++i) {
    for (const std::string& changed : {der.substr(0, i), der.substr(0, i) + "\xFF" + der.substr(i + 1)}) {
      const auto key = parse_signing_key("-----BEGIN PRIVATE KEY-----\n" + to_base64(changed) +
                                         "\n-----END PRIVATE KEY-----");
      if (key) EXPECT_EQ((*key)->sign(kWords).size(), 64U);
    }
  }
}

}  // namespace
}  // namespace awl::crypto
