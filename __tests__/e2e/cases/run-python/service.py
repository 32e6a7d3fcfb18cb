import os
import signal

STOP = {signal.SIGTERM}
signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
with open("/reversed.txt", encoding="utf-8") as file:
    secret = file.read()[::-1]
memory = os.memfd_create("cache")
os.write(memory, secret.encode())
signal.sigwait(STOP)
