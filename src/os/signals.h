/* SPDX-License-Identifier: MIT */
#ifndef OS_SIGNALS_H
#define OS_SIGNALS_H

#include <signal.h>

/**
 * signals_default():
 * Give every signal its default action, those too which the C library keeps
 * for itself and hides.
 */
void signals_default(void);

/**
 * signals_heed():
 * Give those signals which are ignored their default action, and leave the
 * handlers alone.
 */
void signals_heed(void);

/**
 * signals_block(old):
 * Block every signal and store the mask of before in ${old}.
 */
void signals_block(sigset_t *);

/**
 * signals_unblock():
 * Empty the signal mask.
 */
void signals_unblock(void);

#endif /* !OS_SIGNALS_H */
