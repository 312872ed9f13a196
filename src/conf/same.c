/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "core/program.h"
#include "conf/keys.h"
#include "conf/same.h"

static bool
same_log(const void *a, const void *b)
{
	const struct program_log *la = a, *lb = b;

	return (la->kind == lb->kind && text_equal(la->path, lb->path));
}

bool
same_value(const struct key *key, const void *a, const void *b)
{
	const void *pa = (const char *)a + key->offset;
	const void *pb = (const char *)b + key->offset;

	switch (key->type) {
	case KEY_BOOL:
		return (memcmp(pa, pb, sizeof(bool)) == 0);
	case KEY_INT:
	case KEY_COUNT:
	case KEY_OCTAL:
	case KEY_SIGNAL:
	case KEY_WORD:
	case KEY_RESTART:
		return (memcmp(pa, pb, sizeof(int)) == 0);
	case KEY_DURATION:
	case KEY_SIZE:
		return (memcmp(pa, pb, sizeof(int64_t)) == 0);
	case KEY_CODES:
		return (memcmp(pa, pb, sizeof(uint32_t[8])) == 0);
	case KEY_LOG:
		return (same_log(pa, pb));
	case KEY_ENVIRONMENT:
		return (text_list_equal(*(const char *const *const *)pa,
		    *(const char *const *const *)pb));
	case KEY_NAME:
	case KEY_TEXT:
	case KEY_PATH:
	case KEY_USER:
	case KEY_COMMAND:
	case KEY_LIST:
	case KEY_TYPE_COUNT:
		break;
	}
	return (text_equal(*(const char *const *)pa, *(const char *const *)pb));
}
