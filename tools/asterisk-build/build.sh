#!/bin/sh
# build.sh DIRECTORY: leaves the package of Asterisk, the list of what it was built with, and nothing else in DIRECTORY.
# Run as root in mount and process namespaces of its own, so that an interrupted build leaves files in DIRECTORY and nothing else.
# Environment: SUITE MIRROR KIND VERSION EPOCH MODULES PACKAGING (trimmed or full) TOOLS; SOURCES (directory) and SUMS (sha256sum's lines)
set -eu
out=$1
here=$(dirname "$0")
export out DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
mkdir -m 1777 "$out/tmp"

echo "root: Debian $SUITE from $MIRROR"
TMPDIR="$out/tmp" mmdebstrap --mode=root --variant=minbase --format=directory \
  --aptopt='Acquire::Check-Valid-Until "false"' --include="$TOOLS" "$SUITE" "$out/root" "$MIRROR"
root=$out/root
mkdir -m 0755 "$root/build" "$root/build/sources" "$root/build/result" "$root/inside"
cp "$here/unpack.sh" "$here/$PACKAGING"/* "$root/inside/"
echo "$SUMS" > "$root/build/SHA256SUMS"
echo "$MODULES" | tr ' ' '\n' > "$root/build/modules"
while read -r _ name; do cp "$SOURCES/$name" "$root/build/sources/"; done < "$root/build/SHA256SUMS"
(cd "$root/build/sources" && sha256sum --quiet --check ../SHA256SUMS)
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=0755 tmpfs "$root/dev"
ln -s /proc/self/fd "$root/dev/fd"
for device in null zero full random urandom; do
  : > "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
inside() {
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/build LC_ALL=C.UTF-8 TZ=UTC DEBIAN_FRONTEND=noninteractive \
    KIND="$KIND" VERSION="$VERSION" SOURCE_DATE_EPOCH="$EPOCH" "$@"
}

# A network without an interface and a user without a right: a build script can neither fetch nor touch anything else.
offline() {
  inside unshare --net --uts --ipc sh -ec 'hostname build; exec "$@"' sh \
    chroot "$root" setpriv --reuid=1000 --regid=1000 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all \
    -- sh "$@"
}
chown -R 1000:1000 "$root/build"
offline /inside/unpack.sh
[ "$PACKAGING" = trimmed ] || inside chroot "$root" sh /inside/build-dep.sh
offline /inside/compile.sh
[ "$PACKAGING" = full ] || offline /inside/package.sh
dpkg-query --admindir="$root/var/lib/dpkg" -W -f='${Package} ${Version} ${Architecture}\n' > "$out/built-with.txt"
install -m 0644 -o root -g root "$root"/build/result/*.deb "$out/"
umount -R "$root/dev" "$root/proc"
rm -rf "$root" "$out/tmp"
