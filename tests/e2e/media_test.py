"""Images and PDF files: read by the model, and sent in messages."""
import base64
import hashlib
import json
import os
import shutil
import struct
import unittest
import zlib

from support import E2eCase, call, result_text, sent_results, steps

STREAM_BOTH = ("-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose")


def png(width, height, pixel=b"\xdc\x1e\x1e", noise=False):
    """A PNG of one colour, or of bytes that do not compress."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    if noise:
        data = b"".join(b"\0" + row for row in (os.urandom(width * 3) for _ in range(height)))
        packed = zlib.compress(data, 0)
    else:
        packed = zlib.compress((b"\0" + pixel * width) * height, 6)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", packed) + chunk(b"IEND", b""))


def png_size(data):
    return struct.unpack(">II", data[16:24])


def rc4(key, data):
    state, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def pdf(pages, password=None):
    """A PDF file of empty pages; with a password by the oldest of the standard methods (PDF 1.4, 3.5.2)."""
    encrypt = ""
    file_id = b"0123456789abcdef"
    if password is not None:
        padding = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
        owner = rc4(hashlib.md5((b"owner" + padding)[:32]).digest()[:5], (password.encode() + padding)[:32])
        key = hashlib.md5((password.encode() + padding)[:32] + owner + struct.pack("<i", -4) + file_id).digest()[:5]
        user = rc4(key, padding)
        encrypt = (f"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{owner.hex()}>/U<{user.hex()}>>>"
                   f"/ID[<{file_id.hex()}><{file_id.hex()}>]")
    kids = " ".join(f"{i + 3} 0 R" for i in range(pages))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {pages}/Kids[{kids}]>>"]
    objects += ["<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Resources<<>>>>"] * pages
    out, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    return (f"{out}xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R{encrypt}>>\n"
            f"startxref\n{len(out)}\n%%EOF\n").encode()


def image_block(data, media_type="image/png"):
    encoded = data if isinstance(data, str) else base64.b64encode(data).decode()
    return {"type": "image", "source": {"type": "base64", "media_type": media_type, "data": encoded}}


def document_block(data):
    return {"type": "document", "source": {"type": "base64", "media_type": "application/pdf",
                                           "data": base64.b64encode(data).decode()}}


def words(text):
    return {"type": "text", "text": text}


def user_line(*content):
    return json.dumps({"type": "user", "message": {"role": "user", "content": list(content)}}).encode() + b"\n"


class MediaCase(E2eCase):
    def write_bytes(self, name, data):
        with open(os.path.join(self.work, name), "wb") as file:
            file.write(data)

    def read_call(self, **tool_input):
        """One Read; the blocks that the model was sent for it, and what programs were told."""
        run, requests = self.play(steps([call("Read", **tool_input)], "Seen."))
        self.assert_success(run, "Seen.")
        content = sent_results(requests[1])[0]["content"]
        structured = [e["tool_use_result"] for e in run.events("user") if "tool_use_result" in e]
        return content, structured[0]


class ReadTest(MediaCase):
    def test_a_small_image_comes_as_it_is(self):
        data = png(40, 30)
        self.write_bytes("dot.jpg", data)  # the name is wrong
        content, structured = self.read_call(file_path="dot.jpg")
        self.assertEqual(content, [image_block(data)])
        self.assertEqual(structured["file"]["dimensions"]["displayWidth"], 40)

    def test_a_large_image_comes_smaller(self):
        self.write_bytes("wide.png", png(4000, 100))
        content, structured = self.read_call(file_path="wide.png")
        self.assertEqual(png_size(base64.b64decode(content[0]["source"]["data"])), (2000, 50))
        self.assertIn("multiply coordinates in it by 2", content[1]["text"])
        self.assertEqual(structured["file"]["dimensions"], {"originalWidth": 4000, "originalHeight": 100,
                                                            "displayWidth": 2000, "displayHeight": 50})

    def test_a_short_pdf_comes_whole(self):
        data = pdf(2)
        self.write_bytes("a.pdf", data)
        content, structured = self.read_call(file_path="a.pdf")
        self.assertEqual(content, [document_block(data)])
        self.assertEqual((structured["type"], structured["file"]["originalSize"]), ("pdf", len(data)))

    def test_a_long_pdf_comes_in_pages(self):
        self.write_bytes("a.pdf", pdf(11))
        content, _ = self.read_call(file_path="a.pdf")
        self.assertIn("11 pages", content)
        content, structured = self.read_call(file_path="a.pdf", pages="10-15")
        self.assertEqual([b["type"] for b in content], ["text", "image", "image"])
        self.assertEqual((structured["type"], structured["file"]["count"]), ("parts", 2))
        self.assertTrue(os.path.isdir(structured["file"]["outputDir"]))

    def test_an_encrypted_pdf(self):
        self.write_bytes("locked.pdf", pdf(1, password="secret"))
        content, _ = self.read_call(file_path="locked.pdf")
        self.assertIn("protected with a password", content)
        self.write_bytes("open.pdf", pdf(1, password=""))
        content, structured = self.read_call(file_path="open.pdf")
        self.assertEqual(structured["type"], "parts")
        self.assertEqual(content[1]["type"], "image")


class MessageTest(MediaCase):
    def send(self, scenario, *lines):
        emulator = self.start_emulator(scenario)
        run = self.run_awl(*STREAM_BOTH, "--model", "haiku", env=self.env(emulator.url), stdin=b"".join(lines))
        return run, emulator.requests()

    def test_an_image_within_the_limits_keeps_its_bytes(self):
        block = image_block(png(1999, 10))
        run, requests = self.send(steps("Seen."), user_line(words("look"), block))
        self.assert_success(run, "Seen.")
        sent = requests[0]["body"]["messages"][-1]["content"]
        self.assertEqual([b["source"] for b in sent if b["type"] == "image"], [block["source"]])

    def test_a_large_image_is_made_smaller(self):
        for data in (png(2500, 10), png(1400, 1000, noise=True)):
            run, requests = self.send(steps("Seen."), user_line(image_block(data)))
            self.assert_success(run, "Seen.")
            sent = [b for b in requests[0]["body"]["messages"][-1]["content"] if b["type"] == "image"]
            self.assertLess(len(sent[0]["source"]["data"]), 5 << 20)
            self.assertNotEqual(sent[0]["source"]["data"], base64.b64encode(data).decode())

    def test_a_large_image_is_no_reason_to_compact(self):
        run, requests = self.send(steps("Seen."), user_line(words("look at this")),
                                  user_line(image_block(png(1400, 1000, noise=True))))
        self.assertEqual([r["result"] for r in run.results()], ["Seen.", "Seen."], run)
        self.assertEqual(len(requests), 2)

    def test_a_wrong_media_type_is_put_right(self):
        run, requests = self.send(steps("Seen."), user_line(image_block(png(3, 2), "image/jpeg")))
        self.assert_success(run, "Seen.")
        self.assertIn('"media_type": "image/png"', json.dumps(requests[0]["body"]["messages"]))

    def test_what_cannot_be_sent_is_an_error_of_that_message_alone(self):
        cases = {"not base64": image_block("%%%"), "image/bmp": image_block(b"BM", "image/bmp"),
                 "damaged": image_block(png(9, 9)[:40]), "PNG, JPEG, GIF or WebP": image_block(b"just words"),
                 "no PDF file": document_block(b"words"), "101 pages": document_block(pdf(101)),
                 "password": document_block(pdf(1, "secret")), "encrypted": document_block(pdf(1, "")),
                 "101 images": [image_block(png(1, 1))] * 101}
        lines = [user_line(*(c if isinstance(c, list) else [words("look"), c])) for c in cases.values()]
        run, requests = self.send(steps("Still here."), *lines, user_line(words("and now?")))
        results = run.results()
        self.assertEqual(len(results), len(cases) + 1, run)
        for wanted, result in zip(cases, results):
            self.assertTrue(result["is_error"], result)
            self.assertIn(wanted, result["result"])
            self.assertEqual(result["terminal_reason"], "image_error")
        self.assertEqual((results[-1]["is_error"], results[-1]["result"]), (False, "Still here."))
        self.assertEqual(len(requests), 1)
        self.assertEqual(len(requests[0]["body"]["messages"]), 1)

    def test_a_conversation_with_too_many_images_loses_the_oldest(self):
        line = user_line(*[image_block(png(1, 1))] * 40)
        run, requests = self.send(steps("Seen."), line, line, line)
        self.assertEqual([r["result"] for r in run.results()], ["Seen."] * 3, run)
        kinds = [[b["type"] for b in m["content"]] for m in requests[2]["body"]["messages"] if m["role"] == "user"]
        self.assertEqual([k.count("image") for k in kinds], [0, 10, 40])
        self.assertIn("too large to send", json.dumps(requests[2]["body"]["messages"][0]))

    def test_an_image_that_the_platform_refuses_does_not_stay(self):
        self.wants_bad_requests = True
        refusal = {"status": 400, "error": {"type": "invalid_request_error",
                                            "message": "messages.0.content.1.image.source.base64: bad image"}}
        scenario = {"rules": [{"when": {"messages_contain": "look"}, "times": 1, "step": refusal}],
                    "steps": [{"content": "Without it."}]}
        run, requests = self.send(scenario, user_line(words("look"), image_block(png(5, 5))))
        self.assert_success(run, "Without it.")
        self.assertEqual(len(requests), 2)
        content = requests[1]["body"]["messages"][0]["content"]
        self.assertEqual({b["type"] for b in content}, {"text"})
        self.assertEqual(content[-2]["text"], "look")
        self.assertIn("bad image", content[-1]["text"])


class WithoutProgramsTest(MediaCase):
    """A copy of awl with nothing beside it."""

    def test_large_images_are_refused_and_small_ones_work(self):
        import support
        alone = shutil.copy(support.AWL, os.path.join(self.folder("alone"), "awl"))
        self.write_bytes("small.png", png(4, 4))
        self.write_bytes("wide.png", png(3000, 4))
        emulator = self.start_emulator(steps([call("Read", file_path="small.png"), call("Read", file_path="wide.png")],
                                             "Seen."))
        before, support.AWL = support.AWL, alone
        try:
            run = self.ask(emulator.url)
        finally:
            support.AWL = before
        self.assert_success(run, "Seen.")
        small, wide = sent_results(emulator.requests()[1])
        self.assertEqual(small["content"], [image_block(png(4, 4))])
        self.assertTrue(wide["is_error"])
        self.assertIn("awl-media", result_text(wide))


if __name__ == "__main__":
    unittest.main()
