# shellcheck shell=bash
# The base images that the examples and the end-to-end tests build on. They are pulled; where no registry can be reached, small
# stand-ins are made from the distribution's own packages. An image that is present is never replaced. Sourced.

BUSYBOX_IMAGE=busybox:1.36
PYTHON_IMAGE=python:3.13-slim
BASE_IMAGES=("$BUSYBOX_IMAGE" "$PYTHON_IMAGE")
PULL_SECONDS=10
PASSWD='root:x:0:0:root:/root:/bin/sh
app:x:1000:1000:app:/:/bin/sh
nobody:x:65534:65534:nobody:/nonexistent:/bin/false'
GROUP='root:x:0:
app:x:1000:
nogroup:x:65534:'

has_image() { docker image inspect "$1" >/dev/null 2>&1; }

# unpack FOLDER PACKAGE...: the files of Debian packages, without installing them. Symbolic links to folders (/lib -> usr/lib)
# stay links, whichever of the two a package uses.
unpack() {
  local root="$1" packages
  shift
  packages="$(new_folder)"
  (cd "$packages" && apt-get -qq -o APT::Sandbox::User=root download "$@") >&2 || die "apt-get could not download: $*"
  for package in "$packages"/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x --no-same-owner --keep-directory-symlink -C "$root"
  done
}

# What is the same in every stand-in: users, a /tmp for all, and busybox as its shell and tools.
add_system() {
  local root="$1" busybox
  mkdir -p "$root"/{bin,etc,root,tmp,var,proc,sys,dev}
  chmod 1777 "$root/tmp"
  printf '%s\n' "$PASSWD" >"$root/etc/passwd"
  printf '%s\n' "$GROUP" >"$root/etc/group"
  busybox="$(new_folder)"
  unpack "$busybox" busybox-static
  cp "$busybox/bin/busybox" "$root/bin/busybox" 2>/dev/null || cp "$busybox/usr/bin/busybox" "$root/bin/busybox"
  for applet in $("$root/bin/busybox" --list); do
    [ -e "$root/bin/$applet" ] || ln -s busybox "$root/bin/$applet"
  done
}

# import_folder FOLDER IMAGE COMMAND: one layer, owned by root, with a description that says it is a stand-in.
import_folder() {
  tar -c --numeric-owner --owner=0 --group=0 --sort=name --mtime=@0 -C "$1" . |
    docker import \
      --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
      --change "CMD [\"$3\"]" \
      --change "LABEL org.opencontainers.image.description=\"Stand-in for $2, made by script/engine\"" \
      --message "Stand-in for $2, made by script/engine" - "$2" >/dev/null
}

make_busybox() {
  local root
  root="$(new_folder)"
  chmod 755 "$root"
  add_system "$root"
  import_folder "$root" "$BUSYBOX_IMAGE" sh
}

# The interpreter, its standard library, and the libraries that these two name as needed.
python_packages() {
  local version
  version="$(apt-cache depends python3-minimal | sed -n 's/^ *PreDepends: \(python3\.[0-9]*\)-minimal$/\1/p' | head -n 1)"
  [ -n "$version" ] || die "apt knows no python3-minimal package: run apt-get update"
  apt-cache depends "$version-minimal" "lib$version-minimal" "lib$version-stdlib" |
    sed -n -E 's/^ *(PreDepends|Depends): ((lib|zlib)[a-z0-9.+-]+)$/\2/p'
  printf '%s\n' "$version-minimal" "lib$version-stdlib"
}

make_python() {
  local root python packages
  root="$(new_folder)"
  chmod 755 "$root"
  mkdir -p "$root"/usr/{bin,sbin,lib,lib64,local/bin}
  for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$root/$folder"; done
  packages="$(python_packages | sort -u)"
  # One word a package.
  # shellcheck disable=SC2086
  unpack "$root" $packages
  # Character sets, manuals and message catalogues: half the size, and nothing here uses them.
  rm -rf "$root"/usr/share/{doc,man,locale,lintian,bug} "$root"/usr/lib/*/gconv "$root"/usr/lib/locale
  add_system "$root"
  python="$(basename "$(ls "$root"/usr/bin/python3.*[0-9])")"
  for name in python python3; do ln -s "/usr/bin/$python" "$root/usr/local/bin/$name"; done
  import_folder "$root" "$PYTHON_IMAGE" python3
}

# make_image IMAGE
make_image() {
  on_debian || die "$1 is not here and could not be pulled within $PULL_SECONDS s"
  say "$1 could not be pulled: making a stand-in from the distribution's packages"
  case "$1" in
    "$BUSYBOX_IMAGE") make_busybox ;;
    "$PYTHON_IMAGE") make_python ;;
  esac
}

ensure_base_images() {
  for image in "${BASE_IMAGES[@]}"; do
    has_image "$image" || timeout "$PULL_SECONDS" docker pull -q "$image" >/dev/null 2>&1 </dev/null || make_image "$image"
  done
}
