#!/bin/sh
# SPDX-License-Identifier: MIT
. "${0%/*}/common.sh"
goal "no tracked file names a path of the machine it was written on"
need git git

cd "$top_srcdir" || exit 99
git rev-parse --show-toplevel >/dev/null 2>&1 || skip "not a git checkout"
[ "$(git rev-parse --show-toplevel)" = "$(pwd -P)" ] ||
	skip "not the top of a git checkout"

here=$(dirname "$(pwd -P)")
case "$here" in
/ | /tmp | /root | /usr/src | /builds | /src) ;;
*)
	git grep -nIF -e "$here/" -- . && violation "$here/ is of this machine"
	;;
esac
# An INI under test may well name a home directory.
git grep -nIE -e '(^|[^a-z])/(wor[k]|hom[e])/[a-z]' -- . ':!tests/golden' \
	':!doc' ':!*.ini' ':!*.conf' && violation "paths of some machine"
wall_end
