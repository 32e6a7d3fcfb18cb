"""Keeps sensitive data in memory, as it believes: README.md says what is wrong."""

import os
import signal

MEMORY = "/app/tmp"
CUSTOMER_RECORD = "IBAN DE02 1203 0000 0000 2020 51, Ada Lovelace"


def process(record):
    """Writes the record to memory and reads it back, in place of real work."""
    os.makedirs(MEMORY, exist_ok=True)
    path = os.path.join(MEMORY, "record.txt")
    with open(path, "w", encoding="utf-8") as file:
        file.write(record)
    with open(path, encoding="utf-8") as file:
        return file.read()


STOP = {signal.SIGTERM, signal.SIGINT}
signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
process(CUSTOMER_RECORD)
print("ready", flush=True)
signal.sigwait(STOP)
