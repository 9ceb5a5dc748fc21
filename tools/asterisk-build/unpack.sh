#!/bin/sh
# Unpacks the sources to /build/asterisk, and the pjproject tarball that Asterisk's own build looks for to /build/externals.
set -eu
cd /build
mkdir externals
if [ "$KIND" = debian ]; then
  # Verifies every file against the .dsc, whose digest was checked, and applies Debian's patches.
  dpkg-source --no-copy -x sources/*.dsc asterisk > unpack.log 2>&1 || { cat unpack.log; exit 1; }
  cd asterisk
  version=$(sed -n 's/^PJPROJECT_VERSION=//p' third-party/versions.mak)
  tar --create --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" \
    --transform="s,^Xpjproject,pjproject-$version," Xpjproject | bzip2 > "/build/externals/pjproject-$version.tar.bz2"
  # Debian 13 has debhelper 13; nothing here needs what 14 changed.
  sed -i 's/debhelper-compat (= 14)/debhelper-compat (= 13)/' debian/control
  sed -i "1s/([^)]*)/($VERSION)/" debian/changelog
  # Debian's tarball lacks what is not free, so upstream's checksum does not fit; its sha256 was checked.
  (cd /build/externals && md5sum "pjproject-$version.tar.bz2") > "third-party/pjproject/pjproject-$version.tar.bz2.md5"
else
  mkdir asterisk
  tar --extract --file sources/asterisk-*.tar.gz --directory asterisk --strip-components=1 --no-same-owner
  cp sources/pjproject-*.tar.bz2 externals/
  cd asterisk
fi
# What differs from build to build is left out: who, when, where, and the order of a directory's entries.
cat > build_tools/make_build_h <<'SCRIPT'
#!/bin/sh
printf '#define BUILD_HOSTNAME "build"\n#define BUILD_KERNEL "unknown"\n#define BUILD_MACHINE "unknown"\n'
printf '#define BUILD_OS "Linux"\n#define BUILD_USER "nobody"\n'
printf '#define BUILD_DATE "%s UTC"\n' "$(date -u -d "@$SOURCE_DATE_EPOCH" '+%Y-%m-%d %H:%M:%S')"
SCRIPT
sed -i '/subdir_path}" -name/ { /sort/! s/) *; *do$/ | LC_ALL=C sort); do/ }' build_tools/make_xml_documentation
