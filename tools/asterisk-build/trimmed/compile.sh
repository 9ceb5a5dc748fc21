#!/bin/sh
# Builds the modules of /build/modules and what they need, and installs all into /build/tree.
set -eu
cd /build/asterisk
export DEB_BUILD_MAINT_OPTIONS=hardening=+all
# Debian's own flags for Asterisk (debian/rules).
export DEB_CFLAGS_MAINT_STRIP=-O2 DEB_CFLAGS_MAINT_APPEND='-O3 -fno-partial-inlining'
eval "$(dpkg-buildflags --export=sh)"
export CFLAGS="$CFLAGS $CPPFLAGS" LDFLAGS="$LDFLAGS -Wl,--as-needed"
# Whatever asks for a download gets an error at once.
mkdir /build/bin
printf '#!/bin/sh\nexit 1\n' > /build/bin/fetch
chmod +x /build/bin/fetch
export PATH="$PATH:/build/bin"
libraries=/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)
said() { "$@" > /build/last.log 2>&1 || { tail -n 60 /build/last.log; exit 1; }; }

echo "configure: Asterisk $(cat .version)"
said ./configure --build="$(dpkg-architecture -qDEB_BUILD_GNU_TYPE)" --prefix=/usr --sysconfdir=/etc --localstatedir=/var \
  --libdir="$libraries" --mandir=/usr/share/man --disable-asteriskssl --with-pjproject-bundled \
  --with-externals-cache=/build/externals
said make menuselect.makeopts
said menuselect/menuselect --disable-all menuselect.makeopts
# Without OPTIONAL_API all builds well, and then pjsip does not load: "undefined symbol: ast_statsd_log_full_va".
said menuselect/menuselect --enable OPTIONAL_API menuselect.makeopts
# Watches over an Asterisk that is given a higher priority; where it is missing, that one complains.
said menuselect/menuselect --enable astcanary menuselect.makeopts
while read -r module; do
  said menuselect/menuselect --enable "${module%.so}" menuselect.makeopts
done < /build/modules
said menuselect/menuselect --check-deps menuselect.makeopts

flags="AST_FORTIFY_SOURCE= DEBUG= OPTIMIZE= ASTDATADIR=/usr/share/asterisk ASTVARRUNDIR=/var/run/asterisk"
echo "make: $(wc -l < /build/modules) modules"
said make -j"$(nproc)" $flags
said make $flags DESTDIR=/build/tree install
