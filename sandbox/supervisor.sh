#!/bin/sh
# supervisor.sh SECONDS CGROUP COMMAND...: runs COMMAND, which ends the sandbox, when its time is over; outside CGROUP (the root), since it ends all within.
set -eu
sleep "$1"
echo $$ > "$2/cgroup.procs"
unset HARDENED_ASTERISK_SANDBOX
shift 2
exec "$@"
