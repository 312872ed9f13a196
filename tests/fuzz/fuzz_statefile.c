/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "wire/statefile.h"

/*
 * A state file which anything may have written: what is accepted can be
 * walked, and asks us to signal nobody but single processes.
 */

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* malloc() aligns, and a byte read beyond is seen. */
	void *image = malloc(size > 0 ? size : 1);
	struct statefile_owner owner;
	struct statefile_entry e;
	struct statefile sf;
	struct err err;
	uint32_t i;

	assert(image != NULL);
	if (size > 0)
		memcpy(image, data, size);
	if (statefile_open(&sf, image, size, &err) != 0) {
		assert(err.text[0] != '\0');
		free(image);
		return (0);
	}
	statefile_owner(&sf, &owner);
	assert(owner.pid > 0);
	assert(strlen(owner.boot_id) < STATEFILE_BOOT_ID);
	for (i = 0; i < sf.nslots; i++) {
		statefile_entry(&sf, i, &e);
		assert(e.pid == 0 || e.pid > 1);
		assert(strlen(e.name) > 0);
		assert(strlen(e.name) <= STATEFILE_NAME_MAX);
		assert(e.run < statefile_next_run(&sf));
	}
	free(image);
	return (0);
}
