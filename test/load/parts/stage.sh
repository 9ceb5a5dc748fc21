#!/bin/sh
# stage.sh LAYERS NETWORK...: lays a private overlay over an image, prints "ready" and stays until its input ends.
# Run in mount, process, network, host name and IPC namespaces of its own: with its first process the kernel ends every
# process in them and takes away every mount and interface. All that is written lies in memory.
set -eu
layers=$1
shift
stage=/mnt
mount -t tmpfs -o mode=0755 tmpfs "$stage"
mkdir "$stage/upper" "$stage/work" "$stage/root"
root=$stage/root
mount -t overlay overlay -o "lowerdir=$layers,upperdir=$stage/upper,workdir=$stage/work,redirect_dir=on" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=0755 tmpfs "$root/run"
mount -t tmpfs -o mode=0755 tmpfs "$root/dev"
for device in null zero full random urandom; do
  : > "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
printf 'pbx\n' > "$root/etc/hostname"
printf '127.0.0.1 localhost pbx\n::1 localhost\n' > "$root/etc/hosts"
printf 'options timeout:1 attempts:1\n' > "$root/etc/resolv.conf"
hostname pbx
ip link set lo up
# A bridge, because Asterisk wants an Ethernet link for its identifier and not every kernel has dummy links.
ip link add staged type bridge
ip address add 203.0.113.10/32 dev staged
ip address add 2001:db8:1::10/128 dev staged nodad
ip link set staged up
for network in "$@"; do
  case $network in
    *:*) ip -6 route add local "$network" dev lo ;;
    *) ip route add local "$network" dev lo ;;
  esac
done
sysctl -qw net.ipv6.ip_nonlocal_bind=1
# The mark is looked for before anything is written: until chroot, this process's root is the machine's own.
: > "$root/run/staged"
exec chroot "$root" sh -c 'echo ready; read -r _ || exit 0'
