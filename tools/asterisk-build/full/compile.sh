#!/bin/sh
# Builds every package of Debian's source package, as Debian does but for the documentation.
set -eu
cd /build/asterisk
echo "make: Debian's whole packaging"
export DEB_BUILD_OPTIONS="nocheck nodoc noautodbgsym terse parallel=$(nproc)"
dpkg-buildpackage -b -us -uc -Pnodoc,nocheck > /build/last.log 2>&1 || { tail -n 60 /build/last.log; exit 1; }
mv /build/*.deb /build/result/
