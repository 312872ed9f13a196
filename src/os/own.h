/* SPDX-License-Identifier: MIT */
#ifndef OS_OWN_H
#define OS_OWN_H

#include <stddef.h>

/*
 * Memory which children do not get.  A fork copies the table of all pages
 * which we have written to, a tenth of a microsecond each, and every child
 * would pay for the bookkeeping of all services.  In a child such memory may
 * not be there: what it needs is taken out of it before the fork.
 */

/**
 * own_alloc(size):
 * Return ${size} zeroed bytes, or NULL with ENOMEM.
 */
void *own_alloc(size_t);

/**
 * own_free(memory):
 * Give back what own_alloc() returned.  NULL is fine.
 */
void own_free(void *);

#endif /* !OS_OWN_H */
