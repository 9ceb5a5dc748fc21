#!/bin/sh
# boot-host.sh ROOT NAMESPACE HOSTNAME STATE_ROOT: boots ROOT with systemd as PID 1. Run as the only member of a control group, in a mount namespace of its own.
set -eu
root=$1 namespace=$2 hostname=$3 state_root=$4
# A mount namespace keeps what it can see alive: let go of the other sandboxes' mounts,
# of which some go along with the one that they lie in, and some are just being ended.
awk -v base="$state_root/" -v own="$root" 'index($2, base) == 1 && $2 != own && index(own, $2 "/") != 1 { print $2 }' /proc/self/mounts |
  while read -r mount; do umount -lq "$mount" || true; done
# systemd in the host knows cgroup version 2 only; nspawn leaves files in /run/systemd when it is killed.
umount -lR /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mkdir -p /run/systemd
mount -t tmpfs -o mode=0755 tmpfs /run/systemd
export SYSTEMD_NSPAWN_API_VFS_WRITABLE=network
exec systemd-nspawn --quiet --boot --keep-unit --register=no --settings=no --console=read-only --link-journal=no \
  --resolv-conf=off --timezone=off --directory="$root" --machine="$hostname" --hostname="$hostname" \
  --network-namespace-path="/run/netns/$namespace" \
  --capability=CAP_NET_ADMIN,CAP_NET_RAW,CAP_BPF,CAP_PERFMON --system-call-filter="bpf pidfd_getfd"
