# shellcheck shell=bash
# The machine's own Docker engine: does one answer, and if not, installing and starting Debian's or Ubuntu's. Sourced.

ENGINE_LOG=/var/log/tmpfs-check-dockerd.log
ENGINE_START_SECONDS=60

engine_answers() { timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# There is no point in waiting for an engine that ended at once.
engine_answers_or_ended() { engine_answers || ! runs dockerd; }

# What the client says when the engine does not answer.
engine_complaint() { timeout 10 docker version 2>&1 >/dev/null | tail -n 1; }

on_debian() { have apt-get && [ -e /etc/debian_version ]; }

explain_how_to_install() {
  say "No Docker engine answers here, and this script can install one only on Debian or Ubuntu, as root or with sudo -n."
  say "Please install Docker Engine 20.10 or newer (https://docs.docker.com/engine/install/), start it, and run this again."
}

install_engine() {
  say "Installing docker.io (log: $CACHE/apt.log)"
  {
    as_root apt-get update
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends docker.io
  } >"$CACHE/apt.log" 2>&1 </dev/null || {
    tail -n 20 "$CACHE/apt.log" >&2
    die "apt-get could not install docker.io"
  }
}

start_engine() {
  # Where systemd runs the machine it owns the engine as well; else (a container, a small VM) we start it ourselves.
  if [ -d /run/systemd/system ]; then
    as_root systemctl start docker
  else
    remove_stale_pid /var/run/docker.pid dockerd
    remove_stale_pid /var/run/docker/containerd/containerd.pid containerd
    # A pid file that is left names an engine that is still starting: wait for it.
    as_root test -e /var/run/docker.pid || in_background "$ENGINE_LOG" dockerd
  fi
  sleep 0.5
  wait_for "$ENGINE_START_SECONDS" engine_answers_or_ended || true
  engine_answers && return 0
  as_root tail -n 20 "$ENGINE_LOG" >&2 || true
  die "the engine ended, or did not answer within $ENGINE_START_SECONDS s: $(engine_complaint)"
}

ensure_engine() {
  have docker && engine_answers && return 0
  # A client that was pointed elsewhere would not see an engine that we start here.
  [ -z "${DOCKER_HOST:-}" ] || die "DOCKER_HOST is $DOCKER_HOST, and no engine answers there"
  case "$(have docker && engine_complaint)" in
    *'permission denied'*)
      die "a Docker engine is here, but refuses $(id -un). Run: sudo usermod -aG docker $(id -un), then log in again" ;;
  esac
  if ! on_debian || ! can_be_root; then
    explain_how_to_install
    exit 1
  fi
  have dockerd || [ -x /usr/sbin/dockerd ] || install_engine
  start_engine
  say "Docker engine $(docker version --format '{{.Server.Version}}') is up."
}
