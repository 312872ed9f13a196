/* SPDX-License-Identifier: MIT */
#ifndef CONF_PROGRAMS_H
#define CONF_PROGRAMS_H

/* Opaque types. */
struct loader;

/**
 * programs_prepare(l):
 * Find the programs of the document, give them numbers and room.  Return -1
 * where there is none.
 */
int programs_prepare(struct loader *);

/**
 * programs_read(l):
 * Read all programs and make their services, in no order.  The groups are
 * known already.
 */
void programs_read(struct loader *);

#endif /* !CONF_PROGRAMS_H */
