# shellcheck shell=bash
# What every script here shares: how to speak, how to become root, how to wait. Sourced, never run.

# Everything these scripts download or keep between runs is in this one folder; deleting it is always safe
# while no engine of script/newer-engine runs.
CACHE="${TMPFS_CHECK_CACHE:-${HOME:-/tmp}/.cache/tmpfs-check}"

# Progress goes to stderr, so that stdout is left to what a caller reads.
say() { printf '%s\n' "$*" >&2; }
die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# A new empty folder, open to all to read, that goes away with the script however it ends.
new_folder() {
  if [ -z "${SCRATCH:-}" ]; then die "new_folder needs remove_scratch_at_exit first"; fi
  mktemp -d "$SCRATCH/XXXXXX"
}
remove_scratch_at_exit() {
  SCRATCH="$(mktemp -d)"
  # As root apt may read packages as a user of its own.
  chmod 755 "$SCRATCH"
  trap 'rm -rf "$SCRATCH"' EXIT
}

have() { command -v "$1" >/dev/null 2>&1; }

# Is root in reach without asking anyone for a password?
can_be_root() { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }

# as_root COMMAND...
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

# wait_for SECONDS COMMAND...: true as soon as the command is, false when the time is over.
wait_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.2
  done
}

# Is this process running, and is it that program? A pid file outlives its process, and the number may since be another's.
# is_process PID PROGRAM
is_process() { [ "$(cat "/proc/$1/comm" 2>/dev/null)" = "$2" ]; }

# Does any process run that program?
runs() { grep -qsx "$1" /proc/[0-9]*/comm; }

# remove_stale_pid FILE PROGRAM: an engine that was killed leaves its pid file behind, and refuses to start while a process
# of that number exists, whatever that is. Only a file that does not name such a program is removed.
remove_stale_pid() {
  local pid
  as_root test -e "$1" || return 0
  pid="$(as_root cat "$1")"
  is_process "$pid" "$2" && return 0
  say "Removing $1: it names process ${pid:-(none)}, which is no $2."
  as_root rm -f "$1"
}

# in_background LOG COMMAND...: starts a daemon as root in a session of its own, with nothing of ours open, so that whoever
# waits for our output (a pipe, a CI system) does not wait for the daemon.
in_background() {
  local log="$1"
  shift
  # $0 and $@ belong to the inner shell. It runs as root, who may write the log where we may not.
  # shellcheck disable=SC2016
  as_root setsid -f sh -c 'log="$1"; shift; cd / && exec "$@" >>"$log" 2>&1 </dev/null 9>&-' sh "$log" "$@"
}

# Only one run at a time makes an engine or an image; the others wait, and then find it done. Descriptor 9 holds the lock.
one_at_a_time() {
  mkdir -p "$CACHE"
  exec 9>"$CACHE/$1.lock"
  flock -w 600 9 || die "another $1 has held $CACHE/$1.lock for 10 minutes"
}
