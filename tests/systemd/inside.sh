#!/bin/sh
# Runs as the first process of new PID, mount, cgroup, UTS and IPC name spaces: lays a throw-away
# file system over the machine's own, then becomes systemd. Nothing it does reaches the machine.
# usage: inside.sh BOX   (BOX/shared is the one folder that both sides see)
set -eu
box=$1
fs=$box/fs
root=$fs/root

mount --make-rprivate /
hostname vouchd-box
mkdir -p "$fs"
mount -t tmpfs -o mode=755 tmpfs "$fs"
mkdir "$fs/upper" "$fs/work" "$root"
mount -t overlay -o "lowerdir=/,upperdir=$fs/upper,workdir=$fs/work" overlay "$root"

# The kernel is shared: what could be set in it is read-only.
mount -t proc proc "$root/proc"
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$root/sys"
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
for name in sysrq-trigger kcore kmsg; do
    if [ -e "$root/proc/$name" ]; then mount --bind /dev/null "$root/proc/$name"; fi
done
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"

mount -t tmpfs -o mode=755,nosuid tmpfs "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm" "$root/dev/mqueue"
for name in null zero full random urandom tty; do
    : >"$root/dev/$name"
    mount --bind "/dev/$name" "$root/dev/$name"
done
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
mount -t tmpfs tmpfs "$root/dev/shm"

# Empty, or systemd-tmpfiles would go through all that the machine keeps there.
for folder in run tmp var/tmp var/log; do
    mkdir -p "$root/$folder"
    mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/$folder"
done
chmod 755 "$root/run" "$root/var/log"
mkdir -p "$root/run/host" "$root/var/log/journal" "$root/run/box"
mount --bind "$box/shared" "$root/run/box"

# None of the machine's services; only what a service of ours leans on.
units=$root/etc/systemd/system
rm -rf "$units" "$root/etc/systemd/user"
mkdir -p "$units" "$root/etc/systemd/system.conf.d" "$root/etc/systemd/journald.conf.d"
cat >"$units/box.target" <<'UNIT'
[Unit]
Description=a box for tests
Requires=basic.target
After=basic.target
AllowIsolate=yes
UNIT
printf '[Manager]\nDefaultTimeoutStopSec=10s\nShowStatus=no\n' >"$root/etc/systemd/system.conf.d/box.conf"
cat >"$root/etc/systemd/journald.conf.d/box.conf" <<'UNIT'
[Journal]
Storage=persistent
ForwardToSyslog=no
ForwardToKMsg=no
ForwardToConsole=no
ReadKMsg=no
Audit=no
RateLimitBurst=0
UNIT
for unit in systemd-udevd.service systemd-udev-trigger.service systemd-modules-load.service \
    systemd-sysctl.service systemd-random-seed.service systemd-binfmt.service \
    systemd-networkd.service systemd-resolved.service systemd-timesyncd.service \
    systemd-update-utmp.service systemd-pstore.service systemd-logind.service \
    systemd-firstboot.service systemd-sysusers.service systemd-machine-id-commit.service \
    systemd-journald-audit.socket systemd-boot-system-token.service \
    systemd-hwdb-update.service systemd-journal-catalog-update.service \
    systemd-update-done.service ldconfig.service console-getty.service getty.target \
    dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount \
    sys-kernel-config.mount sys-fs-fuse-connections.mount tmp.mount \
    proc-sys-fs-binfmt_misc.automount proc-sys-fs-binfmt_misc.mount; do
    ln -s /dev/null "$units/$unit"
done
tr -d '\n-' </proc/sys/kernel/random/uuid >"$root/etc/machine-id"

cd "$root"
mkdir -p run/before
pivot_root . run/before
umount -l run/before
rmdir run/before
cd /
# systemd leaves this undone in a container, and without it credentials are empty.
mount --make-rshared /
dangerous=-sys_module,-sys_time,-sys_rawio,-sys_boot,-syslog,-mac_admin,-mac_override,-wake_alarm
exec env -i container=box PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    setpriv --bounding-set "$dangerous" --inh-caps -all \
    /lib/systemd/systemd --system --unit=box.target --log-target=journal --log-level=notice
