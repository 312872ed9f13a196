/* SPDX-License-Identifier: MIT */
#ifndef UNIT_ASSERT_ON_H
#define UNIT_ASSERT_ON_H

/* Forced into every unit test: without assert() it would prove less. */
#ifdef NDEBUG
#error "tests are not to be built with NDEBUG"
#endif

#endif /* !UNIT_ASSERT_ON_H */
