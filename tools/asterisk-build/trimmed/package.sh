#!/bin/sh
# Makes the package out of /build/tree, with the modules of /build/modules and no other.
set -eu
name=hardened-asterisk-asterisk
architecture=$(dpkg --print-architecture)
libraries=/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)
tree=/build/tree
pkg=/build/package/$name
umask 022

echo "package: $name $VERSION"
for folder in usr/sbin ".$libraries/asterisk/modules" usr/share/asterisk/documentation usr/share/asterisk/keys \
  usr/lib/systemd/system "usr/share/doc/$name" etc/asterisk var/lib/asterisk var/log/asterisk/cdr-custom \
  var/spool/asterisk var/cache/asterisk DEBIAN; do
  mkdir -p "$pkg/$folder"
done
cp "$tree/usr/sbin/asterisk" "$tree/usr/sbin/astcanary" "$pkg/usr/sbin/"
ln -s asterisk "$pkg/usr/sbin/rasterisk"
cp -P "$tree$libraries"/libasteriskpj.so* "$pkg$libraries/"
cp "$tree$libraries"/asterisk/modules/*.so "$pkg$libraries/asterisk/modules/"
cp "$tree"/usr/share/asterisk/documentation/core-en_US.xml "$tree"/usr/share/asterisk/documentation/appdocsxml.* \
  "$pkg/usr/share/asterisk/documentation/"
cp /inside/asterisk.service "$pkg/usr/lib/systemd/system/"
cp /build/asterisk/COPYING /build/asterisk/LICENSE "$pkg/usr/share/doc/$name/"
ls "$pkg$libraries/asterisk/modules" | LC_ALL=C sort > /build/built
LC_ALL=C sort /build/modules | diff - /build/built || { echo "E: other modules were built than asked for"; exit 1; }

strip --strip-unneeded --remove-section=.comment --remove-section=.note "$pkg"/usr/sbin/ast* \
  "$pkg$libraries"/libasteriskpj.so.? "$pkg$libraries"/asterisk/modules/*.so
chmod 0644 "$pkg$libraries"/libasteriskpj.so.? "$pkg$libraries"/asterisk/modules/*.so
mkdir /build/package/debian
printf 'Source: asterisk\n\nPackage: %s\nArchitecture: any\n' "$name" > /build/package/debian/control
# Its own library is in no package that dpkg could ask.
depends=$(cd /build/package && dpkg-shlibdeps --ignore-missing-info -O -l"$pkg$libraries" \
  "$pkg"/usr/sbin/asterisk "$pkg$libraries"/libasteriskpj.so.? "$pkg$libraries"/asterisk/modules/*.so 2>/build/last.log |
  sed -n 's/^shlibs:Depends=//p')
[ -n "$depends" ] || { cat /build/last.log; exit 1; }
bytes=$(find "$pkg/usr" -type f -printf '%s\n' | awk '{ sum += $1 } END { print int(sum / 1024) }')
cat > "$pkg/DEBIAN/control" <<CONTROL
Package: $name
Source: asterisk
Version: $VERSION
Architecture: $architecture
Maintainer: hardened-asterisk <noreply@invalid>
Installed-Size: $bytes
Depends: adduser, init-system-helpers (>= 1.54), $depends
Provides: asterisk (= $VERSION)
Conflicts: asterisk, asterisk-config, asterisk-modules
Replaces: asterisk, asterisk-config, asterisk-modules
Section: comm
Priority: optional
Homepage: https://www.asterisk.org/
Description: Asterisk with the modules that a hardened PBX may load
 Debian's own source of Asterisk, built with $(wc -l < /build/modules) modules and without a configuration:
 hardened-asterisk writes it. Started by hand it ends at once.
CONTROL
for script in postinst prerm postrm; do install -m 0755 "/inside/$script" "$pkg/DEBIAN/$script"; done
(cd "$pkg" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) > "$pkg/DEBIAN/md5sums"
find "$pkg" -print0 | xargs -0 touch --no-dereference --date="@$SOURCE_DATE_EPOCH"
# With one thread: how a file is cut for several depends on the machine.
dpkg-deb --root-owner-group -Zxz --threads-max=1 --build "$pkg" \
  "/build/result/${name}_$(echo "$VERSION" | sed 's/^[0-9]*://')_$architecture.deb" > /build/last.log
