# shellcheck shell=bash
# A second, newer Docker engine beside the machine's own: the containerd image store and BuildKit, so that the tests see both stores
# and both ways to build. Everything it has is in one folder, and its network device is its own. Sourced.

NEWER="$CACHE/newer-engine"
NEWER_HOST="unix://$NEWER/run/docker.sock"
NEWER_CONFIG="$NEWER/client"
NEWER_START_SECONDS=60
# The first engine with a containerd image store that can be switched on for good, and `docker save` in the OCI layout.
NEWER_LEAST_MAJOR=25
# An engine told to do without a bridge deletes docker0, which is the first engine's. So: a bridge of our own,
# named after the folder (a device's name has at most 15 characters).
NEWER_BRIDGE="tmpfs-$(printf %s "$NEWER" | cksum | cut -c 1-8)"
# Debian 13 has Docker 26.1 and buildx; Debian 12 has 20.10 and no buildx.
NEWER_SUITE=trixie
NEWER_PACKAGES=(docker.io docker-cli docker-buildx containerd)

newer_docker() { DOCKER_HOST="$NEWER_HOST" DOCKER_CONFIG="$NEWER_CONFIG" timeout 60 docker "$@"; }
newer_answers() { DOCKER_HOST="$NEWER_HOST" engine_answers; }

# The major version of the engine that is installed on this machine: 20, 28, or 0 when there is none.
installed_major() { { dockerd --version 2>/dev/null || echo 0; } | sed -E 's/^[^0-9]*([0-9]+).*/\1/;q'; }

# The mirror that this machine already takes its packages from.
debian_mirror() {
  # These are apt's placeholders, not the shell's.
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(ORIGIN) $(REPO_URI)' 'Created-By: Packages' | sed -n 's/^Debian //p' |
    grep -v security | head -n 1
}

# newer_apt COMMAND...: apt with another suite, and with its lists and cache apart, so that the system's own stay untouched.
newer_apt() {
  local apt="$NEWER/apt"
  apt-get -qq -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State="$apt/state" -o Dir::State::status=/dev/null -o Dir::Cache="$apt/cache" -o APT::Sandbox::User="$(id -un)" "$@"
}

download_newer_engine() {
  local mirror
  mirror="$(debian_mirror)"
  [ -n "$mirror" ] || die "found no Debian mirror in this machine's apt sources"
  say "Unpacking Docker 26.1 and buildx from Debian $NEWER_SUITE into $NEWER"
  rm -rf "$NEWER/apt" "$NEWER/new"
  mkdir -p "$NEWER/apt/state/lists/partial" "$NEWER/apt/cache/archives/partial" "$NEWER/apt/packages" "$NEWER/new"
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$mirror" "$NEWER_SUITE" >"$NEWER/apt/sources.list"
  newer_apt update >&2
  (cd "$NEWER/apt/packages" && newer_apt download "${NEWER_PACKAGES[@]}" >&2)
  for package in "$NEWER"/apt/packages/*.deb; do dpkg-deb -x "$package" "$NEWER/new"; done
  rm -rf "$NEWER/apt"
  # Last, and in one step: a folder of this name is a whole one.
  mv "$NEWER/new" "$NEWER/root"
}

# Decides whose programs run: the machine's own when they are new enough, else Debian's. Sets NEWER_PATH.
find_newer_engine() {
  NEWER_PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
  mkdir -p "$NEWER_CONFIG/cli-plugins" "$NEWER/run" "$NEWER/log"
  [ -e "$NEWER_CONFIG/config.json" ] || echo '{}' >"$NEWER_CONFIG/config.json"
  [ "$(PATH="$PATH:/usr/sbin" installed_major)" -lt "$NEWER_LEAST_MAJOR" ] || return 0
  on_debian || die "needs Docker $NEWER_LEAST_MAJOR or newer, or Debian's packages to take one from"
  [ -d "$NEWER/root" ] || download_newer_engine
  NEWER_PATH="$NEWER/root/usr/sbin:$NEWER/root/usr/bin:$NEWER_PATH"
  ln -sfn "$NEWER/root/usr/libexec/docker/cli-plugins/docker-buildx" "$NEWER_CONFIG/cli-plugins/docker-buildx"
}

# A /24 that this machine has no route to yet (but by the default route).
free_subnet() {
  for third in $(seq 0 255); do
    if ! ip -4 route show to match "10.213.$third.1" | grep -vq '^default'; then
      echo "10.213.$third"
      return 0
    fi
  done
  die "no free subnet in 10.213.0.0/16"
}

ensure_bridge() {
  have ip || [ -x /usr/sbin/ip ] || as_root apt-get install -qq -y --no-install-recommends iproute2 >/dev/null </dev/null
  [ ! -e "/sys/class/net/$NEWER_BRIDGE" ] || return 0
  local subnet
  subnet="$(free_subnet)"
  as_root ip link add "$NEWER_BRIDGE" type bridge
  as_root ip addr add "$subnet.1/24" dev "$NEWER_BRIDGE"
  as_root ip link set "$NEWER_BRIDGE" up
}

# No rules in the packet filter: the first engine's chains have the same names, and would be flushed.
write_settings() {
  cat >"$NEWER/daemon.json" <<JSON
{
  "features": { "containerd-snapshotter": true },
  "hosts": ["$NEWER_HOST"],
  "group": "$(id -gn)",
  "containerd": "$NEWER/run/containerd.sock",
  "data-root": "$NEWER/data",
  "exec-root": "$NEWER/run/exec",
  "pidfile": "$NEWER/run/dockerd.pid",
  "bridge": "$NEWER_BRIDGE",
  "iptables": false,
  "ip6tables": false,
  "ip-masq": false
}
JSON
  cat >"$NEWER/containerd.toml" <<TOML
version = 2
root = "$NEWER/data-containerd"
state = "$NEWER/run/containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
[grpc]
address = "$NEWER/run/containerd.sock"
TOML
}

# newer_pids PROGRAM SETTINGS: the process numbers of our own daemon, by the settings file that its command line names.
newer_pids() {
  { grep -lszFx -- "$2" /proc/[0-9]*/cmdline || true; } | cut -d / -f 3 | while read -r pid; do
    ! is_process "$pid" "$1" || echo "$pid"
  done
}

# start_daemon PROGRAM OPTION SETTINGS CHECK: starts it unless it runs, and waits until the check is true.
start_daemon() {
  local log="$NEWER/log/$1.log"
  [ -n "$(newer_pids "$1" "$3")" ] || in_background "$log" env PATH="$NEWER_PATH" "$1" "$2" "$3"
  sleep 0.2
  wait_for "$NEWER_START_SECONDS" true_or_ended "$4" "$1" "$3" || true
  "$4" && return 0
  as_root tail -n 20 "$log" >&2
  die "$1 of the newer engine ended, or was not ready within $NEWER_START_SECONDS s"
}
true_or_ended() { "$1" || [ -z "$(newer_pids "$2" "$3")" ]; }

containerd_listens() { as_root test -S "$NEWER/run/containerd.sock"; }

start_newer_engine() {
  ensure_bridge
  write_settings
  remove_stale_pid "$NEWER/run/dockerd.pid" dockerd
  start_daemon containerd --config "$NEWER/containerd.toml" containerd_listens
  start_daemon dockerd --config-file "$NEWER/daemon.json" newer_answers
  say "Docker engine $(newer_docker version --format '{{.Server.Version}}') with the containerd image store is up."
}

# stop_daemon PROGRAM SETTINGS
stop_daemon() {
  for pid in $(newer_pids "$1" "$2"); do
    as_root kill "$pid"
    wait_for 30 process_is_gone "$pid" || die "$1 (process $pid) did not end within 30 s"
  done
}
process_is_gone() { [ ! -e "/proc/$1" ]; }

# Ends what start_newer_engine began, and nothing else. Images and downloads stay.
stop_newer_engine() {
  stop_daemon dockerd "$NEWER/daemon.json"
  stop_daemon containerd "$NEWER/containerd.toml"
  # An engine that was killed once leaves its data folder mounted over itself.
  ! mountpoint -q "$NEWER/data" || as_root umount "$NEWER/data"
  [ ! -e "/sys/class/net/$NEWER_BRIDGE" ] || as_root ip link delete "$NEWER_BRIDGE"
}

# The same base images as on the first engine, from there.
copy_base_images() {
  for image in "${BASE_IMAGES[@]}"; do
    newer_docker image inspect "$image" >/dev/null 2>&1 || docker save "$image" | newer_docker load >/dev/null
  done
}
