/* SPDX-License-Identifier: MIT */
#ifndef BASE_PATH_H
#define BASE_PATH_H

/*
 * Where a command without '/' is searched when nobody names a PATH: by the
 * child which executes it, and by the check which warns that it is not there.
 */
#define PATH_DEFAULT                                                           \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

#endif /* !BASE_PATH_H */
