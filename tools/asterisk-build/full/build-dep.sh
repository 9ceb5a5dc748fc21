#!/bin/sh
# Installs what Debian's own control file asks for. As root and with a network: nothing of the source is run here.
set -eu
cd /build/asterisk
echo "root: what Debian's whole packaging is built with"
said() { "$@" > /tmp/last.log 2>&1 || { cat /tmp/last.log; exit 1; }; }
# mmdebstrap leaves no lists behind.
said apt-get --quiet=2 update
said apt-get --quiet=2 -o Dpkg::Use-Pty=0 --yes --no-install-recommends -P nodoc build-dep ./
