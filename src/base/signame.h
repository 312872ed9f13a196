/* SPDX-License-Identifier: MIT */
#ifndef BASE_SIGNAME_H
#define BASE_SIGNAME_H

#define SIGNAME_MAX 12 /* "RTMIN+30" and its NUL fit. */

/**
 * signame_number(text):
 * Return the number of the signal which ${text} names: TERM, SIGTERM, 15,
 * RTMIN, RTMIN+3, RTMAX-1, in any case; or -1.  0 is not a signal.
 */
int signame_number(const char *);

/**
 * signame_text(signo, buf):
 * Write the short name of ${signo} (TERM, RTMIN+3, or its number where it
 * has no name) to ${buf} and return ${buf}.
 */
const char *signame_text(int, char[SIGNAME_MAX]);

#endif /* !BASE_SIGNAME_H */
