#!/bin/sh
# SPDX-License-Identifier: MIT
. "${0%/*}/common.sh"
goal "shell scripts pass shellcheck"
need shellcheck shellcheck

cd "$top_srcdir" || exit 99
# By their first line, so that none is forgotten.
for f in $(find bootstrap .ci src tests doc etc -type f 2>/dev/null | sort); do
	case $(head -n 1 "$f" | tr -d '\0') in
	"#!"*[/\ ]sh | "#!"*[/\ ]bash | "#!"*[/\ ]sh\ * | "#!"*[/\ ]bash\ *) ;;
	*) [ "$f" = tests/lint/common.sh ] || continue ;;
	esac
	(cd "$(dirname "$f")" && shellcheck -x "${f##*/}") || violation "$f"
done
wall_end
