# Written by hardened-asterisk; changes made here are lost at the next activation.
# [host/no-rights-for-readers] fail2ban reads what strangers wrote and has no right over the firewall: it hands one line to
# the setter, which judges it. It needs no unban: each element of the firewall's sets ends by itself, and root takes bans back.
"""Hands bans and proofs to the setter of the firewall, one line each."""

import socket

from fail2ban.server.action import ActionBase

SETTER = "/run/hardened-asterisk-setter/bans"
PATIENCE_SECONDS = 10


class SetterAction(ActionBase):
    """Action of a jail: `verb` is ban, prove or end."""

    # `hardened-asterisk restore-bans` tells the firewall all of them at once.
    norestored = True

    def __init__(self, jail, name, verb="ban"):
        super().__init__(jail, name)
        self._verb = verb

    @property
    def _prolongable(self):
        return self._verb == "ban"

    def ban(self, aInfo):
        """Hand over one ban, proof or end; raises OSError when the setter does not answer."""
        if self._verb == "ban":
            line = "ban {} {}\n".format(aInfo["ip"], aInfo["bantime"])
        else:
            # What the filter found in <F-PEER> and <F-PEERPORT>.
            found = aInfo["F-*"]
            line = "{} {} {}\n".format(self._verb, found["peer"], found["peerport"])
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as setter:
            setter.settimeout(PATIENCE_SECONDS)
            setter.connect(SETTER)
            setter.sendall(line.encode())
            setter.shutdown(socket.SHUT_WR)
            said = setter.recv(500).decode("utf-8", "replace").strip()
        if said != "ok":
            # A phone of a listed network proves itself too, and needs no proof.
            log = self._logSys.warning if self._verb == "ban" else self._logSys.info
            log("setter, %s: %s", line.strip(), said)

    def prolong(self, aInfo):
        """The ban of an address that was banned before lasts longer, which fail2ban finds out a moment later."""
        self.ban(aInfo)


Action = SetterAction
