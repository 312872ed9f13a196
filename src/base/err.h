/* SPDX-License-Identifier: MIT */
#ifndef BASE_ERR_H
#define BASE_ERR_H

/*
 * Why something failed, for a person to read.  A function which takes one
 * fills it only when it fails.
 */
struct err {
	int code; /* errno, or 0 where the system had no part in it. */
	char text[256];
};

/**
 * err_set(err, code, fmt, ...):
 * Fill ${err}; a nonzero ${code} adds ": " and its strerror() to the text.
 * Keep errno.  Return -1, so that a caller can return err_set(...).
 */
int err_set(struct err *, int, const char *, ...)
    __attribute__((format(printf, 3, 4)));

#endif /* !BASE_ERR_H */
