#!/usr/bin/env python3
"""Runs a command on a machine that has no IPv6: every socket of that family is refused, as its kernel would.

    without_ipv6.py COMMAND ARGUMENTS...

A seccomp filter does it, which the command's children inherit. Linux, x86_64 and aarch64.
"""

import ctypes
import errno
import os
import socket
import struct
import sys

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EAFNOSUPPORT
LOAD, JUMP_EQUAL, RETURN = 0x20, 0x15, 0x06
NUMBER, FIRST_ARGUMENT = 0, 16
SOCKET = {"x86_64": 41, "aarch64": 198}[os.uname().machine]

program = b"".join(
    struct.pack("=HBBI", *step)
    for step in [
        (LOAD, 0, 0, NUMBER),
        (JUMP_EQUAL, 0, 3, SOCKET),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (JUMP_EQUAL, 0, 1, socket.AF_INET6),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    ]
)


class Program(ctypes.Structure):
    _fields_ = [("steps", ctypes.c_ushort), ("program", ctypes.c_char_p)]


libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
    sys.exit(f"cannot forgo privileges: {os.strerror(ctypes.get_errno())}")
filter = Program(len(program) // 8, program)
if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(filter), 0, 0) != 0:
    sys.exit(f"cannot install the filter: {os.strerror(ctypes.get_errno())}")
os.execvp(sys.argv[1], sys.argv[1:])
