# SPDX-License-Identifier: Apache-2.0
"""Debian's Chromium, driven by playwright-core from tests/peers."""
import json
import os
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).parent
PEERS = HERE.parent / "peers/node_modules"
NODE = HERE.parent / "peers/node.sh"


def why_not():
    """Why there is no browser here; None when there is one."""
    if not shutil.which("node"):
        return "node is not installed"
    if not shutil.which("chromium"):
        return "chromium is not installed"
    for package in ("playwright-core", "axe-core"):
        if not (PEERS / package).exists():
            return f"the npm package {package} is not installed"
    return None


class Browser:
    """One window, from opening to closing."""

    def __init__(self):
        environment = {**os.environ, "ROLWACHT_CHROMIUM": shutil.which("chromium")}
        self.process = subprocess.Popen([NODE, HERE / "browser.mjs"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, env=environment)
        if "ready" not in self.process.stdout.readline():
            raise RuntimeError("the browser did not start")

    def __call__(self, act, at=None, **rest):
        command = {"act": act, **({"at": at} if at else {}), **rest}
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise AssertionError(f"{command}: {answer['error']}")
        return answer["value"]

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


