/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/utf8.h"
#include "conf/label.h"

bool
label_is_good(const char *text)
{
	size_t left = strlen(text), n;

	if (left == 0)
		return (false);
	for (; left > 0; text += n, left -= n) {
		/* ":" and "/" part names, blanks part arguments. */
		if ((unsigned char)*text <= ' ' || *text == 0x7f ||
		    *text == ':' || *text == '/' ||
		    (n = utf8_length(text, left)) == 0)
			return (false);
	}
	return (true);
}
