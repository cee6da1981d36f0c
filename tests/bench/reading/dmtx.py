# SPDX-License-Identifier: Apache-2.0
"""Reads grey pictures with libdmtx alone: FOLDER COUNT -> one JSON line a picture."""
import base64
import ctypes
import ctypes.util
import json
import os
import sys
import time

LIMIT_MS = 1000
PACK_GREY = 300  # DmtxPack8bppK
PROPERTY_FNC1 = 104  # DmtxPropFnc1
GROUP_SEPARATOR = 0x1D
UNDEFINED = -1


class Time(ctypes.Structure):
    _fields_ = [("sec", ctypes.c_long), ("usec", ctypes.c_ulong)]


class Message(ctypes.Structure):
    _fields_ = [("array_size", ctypes.c_size_t), ("code_size", ctypes.c_size_t),
                ("output_size", ctypes.c_size_t), ("output_index", ctypes.c_int),
                ("pad_count", ctypes.c_int), ("fnc1", ctypes.c_int),
                ("array", ctypes.c_void_p), ("code", ctypes.c_void_p),
                ("output", ctypes.POINTER(ctypes.c_ubyte))]


def library():
    dmtx = ctypes.CDLL(ctypes.util.find_library("dmtx") or "libdmtx.so.0")
    pointer = ctypes.c_void_p
    dmtx.dmtxImageCreate.restype = pointer
    dmtx.dmtxImageCreate.argtypes = [pointer, ctypes.c_int, ctypes.c_int, ctypes.c_int]
    dmtx.dmtxDecodeCreate.restype = pointer
    dmtx.dmtxDecodeCreate.argtypes = [pointer, ctypes.c_int]
    dmtx.dmtxDecodeSetProp.argtypes = [pointer, ctypes.c_int, ctypes.c_int]
    dmtx.dmtxTimeNow.restype = Time
    dmtx.dmtxTimeAdd.restype = Time
    dmtx.dmtxTimeAdd.argtypes = [Time, ctypes.c_long]
    dmtx.dmtxRegionFindNext.restype = pointer
    dmtx.dmtxRegionFindNext.argtypes = [pointer, ctypes.POINTER(Time)]
    dmtx.dmtxDecodeMatrixRegion.restype = ctypes.POINTER(Message)
    dmtx.dmtxDecodeMatrixRegion.argtypes = [pointer, pointer, ctypes.c_int]
    return dmtx


def picture(path):
    blob = path.read_bytes() if hasattr(path, "read_bytes") else open(path, "rb").read()
    width, height = (int(word) for word in blob[3:32].split()[:2])
    return width, height, blob[len(blob) - width * height:]


def read(dmtx, path):
    width, height, grey = picture(path)
    pixels = ctypes.create_string_buffer(grey, len(grey))
    codes = set()
    cpu = time.process_time()
    start = time.monotonic()
    image = dmtx.dmtxImageCreate(pixels, width, height, PACK_GREY)
    decode = dmtx.dmtxDecodeCreate(image, 1)
    dmtx.dmtxDecodeSetProp(decode, PROPERTY_FNC1, GROUP_SEPARATOR)
    until = dmtx.dmtxTimeAdd(dmtx.dmtxTimeNow(), LIMIT_MS)
    while region := dmtx.dmtxRegionFindNext(decode, ctypes.byref(until)):
        message = dmtx.dmtxDecodeMatrixRegion(decode, region, UNDEFINED)
        if message:
            codes.add(bytes(message.contents.output[:message.contents.output_index]))
    # Sorted, so that two runs say the same; what was allocated ends with the process.
    return {"codes": [base64.b64encode(code).decode() for code in sorted(codes)],
            "ms": 1000 * (time.monotonic() - start), "cpu_ms": 1000 * (time.process_time() - cpu)}


def main():
    folder, count = sys.argv[1], int(sys.argv[2])
    dmtx = library()
    for number in range(count):
        sys.stdout.flush()
        child = os.fork()  # an assertion of the library ends one picture only
        if child == 0:
            print(json.dumps(read(dmtx, os.path.join(folder, "%d.pgm" % number))), flush=True)
            os._exit(0)
        if os.waitpid(child, 0)[1] != 0:
            print(json.dumps({"codes": [], "ms": 0, "cpu_ms": 0}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
