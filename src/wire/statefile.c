/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdatomic.h>
#include <string.h>

#include "base/err.h"

#include "wire/statefile.h"

#define BYTE_ORDER_MARK 0x01020304

/* A run beyond this is no count of anything. */
#define RUN_MAX ((uint64_t)1 << 53)

/*
 * Atomic, so that a store is one store, and stays in its place among the
 * others.  Nobody else runs: it is about what a SIGKILL leaves.
 */
struct statefile_header {
	char magic[8];
	uint32_t byte_order;
	uint32_t nslots;
	uint64_t size;
	_Atomic uint64_t next_run;
	uint64_t owner_start_ticks;
	int32_t owner_pid;
	uint32_t reserved;
	char boot_id[STATEFILE_BOOT_ID];
	char reserved_too[168];
};

struct statefile_slot {
	_Atomic uint64_t run;
	_Atomic uint64_t start_ticks;
	_Atomic int32_t pid;
	_Atomic uint32_t flags;
	uint32_t name; /* Offset from the image's start. */
	uint32_t reserved;
};

_Static_assert(sizeof(struct statefile_header) == 256, "layout of the header");
_Static_assert(sizeof(struct statefile_slot) == 32, "layout of a slot");
_Static_assert(sizeof(STATEFILE_MAGIC) - 1 == 8, "length of the magic");

#define STORE(field, value)                                                    \
	atomic_store_explicit((field), (value), memory_order_release)
#define LOAD(field) atomic_load_explicit((field), memory_order_acquire)

/* Where the names begin. */
static size_t
names_at(size_t nslots)
{
	return (sizeof(struct statefile_header) +
		nslots * sizeof(struct statefile_slot));
}

static void
view(struct statefile *sf, void *image, uint32_t nslots)
{
	sf->header = image;
	sf->slots = (struct statefile_slot *)((char *)image +
					      sizeof(struct statefile_header));
	sf->nslots = nslots;
}

static struct statefile_slot *
slot_of(const struct statefile *sf, uint32_t slot)
{
	assert(slot < sf->nslots);
	return (&sf->slots[slot]);
}

size_t
statefile_size(const char *const *names, size_t n)
{
	size_t i, len, size;

	if (n > STATEFILE_SLOTS_MAX)
		return (0);
	size = names_at(n);
	for (i = 0; i < n; i++) {
		len = strlen(names[i]);
		if (len == 0 || len > STATEFILE_NAME_MAX)
			return (0);
		size += len + 1;
	}
	return (size > STATEFILE_BYTES_MAX ? 0 : size);
}

void
statefile_init(struct statefile *sf, void *image, const char *const *names,
    size_t n, const struct statefile_owner *owner, uint64_t next_run)
{
	size_t i, len, at = names_at(n);
	struct statefile_header *h = image;

	assert(n <= STATEFILE_SLOTS_MAX);
	view(sf, image, (uint32_t)n);
	for (i = 0; i < n; i++) {
		len = strlen(names[i]) + 1;
		memcpy((char *)image + at, names[i], len);
		sf->slots[i].name = (uint32_t)at;
		at += len;
	}
	h->byte_order = BYTE_ORDER_MARK;
	h->nslots = (uint32_t)n;
	h->size = at;
	h->owner_pid = owner->pid;
	h->owner_start_ticks = owner->start_ticks;
	len = strlen(owner->boot_id);
	assert(len < sizeof(h->boot_id));
	memcpy(h->boot_id, owner->boot_id, len);
	STORE(&h->next_run, next_run);
	atomic_thread_fence(memory_order_release);
	memcpy(h->magic, STATEFILE_MAGIC, sizeof(h->magic));
}

void
statefile_forking(
    struct statefile *sf, uint32_t slot, uint64_t run, uint64_t next_run)
{
	struct statefile_slot *s = slot_of(sf, slot);

	STORE(&sf->header->next_run, next_run);
	STORE(&s->pid, 0);
	STORE(&s->start_ticks, 0);
	STORE(&s->run, run);
}

void
statefile_running(
    struct statefile *sf, uint32_t slot, int pid, uint64_t start_ticks)
{
	struct statefile_slot *s = slot_of(sf, slot);

	STORE(&s->pid, 0);
	STORE(&s->start_ticks, start_ticks);
	STORE(&s->pid, pid);
}

void
statefile_ended(struct statefile *sf, uint32_t slot)
{
	struct statefile_slot *s = slot_of(sf, slot);

	STORE(&s->pid, 0);
	STORE(&s->run, 0);
	STORE(&s->start_ticks, 0);
}

void
statefile_set_flags(struct statefile *sf, uint32_t slot, unsigned flags)
{
	STORE(&slot_of(sf, slot)->flags, flags);
}

static int
check_header(const struct statefile_header *h, size_t size, struct err *err)
{
	if (size < sizeof(*h) ||
	    memcmp(h->magic, STATEFILE_MAGIC, sizeof(h->magic)) != 0)
		return (err_set(err, 0, "not a state file"));
	if (h->byte_order != BYTE_ORDER_MARK)
		return (err_set(err, 0, "of another kind of machine"));
	if (h->size != size)
		return (err_set(err, 0, "%zu bytes where it should have %llu",
		    size, (unsigned long long)h->size));
	if (h->nslots > STATEFILE_SLOTS_MAX || names_at(h->nslots) > size)
		return (err_set(
		    err, 0, "too short for %u services", (unsigned)h->nslots));
	if (h->owner_pid < 1)
		return (err_set(err, 0, "owner's pid %d", (int)h->owner_pid));
	if (memchr(h->boot_id, '\0', sizeof(h->boot_id)) == NULL)
		return (err_set(err, 0, "boot id without an end"));
	if (LOAD(&h->next_run) > RUN_MAX)
		return (err_set(err, 0, "next run out of range"));
	return (0);
}

/* Within the names, with an end, and fit to be shown to anybody. */
static int
check_name(const char *image, size_t size, size_t nslots, size_t name)
{
	size_t i;

	if (name < names_at(nslots) || name >= size)
		return (-1);
	for (i = name; i < size && image[i] != '\0'; i++)
		if ((unsigned char)image[i] < 0x20 || image[i] == 0x7f)
			return (-1);
	return (
	    i < size && i > name && i - name <= STATEFILE_NAME_MAX ? 0 : -1);
}

static int
check_slot(const struct statefile_slot *s, struct err *err)
{
	if (LOAD(&s->run) > RUN_MAX)
		return (err_set(err, 0, "run out of range"));
	/* What kill(2) would take for a group, or for everybody. */
	if (LOAD(&s->pid) < 0 || LOAD(&s->pid) == 1)
		return (err_set(err, 0, "pid %d", (int)LOAD(&s->pid)));
	if (LOAD(&s->run) == 0 && LOAD(&s->pid) != 0)
		return (err_set(err, 0, "a pid without a run"));
	return (0);
}

int
statefile_open(struct statefile *sf, void *image, size_t size, struct err *err)
{
	const struct statefile_header *h = image;
	struct statefile sf_new;
	uint32_t i;

	if (check_header(h, size, err) != 0)
		return (-1);
	view(&sf_new, image, h->nslots);
	for (i = 0; i < h->nslots; i++) {
		if (check_name(image, size, h->nslots, sf_new.slots[i].name) !=
		    0)
			return (
			    err_set(err, 0, "slot %u: bad name", (unsigned)i));
		if (check_slot(&sf_new.slots[i], err) != 0)
			return (-1);
	}
	*sf = sf_new;
	return (0);
}

void
statefile_owner(const struct statefile *sf, struct statefile_owner *owner)
{
	owner->pid = sf->header->owner_pid;
	owner->start_ticks = sf->header->owner_start_ticks;
	owner->boot_id = sf->header->boot_id;
}

uint64_t
statefile_next_run(const struct statefile *sf)
{
	uint64_t run, next = LOAD(&sf->header->next_run);
	uint32_t i;

	for (i = 0; i < sf->nslots; i++) {
		run = LOAD(&sf->slots[i].run);
		if (run >= next)
			next = run + 1;
	}
	return (next == 0 ? 1 : next);
}

void
statefile_entry(
    const struct statefile *sf, uint32_t slot, struct statefile_entry *entry)
{
	const struct statefile_slot *s = slot_of(sf, slot);

	entry->name = (const char *)sf->header + s->name;
	entry->run = LOAD(&s->run);
	entry->start_ticks = LOAD(&s->start_ticks);
	entry->pid = LOAD(&s->pid);
	entry->flags = LOAD(&s->flags);
}
