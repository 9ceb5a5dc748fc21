#!/bin/sh
# build-16.sh DIRECTORY: builds packages16/, Debian 11 with Asterisk 16 and fail2ban as Debian installs them, in DIRECTORY.
# Run in mount and process namespaces of its own, as build.sh is.
# Environment: SUITE MIRROR PACKAGES
set -eu
out=$1
export out DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
mkdir -m 1777 "$out/tmp"

echo "packages16: Debian $SUITE from $MIRROR"
TMPDIR="$out/tmp" mmdebstrap --mode=root --variant=minbase --format=directory \
  --aptopt='Acquire::Check-Valid-Until "false"' \
  --include="$PACKAGES" \
  --customize-hook='rm -f "$1"/etc/ssh/ssh_host_*' \
  "$SUITE" "$out/packages16" "deb $MIRROR $SUITE main" "deb ${MIRROR%/}-security $SUITE-security main"
rm -rf "$out/tmp" "$out/packages16/etc/machine-id"
