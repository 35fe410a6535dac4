"""Signs the same random requests with botocore and with sigv4_lines, and shows the first difference.

usage: compare.py path/to/sigv4_lines [seed]
"""
import base64
import datetime
import json
import random
import subprocess
import sys
from unittest import mock

try:
    import botocore
    import botocore.auth
    import botocore.awsrequest
    import botocore.credentials
except ImportError:
    sys.exit("sigv4_botocore needs the Debian package python3-botocore: apt-get install python3-botocore")

COUNT = 1000
DEFAULT_SEED = 20260102
HOST = "aws-external-anthropic.us-east-1.api.aws"
UNRESERVED = "abcXYZ019-._~"
# Reserved, unsafe and non-ASCII characters; no control characters, which HTTP does not carry.
ODD = "!\"$&'()*+,/:;<=>@[\\]^`{|} é€𝄞%?#"


def text(rng, alphabet, longest):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(0, longest)))


def spelled(rng, value, never_raw):
    """`value` percent-encoded in one of its many spellings: what is in `never_raw` always, the rest at random."""
    out = []
    for character in value:
        must = character in never_raw or character == "%"
        if must or rng.random() < (0.1 if character in UNRESERVED else 0.7):
            digits = rng.choice(["%{:02X}", "%{:02x}"])
            out.append("".join(digits.format(byte) for byte in character.encode()))
        else:
            out.append(character)
    return "".join(out)


def random_path(rng):
    segments = []
    for _ in range(rng.randint(0, 5)):
        pick = rng.random()
        if pick < 0.1:
            segments.append(rng.choice([".", "..", ""]))
        else:
            segments.append(spelled(rng, text(rng, UNRESERVED + ODD, 8), "/?#"))
    return "/" + "/".join(segments)


def random_query(rng):
    """Pairs as the caller means them, and one of the spellings they can be sent in."""
    names = [text(rng, UNRESERVED + ODD, 6) or "k" for _ in range(3)] + ["beta", "Beta"]
    pairs = [(rng.choice(names), text(rng, UNRESERVED + ODD, 8)) for _ in range(rng.choice([0, 0, 1, 2, 5]))]
    parts = []
    for name, value in pairs:
        bare = value == "" and rng.random() < 0.5
        parts.append(spelled(rng, name, "=&#") + ("" if bare else "=" + spelled(rng, value, "&#")))
    return pairs, "&".join(parts)


def random_headers(rng):
    headers = [["Host", HOST], ["Content-Type", "application/json"]]
    for _ in range(rng.randint(0, 6)):
        name = rng.choice(["X-Custom", "x-custom", "X-CUSTOM", "My_Header", "a!b", "anthropic-beta", "Accept", "X-Z9"])
        value = text(rng, UNRESERVED + "  \t\t,;=\"'/\\()é€", 20)
        if rng.random() < 0.1:
            value = "one" + rng.choice(["\n ", "\r\n\t", "\n    "]) + "two"
        headers.append([name, value])
    rng.shuffle(headers)
    return headers


def random_request(rng):
    pairs, query = random_query(rng)
    long_body = rng.random() < 0.02
    return pairs, {
        "method": rng.choice(["GET", "POST", "PUT", "DELETE", "PATCH"]),
        "path": random_path(rng),
        "query": query,
        "headers": random_headers(rng),
        "body_base64": base64.b64encode(rng.randbytes(100_000 if long_body else rng.choice([0, 1, 63, 64, 200]))).decode(),
        "region": rng.choice(["us-east-1", "eu-west-3", "us-gov-west-1"]),
        "service": rng.choice(["aws-external-anthropic", "sts", "service"]),
        "epoch_seconds": rng.randint(0, 4102444799),
        "hash_header": rng.random() < 0.5,
        "access_key_id": rng.choice(["AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE"]),
        "secret_access_key": text(rng, UNRESERVED + "+/=", 40) or "s",
        "token": rng.choice(["", text(rng, UNRESERVED + "+/=", 400)]),
    }


def clock_at(now):
    """Makes botocore's signer read `now`; newer versions ask a function of their own for the time."""
    if hasattr(botocore.auth, "get_current_datetime"):
        return mock.patch("botocore.auth.get_current_datetime", return_value=now)
    patched = mock.Mock(**{"datetime.utcnow.return_value": now})
    return mock.patch("botocore.auth.datetime", patched)


def sign_with_botocore(pairs, line):
    headers = botocore.compat.HTTPHeaders()
    for name, value in line["headers"]:
        headers[name] = value  # appends: a repeated name stays repeated
    request = botocore.awsrequest.AWSRequest(
        method=line["method"], url="https://" + HOST + line["path"], params=pairs,
        data=base64.b64decode(line["body_base64"]))
    request.headers = headers
    credentials = botocore.credentials.Credentials(
        line["access_key_id"], line["secret_access_key"], line["token"] or None)
    signer = botocore.auth.SigV4Auth(credentials, line["service"], line["region"])
    if line["hash_header"]:
        request.headers["X-Amz-Content-SHA256"] = signer.payload(request)
    with clock_at(datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=line["epoch_seconds"])):
        signer.add_auth(request)
    authorization = request.headers["Authorization"]
    del request.headers["Authorization"]
    canonical = signer.canonical_request(request)
    return {
        "canonical_request": canonical,
        "string_to_sign": signer.string_to_sign(request, canonical),
        "authorization": authorization,
    }


def main():
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else DEFAULT_SEED
    print(f"botocore {botocore.__version__}, {COUNT} requests, seed {seed}")
    rng = random.Random(seed)
    requests = [random_request(rng) for _ in range(COUNT)]
    lines = "".join(json.dumps(line) + "\n" for _, line in requests)
    done = subprocess.run([sys.argv[1]], input=lines, stdout=subprocess.PIPE, text=True, timeout=100)
    if done.returncode != 0:
        sys.exit(f"sigv4_lines ended with {done.returncode}")
    answers = [json.loads(answer) for answer in done.stdout.splitlines()]
    if len(answers) != COUNT:
        sys.exit(f"sigv4_lines answered {len(answers)} of {COUNT} requests")
    for number, ((pairs, line), ours) in enumerate(zip(requests, answers)):
        theirs = sign_with_botocore(pairs, line)
        if ours != theirs:
            print(f"request {number} differs:\n{json.dumps(line, indent=1)}")
            for stage in ("canonical_request", "string_to_sign", "authorization"):
                print(f"--- {stage}, botocore:\n{theirs[stage]}\n--- {stage}, awl:\n{ours[stage]}")
            sys.exit(1)
    print("all signatures are the same")


main()
