#!/bin/sh
# build.sh DIRECTORY: builds bare/, packages/ (an overlay layer on bare/) and repository/ in DIRECTORY.
# Run in mount and process namespaces of its own, so that an interrupted build leaves files in DIRECTORY and nothing else.
# Environment: SUITE MIRROR BARE_PACKAGES INSTALLED_PACKAGES REPOSITORY_PACKAGES REPOSITORY_URL
# OWN_PACKAGE (may be absent): a package file that joins the repository, with all that it needs
set -eu
out=$1
OWN_PACKAGE=${OWN_PACKAGE:-}
export out OWN_PACKAGE DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
mkdir -m 0755 "$out/repository"
mkdir -m 1777 "$out/tmp"

echo "bare: Debian $SUITE from $MIRROR"
TMPDIR="$out/tmp" mmdebstrap --mode=root --variant=minbase --format=directory \
  --aptopt='Acquire::Check-Valid-Until "false"' \
  --include="$BARE_PACKAGES" \
  --customize-hook='[ -z "$OWN_PACKAGE" ] || cp "$OWN_PACKAGE" "$1/own.deb"' \
  --customize-hook='chroot "$1" apt-get --quiet=2 --yes --no-install-recommends --download-only install $REPOSITORY_PACKAGES ${OWN_PACKAGE:+/own.deb}' \
  --customize-hook='[ -z "$OWN_PACKAGE" ] || mv "$1/own.deb" "$out/repository/$(basename "$OWN_PACKAGE")"' \
  --customize-hook='mv "$1"/var/cache/apt/archives/*.deb "$out/repository/"' \
  --customize-hook='echo "deb [trusted=yes] $REPOSITORY_URL ./" > "$1/etc/apt/sources.list"' \
  --customize-hook='rm -f "$1"/etc/ssh/ssh_host_*' \
  "$SUITE" "$out/bare" "$MIRROR"

echo "repository: $(find "$out/repository" -name '*.deb' | wc -l) packages"
cd "$out/repository"
apt-ftparchive packages . > Packages
apt-ftparchive release . > ../Release
mv ../Release Release
cd "$out"

echo "packages: installing $INSTALLED_PACKAGES on bare"
mkdir -m 0755 packages work root
mount -t overlay overlay -o "lowerdir=$out/bare,upperdir=$out/packages,workdir=$out/work" root
mount -t proc proc root/proc
mount --bind /dev root/dev
mount -t tmpfs tmpfs root/run
mkdir root/run/repository root/run/lists
mount --bind repository root/run/repository
echo "deb [trusted=yes] copy:/run/repository ./" > root/run/sources.list
printf '#!/bin/sh\nexit 101\n' > root/usr/sbin/policy-rc.d
chmod 0755 root/usr/sbin/policy-rc.d
from_repository="-o Dir::Etc::SourceList=/run/sources.list -o Dir::State::Lists=/run/lists"
chroot root apt-get --quiet=2 $from_repository update
chroot root apt-get --quiet=2 -o Dpkg::Use-Pty=0 $from_repository --yes --no-install-recommends install \
  $INSTALLED_PACKAGES > install.log 2>&1 || { cat install.log; exit 1; }
rm root/usr/sbin/policy-rc.d
rm -f root/var/cache/apt/*.bin root/var/cache/apt/archives/*.deb root/etc/machine-id
umount root/run/repository root/run root/dev root/proc root
rm -rf root work tmp install.log bare/etc/machine-id
