/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

int
err_set(struct err *err, int code, const char *fmt, ...)
{
	int saved_errno = errno;
	va_list ap;
	size_t len;

	err->code = code;
	va_start(ap, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	len = strlen(err->text);
	if (code != 0)
		(void)snprintf(err->text + len, sizeof(err->text) - len, ": %s",
		    strerror(code));
	errno = saved_errno;
	return (-1);
}
