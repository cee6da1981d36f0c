# SPDX-License-Identifier: Apache-2.0
"""Gives the reader files that are no good pictures: a clear sentence and exit status 3."""
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

BUILD = pathlib.Path(os.environ.get("ROLWACHT_BUILD", "build/dev"))
CORPUS = pathlib.Path(__file__).resolve().parents[1] / "fuzz" / "corpus" / "fuzz_image"
READ = os.environ.get("ROLWACHT_BIN", str(BUILD / "bin")) + "/rolwacht-read"


SYMBOL = (0x2aa, 0x32d, 0x304, 0x31d, 0x308, 0x20f, 0x3b0, 0x3d9, 0x274, 0x3ff)  # 10x10: 123456
MODULE, MARGIN = 4, 10  # pixels of a module, and modules around the symbol
SIDE = MODULE * (10 + 2 * MARGIN)


def symbol_rows(dark, light):
    """The rows of a picture of SYMBOL; a pixel is the bytes `dark` or `light`."""
    for y in range(SIDE):
        row = y // MODULE - MARGIN
        bits = SYMBOL[row] << MARGIN if 0 <= row < 10 else 0
        yield b"".join(dark if bits >> (9 + 2 * MARGIN - x // MODULE) & 1 else light for x in range(SIDE))


def tiff(pages, compression=1):
    """A TIFF file of grey pictures: pairs of the rows and the NewSubfileType. 1 = not compressed."""
    out = b"II*\0" + struct.pack("<I", 8)
    for number, (rows, kind) in enumerate(pages):
        body = b"".join(rows)
        height = len(body) // SIDE
        pixels = len(out) + 2 + 10 * 12 + 4
        entries = [(254, kind), (256, SIDE), (257, height), (258, 8), (259, compression), (262, 1),
                   (273, pixels), (277, 1), (278, height), (279, len(body))]
        following = 0 if number == len(pages) - 1 else pixels + len(body)
        out += struct.pack("<H", len(entries))
        out += b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
        out += struct.pack("<I", following) + body
    return out


def png(width, height, rows=b"\0\xff", depth=8, colour=0, palette=b""):
    def chunk(kind, body):
        whole = kind + body
        return struct.pack(">I", len(body)) + whole + struct.pack(">I", zlib.crc32(whole))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
            + palette_chunks(chunk, palette) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def palette_chunks(chunk, palette):
    """A palette of RGBA colours; the transparency stands in a chunk of its own."""
    colours = [palette[i:i + 4] for i in range(0, len(palette), 4)]
    return (chunk(b"PLTE", b"".join(c[:3] for c in colours)) + chunk(b"tRNS", bytes(c[3] for c in colours))
            if colours else b"")


def headers_of_giants():
    """Files of a few bytes that announce 30,000 by 30,000 pixels."""
    tags = [(256, 30000), (257, 30000)]
    folder = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return {"png": png(30000, 30000),
            "bmp": b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, 30000, 30000, 1, 24, 0, 0, 0, 0, 0, 0),
            "tiff": b"II*\0" + struct.pack("<I", 8) + folder + struct.pack("<I", 0),
            "pgm": b"P2 30000 30000 255 0",
            "jpeg": b"\xff\xd8\xff\xc0" + struct.pack(">HBHHB", 11, 8, 30000, 30000, 1) + b"\1\x11\0\xff\xd9"}


class Hostile(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory(prefix="rolwacht-hostile-")

    def tearDown(self):
        self.place.cleanup()

    def read(self, *contents):
        paths = []
        for number, content in enumerate(contents):
            paths.append(os.path.join(self.place.name, "%d.png" % number))
            pathlib.Path(paths[-1]).write_bytes(content)
        return subprocess.run([READ, "--small", *paths], capture_output=True, text=True, timeout=120)

    def refused(self, content, sentence):
        run = self.read(content)
        self.assertEqual(run.returncode, 3, run)
        self.assertEqual(run.stdout, "")
        self.assertIn(sentence, run.stderr)

    def test_a_text_file_is_refused(self):
        self.refused(b"hello, world\n" * 10, "is no PNG, JPEG, PGM, TIFF, BMP or WebP picture")

    def test_an_empty_file_is_refused(self):
        self.refused(b"", "is no PNG, JPEG, PGM, TIFF, BMP or WebP picture")

    def test_a_truncated_picture_is_refused(self):
        self.refused(png(64, 64, b"\0" * 65 * 64)[:60], "damaged")

    def test_a_giant_header_is_refused_before_it_is_decoded(self):
        self.refused(png(2000000000, 2000000000), "at most")
        self.refused(png(16000, 16000), "at most")

    def test_giants_of_every_format_are_refused_in_little_memory_and_time(self):
        contents = headers_of_giants()
        run = self.read(*contents.values())
        self.assertEqual(run.returncode, 3, run)
        self.assertEqual(run.stderr.count("at most"), len(contents), run.stderr)

    def test_every_depth_and_colour_type_is_read_or_refused(self):
        row = bytes(range(64))
        contents = [png(8, 8, b"".join(b"\0" + row[:samples * depth] for _ in range(8)), depth, colour)
                    for colour, samples in ((0, 1), (2, 3), (4, 2), (6, 4)) for depth in (8, 16)]
        run = self.read(*contents)
        self.assertEqual(run.returncode, 0, run)
        self.assertEqual(len(run.stdout.splitlines()), len(contents))

    def texts(self, *contents):
        run = self.read(*contents)
        self.assertEqual(run.returncode, 0, run)
        return [[code["text"] for code in json.loads(line)["codes"]] for line in run.stdout.splitlines()]

    def test_paper_that_is_transparent_is_light_in_every_kind_of_png(self):
        kinds = [(4, b"\0\xff", b"\0\0", b""), (6, b"\0\0\0\xff", b"\0\0\0\0", b""),
                 (3, b"\1", b"\0", b"\0\0\0\0\0\0\0\xff")]
        contents = [png(SIDE, SIDE, b"".join(b"\0" + row for row in symbol_rows(dark, light)), 8, colour, palette)
                    for colour, dark, light, palette in kinds]
        self.assertEqual(self.texts(*contents), [["123456"]] * len(kinds))

    def test_pages_behind_the_first_are_never_passed_over(self):
        blank = [b"\xff" * SIDE] * 20
        self.refused(tiff([(blank, 0), (symbol_rows(b"\0", b"\xff"), 0)]), "several pages")
        self.assertEqual(self.texts(tiff([(symbol_rows(b"\0", b"\xff"), 0)]),
                                    tiff([(symbol_rows(b"\0", b"\xff"), 0), (blank, 1)])), [["123456"]] * 2)

    def test_a_tiff_whose_rows_are_no_lzw_is_refused_and_said_in_one_line(self):
        run = self.read(tiff([([b"\xa5\x0f" * (SIDE // 2)] * SIDE, 0)], compression=5))
        self.assertEqual((run.returncode, run.stdout), (3, ""), run)
        self.assertIn("damaged", run.stderr)
        self.assertEqual(len(run.stderr.splitlines()), 1, run.stderr)

    def test_a_png_with_a_wrong_sum_is_refused_and_said_in_one_line(self):
        whole = bytearray(png(64, 64, (b"\0" + bytes(64)) * 64))
        whole[-14] ^= 1
        run = self.read(bytes(whole))
        self.assertEqual((run.returncode, run.stdout), (3, ""), run)
        self.assertEqual(len(run.stderr.splitlines()), 1, run.stderr)

    def test_a_file_cut_anywhere_ends_with_a_sentence(self):
        whole = png(64, 64, (b"\0" + bytes(64)) * 64)
        contents = [whole[:length] for length in range(0, len(whole) - 1, 3)]
        run = self.read(*contents)
        self.assertEqual(run.returncode, 3, run)
        told = [line for line in run.stderr.splitlines() if line.startswith("rolwacht read")]
        self.assertEqual(len(run.stdout.splitlines()) + len(told), len(contents), run.stderr)

    def test_a_picture_of_one_pixel_holds_nothing(self):
        run = self.read(png(1, 1))
        self.assertEqual(run.returncode, 0, run)
        self.assertEqual(json.loads(run.stdout)["codes"], [])

    def test_the_same_symbol_is_read_from_every_format(self):
        names = ("whole.jpg", "progressive.jpg", "inks.jpg", "plain.webp", "lossy.webp")
        self.assertEqual(self.texts(*[(CORPUS / name).read_bytes() for name in names]), [["123456"]] * len(names))

    def test_a_jpeg_that_lacks_rows_is_damaged_though_its_end_is_there(self):
        for name in ("whole.jpg", "progressive.jpg", "inks.jpg"):
            whole = (CORPUS / name).read_bytes()
            for part in (0.6, 0.8, 0.95):
                self.refused(whole[:int(part * len(whole))] + b"\xff\xd9", "cut off or damaged")

    def test_pictures_of_strange_kinds_get_a_reason(self):
        self.refused((CORPUS / "moving.webp").read_bytes(), "several pages")
        self.refused((CORPUS / "cut.webp").read_bytes(), "cut off or damaged")
        self.refused((CORPUS / "fraction.tif").read_bytes(), "no whole numbers")
        self.refused(b"GIF89a" + bytes(40), "is no PNG")

    def test_rows_that_lie_outside_a_bmp_or_a_tiff_are_missed(self):
        page = tiff([(symbol_rows(b"\0", b"\xff"), 0)])
        head = struct.pack("<IHHI", 0, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, 64, 64, 1, 24, 0, 0, 0, 0, 0, 0)
        self.refused(page[:-1], "cut off or damaged")
        self.refused(b"BM" + head + bytes(64 * 64 * 3 - 1), "cut off or damaged")
        self.assertEqual(self.texts(page, b"BM" + head + bytes(64 * 64 * 3)), [["123456"], []])

    def test_a_pipe_without_a_writer_is_no_picture(self):
        os.mkfifo(self.place.name + "/pipe.png")
        run = subprocess.run([READ, self.place.name + "/pipe.png", self.place.name], capture_output=True, text=True,
                             timeout=60)
        self.assertEqual(run.returncode, 3, run)
        self.assertIn("nothing writes to this pipe", run.stderr)
        self.assertIn("Is a directory", run.stderr)

    def test_a_bad_file_does_not_stop_the_others(self):
        run = self.read(b"no picture", png(1, 1))
        self.assertEqual(run.returncode, 3)
        self.assertEqual(len(run.stdout.splitlines()), 1)

    def test_a_file_that_is_not_there_is_refused(self):
        run = subprocess.run([READ, self.place.name + "/nothing.png"], capture_output=True, text=True)
        self.assertEqual(run.returncode, 3, run)
        self.assertIn("nothing.png", run.stderr)

    def test_no_picture_at_all_is_a_mistake_of_the_caller(self):
        self.assertEqual(subprocess.run([READ], capture_output=True).returncode, 2)


if __name__ == "__main__":
    sys.exit(unittest.main())
