"""Keeps its database password in memory only: it is given at run time, and what is made from it stays under the tmpfs."""

import os
import signal
import sys
import time

MEMORY = "/app/tmp"
PASSWORD_FILE = os.path.join(MEMORY, "db_password")
# What PostgreSQL clients read (PGPASSFILE): host:port:database:user:password.
PASSFILE = os.path.join(MEMORY, "pgpass")
PATIENCE_SECONDS = 10


def read_password():
    """The password, waited for: it may be delivered a moment after the start. None when it never came."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            with open(PASSWORD_FILE, encoding="utf-8") as file:
                password = file.read().rstrip("\n")
        except FileNotFoundError:
            password = ""
        if password:
            return password
        time.sleep(0.05)
    return None


def write_passfile(password):
    """Written under another name first, so that no one ever reads half of it. Readable by this user only."""
    unfinished = PASSFILE + ".new"
    with open(unfinished, "w", encoding="utf-8") as file:
        file.write(f"*:*:*:*:{password}\n")
    os.replace(unfinished, PASSFILE)


def main():
    # Blocked from the start, so that a stop that comes early is not lost.
    stop = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stop)
    os.umask(0o077)
    password = read_password()
    if password is None:
        # The name of the file, never what is in one.
        sys.exit(f"no {PASSWORD_FILE} after {PATIENCE_SECONDS} s")
    write_passfile(password)
    print("ready", flush=True)
    signal.sigwait(stop)


main()
