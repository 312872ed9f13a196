/* SPDX-License-Identifier: MIT */
#ifndef CONF_LIMITS_H
#define CONF_LIMITS_H

#include "base/strbuf.h"

/*
 * An empty text, for a value or for all which is printed.  What bounds a
 * value is INI_VALUE_MAX, before and after its expansion; this is no more
 * than the end of what could still be right.
 */
#define LIMITS_TEXT_MAX ((size_t)1 << 30)
#define LIMITS_TEXT                                                            \
	{                                                                      \
		.max = LIMITS_TEXT_MAX                                         \
	}

/*
 * What the path of a socket may have: what the kernel takes, less the ending
 * of the name under which it is made.
 */
#define SOCKET_PATH_MAX 103

#endif /* !CONF_LIMITS_H */
