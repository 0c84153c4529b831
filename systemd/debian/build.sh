#!/bin/sh
# The Debian package, by plain dpkg-deb: a virtual environment under /opt/vouchd, made for the
# Python of the release that this runs on, and the units beside it.
# usage: systemd/debian/build.sh PYTHON [OUT]
#   PYTHON  a Python that has pip and build (the development environment's)
#   OUT     folder for the package; default: dist
# DEB_PYTHON    the machine's own Python, which the package will use; default: /usr/bin/python3
# DEB_COMPRESS  as for dpkg-deb -Z; default: xz
set -eu
umask 022
tools=$(command -v "$1")
case $tools in /*) ;; *) tools=$PWD/$tools ;; esac
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
out=${2:-$source/dist}
python=${DEB_PYTHON:-/usr/bin/python3}
home=/opt/vouchd

say() { echo "make deb: $*" >&2; }
command -v dpkg-deb >/dev/null || { say "dpkg-deb is not installed (a Debian or Ubuntu machine is needed)"; exit 1; }
[ -x "$python" ] || { say "$python is not there; DEB_PYTHON=… names the machine's own Python"; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { say "$python is older than 3.11"; exit 1; }
"$python" -c 'import venv' 2>/dev/null || { say "$python has no venv: apt-get install python3-venv"; exit 1; }

mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
lib=$root$home

# The wheel, from a copy, so that the build leaves nothing in the work tree.
mkdir "$work/source"
(cd "$source" && tar -cf - --exclude=__pycache__ daemon connectors rules config systemd pyproject.toml README.md LICENSE) |
    tar -xf - -C "$work/source"
"$tools" -m build --wheel --no-isolation -o "$work" "$work/source" >"$work/log" 2>&1 ||
    { cat "$work/log" >&2; exit 1; }

mkdir -p "$root/opt"
"$python" -m venv --without-pip "$lib"
pip() { "$tools" -m pip --python "$lib/bin/python" install --quiet --no-compile --disable-pip-version-check "$@"; }
pip --require-hashes -r "$source/requirements.lock"
pip --no-deps "$work"/vouchd-*.whl
version=$("$lib/bin/python" -c 'from importlib.metadata import version as v; print(v("vouchd"))')
series=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
next=$("$python" -c 'import sys; print("%d.%d" % (sys.version_info[0], sys.version_info[1] + 1))')

# A hundred megabytes describe Google services that vouchd never speaks to.
find "$lib/lib" -path '*/discovery_cache/documents/*.json' \
    ! -name gmail.v1.json ! -name calendar.v3.json ! -name tasks.v1.json ! -name people.v1.json -delete

# The environment is used at another place than it was made at; only one command is for people.
find "$lib/bin" -mindepth 1 ! -name 'python*' ! -name vouchd -delete
sed -i "1s|.*|#!$home/bin/python3|" "$lib/bin/vouchd"
sed -i '/^command = /d' "$lib/pyvenv.cfg"
# Where the wheel lay on the machine of the build is nobody's business.
rm "$lib"/lib/python*/site-packages/vouchd-*.dist-info/direct_url.json
sed -i '/direct_url.json/d' "$lib"/lib/python*/site-packages/vouchd-*.dist-info/RECORD
if grep -rIl "$work" "$lib" >&2; then say "the path of the build stands in the files above"; exit 1; fi
# Nobody may write there later, so it is compiled now; the hash form needs no time stamps.
"$python" -m compileall -q -j 0 --invalidation-mode unchecked-hash -s "$root" -p / "$lib/lib"

doc=$root/usr/share/doc/vouchd
mkdir -p "$root/usr/bin" "$doc" "$root/usr/lib/systemd/system" "$root/usr/lib/systemd/user" \
    "$root/usr/lib/sysusers.d" "$root/usr/lib/tmpfiles.d" "$root/DEBIAN"
ln -s "$home/bin/vouchd" "$root/usr/bin/vouchd"
mkdir -p "$root/usr/sbin"
install -m 755 "$source/systemd/vouchd-for" "$root/usr/sbin/vouchd-for"
cp "$source/systemd/vouchd@.service" "$root/usr/lib/systemd/system/"
sed "s|%h/.local/bin/vouchd|$home/bin/vouchd|" "$source/systemd/vouchd.service" \
    >"$root/usr/lib/systemd/user/vouchd.service"
cp "$source/systemd/vouchd.sysusers.conf" "$root/usr/lib/sysusers.d/vouchd.conf"
cp "$source/systemd/vouchd.tmpfiles.conf" "$root/usr/lib/tmpfiles.d/vouchd.conf"
if [ "$(systemctl --version 2>/dev/null | sed -n '1s/^systemd \([0-9]*\).*/\1/p')" -ge 254 ] 2>/dev/null; then
    for unit in system/vouchd@ user/vouchd; do
        mkdir "$root/usr/lib/systemd/$unit.service.d"
        cp "$source/systemd/restart-steps.conf" "$root/usr/lib/systemd/$unit.service.d/"
    done
fi
cp "$here/copyright" "$source/docs/service.md" "$source/docs/google.md" "$source/docs/configuration.md" "$doc/"
gzip -9n <"$source/CHANGELOG.md" >"$doc/changelog.gz"

cp "$here/templates" "$here/postinst" "$here/prerm" "$here/postrm" "$root/DEBIAN/"
chmod 755 "$root/DEBIAN/postinst" "$root/DEBIAN/prerm" "$root/DEBIAN/postrm"
arch=$(dpkg --print-architecture)
sed -e "s|@version@|$version|" -e "s|@architecture@|$arch|" -e "s|@python@|$series|" \
    -e "s|@next@|$next|" -e "s|@size@|$(du -sk "$root" | cut -f1)|" "$here/control" >"$root/DEBIAN/control"
(cd "$root" && find opt usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
find "$root" -type d -exec chmod 755 {} +
find "$root/opt" "$root/usr" -type f -exec chmod go-w {} +

package=$out/vouchd_${version}_$arch.deb
dpkg-deb --root-owner-group -Z"${DEB_COMPRESS:-xz}" --build "$root" "$package" >/dev/null
echo "$package"
