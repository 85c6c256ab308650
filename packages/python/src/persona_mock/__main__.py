"""`python -m persona_mock`: runs the binary as if it had been called itself."""

import os
import subprocess
import sys

from persona_mock import binary


def main() -> int:
    try:
        path = binary()
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    if os.name != "nt":
        # The binary takes the place of this process: signals, input and exit code are its own.
        os.execv(path, [path, *sys.argv[1:]])
    # Windows has no such call. Ctrl-C reaches both, and the server ends by itself.
    with subprocess.Popen([path, *sys.argv[1:]]) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue


sys.exit(main())
