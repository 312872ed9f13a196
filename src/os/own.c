/* SPDX-License-Identifier: MIT */
#include <sys/mman.h>

#include <errno.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "os/own.h"

/* What is smaller shares its pages with what children need. */
#define OWN_MIN ((size_t)64 << 10)

/* In front of each piece: the size of its mapping, or 0 for the heap. */
struct piece {
	alignas(max_align_t) size_t mapped;
};

/* A mapping of ${size} bytes which no child has. */
static struct piece *
map(size_t size)
{
	struct piece *piece = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (piece == MAP_FAILED)
		return (NULL);
	/* Where the kernel does not want to, a fork only takes longer. */
	(void)madvise(piece, size, MADV_DONTFORK);
	piece->mapped = size;
	return (piece);
}

void *
own_alloc(size_t size)
{
	struct piece *piece;

	if (size > SIZE_MAX - sizeof(*piece)) {
		errno = ENOMEM;
		return (NULL);
	}
	size += sizeof(*piece);
	piece = size < OWN_MIN ? calloc(1, size) : map(size);
	if (piece == NULL)
		return (NULL);
	return (piece + 1);
}

void
own_free(void *memory)
{
	struct piece *piece = memory;

	if (piece == NULL)
		return;
	piece--;
	if (piece->mapped == 0)
		free(piece);
	else
		(void)munmap(piece, piece->mapped);
}
