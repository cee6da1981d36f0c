# SPDX-License-Identifier: Apache-2.0
"""Programs that end with the test that started them, however it ends."""


def bound(*words):
    """The words of a program that the kernel kills when the thread that started it is gone. A service
    that was killed takes its database with it, as one of a pharmacy does."""
    return ["setpriv", "--pdeathsig", "KILL", *words]
