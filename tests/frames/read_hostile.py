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
READ = os.environ.get("ROLWACHT_BIN", str(BUILD / "bin")) + "/rolwacht-read"


def png(width, height, rows=b"\0\xff"):
    def chunk(kind, body):
        whole = kind + body
        return struct.pack(">I", len(body)) + whole + struct.pack(">I", zlib.crc32(whole))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


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
        return subprocess.run([READ, *paths], capture_output=True, text=True, timeout=120)

    def refused(self, content, sentence):
        run = self.read(content)
        self.assertEqual(run.returncode, 3, run)
        self.assertEqual(run.stdout, "")
        self.assertIn(sentence, run.stderr)

    def test_a_text_file_is_refused(self):
        self.refused(b"hello, world\n" * 10, "is no PNG, JPEG, PGM, TIFF or BMP picture")

    def test_an_empty_file_is_refused(self):
        self.refused(b"", "is no PNG, JPEG, PGM, TIFF or BMP picture")

    def test_a_truncated_picture_is_refused(self):
        self.refused(png(64, 64, b"\0" * 65 * 64)[:60], "damaged")

    def test_a_giant_header_is_refused_before_it_is_decoded(self):
        self.refused(png(2000000000, 2000000000), "at most")
        self.refused(png(16000, 16000), "at most")

    def test_a_picture_of_one_pixel_holds_nothing(self):
        run = self.read(png(1, 1))
        self.assertEqual(run.returncode, 0, run)
        self.assertEqual(json.loads(run.stdout)["codes"], [])

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
