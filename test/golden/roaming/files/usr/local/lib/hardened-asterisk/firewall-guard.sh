#!/bin/sh
# Written by hardened-asterisk; changes made here are lost at the next activation.
# [network/self-healing] Another program that flushes the packet filter opens the PBX: its table is put back at once, with
# the bans and proofs that the setter has saved.
rules=/etc/nftables.d/hardened-asterisk.nft
lock=/run/hardened-asterisk/lock

whole() {
	nft list chain inet hardened_asterisk input 2>/dev/null | grep -q 'goto refused$' &&
		nft list chain inet hardened_asterisk output 2>/dev/null | grep -q 'goto refused_out$'
}

restore() {
	whole && return
	echo "the PBX's table is gone or empty: loading $rules"
	systemctl reload-or-restart hardened-asterisk-firewall.service
}

# An activation changes the table itself and holds this lock meanwhile.
guarded() {
	mkdir -p -m 0700 "${lock%/*}"
	(
		flock 9
		restore
	) 9>>"$lock"
}

# Deleted rules are told one by one; nothing is read while a line waits, so one look answers them all. Not `monitor destroy
# rules`: nft 1.1.3 takes that for a mistake.
nft monitor rules | grep --line-buffered '^delete rule' | {
	guarded
	while read -r _; do
		whole || guarded
	done
}
