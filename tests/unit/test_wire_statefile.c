/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "wire/statefile.h"

/*
 * Look at the image after every single store, as a SIGKILL would leave it.
 * The file under test is compiled into this one for that.
 */
static void look(void);

#undef atomic_store_explicit
#define atomic_store_explicit(field, value, order)                             \
	do {                                                                   \
		__atomic_store_n((field), (value), __ATOMIC_RELEASE);          \
		look();                                                        \
	} while (0)
#include "wire/statefile.c"

static const char *const names[] = { "web", "worker:worker_02", "db" };
#define NNAMES (sizeof(names) / sizeof(names[0]))

static const struct statefile_owner owner = {
	.pid = 41,
	.start_ticks = 12345,
	.boot_id = "a3f2c7de-0f1e-4f5e-9d44-2f1f6b1e9f00",
};

static void *image;
static size_t image_size;
static struct statefile sf;

/* What the runs are, so that look() knows a mixture of two. */
static uint64_t
ticks_of_pid(int pid)
{
	return ((uint64_t)pid * 1000);
}

static size_t looks;

static void
look(void)
{
	struct statefile_entry e;
	struct statefile read;
	struct err err;
	void *copy;

	if (image == NULL)
		return;
	copy = malloc(image_size);
	memcpy(copy, image, image_size);
	if (statefile_open(&read, copy, image_size, &err) == 0) {
		for (uint32_t i = 0; i < read.nslots; i++) {
			statefile_entry(&read, i, &e);
			if (e.pid != 0)
				cr_assert_eq(e.start_ticks, ticks_of_pid(e.pid),
				    "a mixture");
			cr_assert_lt(e.run, statefile_next_run(&read));
		}
		looks++;
	}
	free(copy);
}

static void
set_up(void)
{
	image_size = statefile_size(names, NNAMES);
	image = calloc(1, image_size);
	statefile_init(&sf, image, names, NNAMES, &owner, 7);
}

static void
tear_down(void)
{
	free(image);
	image = NULL;
}

TestSuite(statefile, .init = set_up, .fini = tear_down);

static struct statefile_entry
entry(uint32_t slot)
{
	struct statefile_entry e;
	struct statefile read;
	struct err err;

	cr_assert_eq(
	    statefile_open(&read, image, image_size, &err), 0, "%s", err.text);
	statefile_entry(&read, slot, &e);
	return (e);
}

Test(statefile, tells_who_wrote_it)
{
	struct statefile_owner who;
	struct statefile read;
	struct err err;

	cr_assert_eq(statefile_open(&read, image, image_size, &err), 0);
	statefile_owner(&read, &who);
	cr_assert_eq(who.pid, 41);
	cr_assert_eq(who.start_ticks, 12345);
	cr_assert_str_eq(who.boot_id, owner.boot_id);
	cr_assert_eq(read.nslots, NNAMES);
	cr_assert_eq(statefile_next_run(&read), 7);
}

Test(statefile, nothing_runs_in_a_fresh_one)
{
	for (uint32_t i = 0; i < NNAMES; i++) {
		cr_assert_str_eq(entry(i).name, names[i]);
		cr_assert_eq(entry(i).run, 0);
		cr_assert_eq(entry(i).pid, 0);
	}
}

Test(statefile, a_run_is_there_from_before_its_fork_until_its_end)
{
	statefile_set_flags(&sf, 1, STATEFILE_WANT_UP);
	statefile_forking(&sf, 1, 7, 8);
	cr_assert_eq(entry(1).run, 7);
	cr_assert_eq(entry(1).pid, 0);
	statefile_running(&sf, 1, 812, ticks_of_pid(812));
	cr_assert_eq(entry(1).pid, 812);
	cr_assert_eq(entry(1).start_ticks, ticks_of_pid(812));
	cr_assert_eq(entry(1).flags, STATEFILE_WANT_UP);
	statefile_ended(&sf, 1);
	cr_assert_eq(entry(1).run, 0);
	cr_assert_eq(entry(1).pid, 0);
	cr_assert_eq(entry(1).flags, STATEFILE_WANT_UP);
	cr_assert_eq(statefile_next_run(&sf), 8);
}

Test(statefile, a_kill_between_any_two_stores_leaves_it_readable)
{
	uint64_t run = 7;

	looks = 0;
	for (int pid = 100; pid < 200; pid++) {
		uint32_t slot = (uint32_t)pid % NNAMES;

		statefile_forking(&sf, slot, run, run + 1);
		run++;
		/* As the child does, and then its parent again. */
		statefile_running(&sf, slot, pid, ticks_of_pid(pid));
		statefile_running(&sf, slot, pid, ticks_of_pid(pid));
		if (pid % 3 == 0)
			statefile_ended(&sf, slot);
	}
	cr_assert_geq(looks, 1000);
}

Test(statefile, no_state_file_before_it_is_complete)
{
	struct statefile other;

	looks = 0;
	memset(image, 0, image_size);
	statefile_init(&other, image, names, NNAMES, &owner, 7);
	cr_assert_eq(looks, 0);
}

Test(statefile, one_cut_short_anywhere_is_refused)
{
	struct statefile read;
	struct err err;

	for (size_t size = 0; size < image_size; size++) {
		void *copy = malloc(size + 1);

		memcpy(copy, image, size);
		cr_assert_eq(statefile_open(&read, copy, size, &err), -1);
		free(copy);
	}
}

Test(statefile, what_would_make_us_signal_everybody_is_refused)
{
	static const int32_t pids[] = { -1, 1, -812, INT32_MIN };
	struct statefile read;
	struct err err;

	statefile_forking(&sf, 0, 7, 8);
	for (size_t i = 0; i < sizeof(pids) / sizeof(pids[0]); i++) {
		sf.slots[0].pid = pids[i];
		cr_assert_eq(
		    statefile_open(&read, image, image_size, &err), -1);
	}
}

Test(statefile, names_that_leave_the_image_are_refused)
{
	const uint32_t good = sf.slots[0].name;
	const uint32_t bad[] = { 0, 4, 255, good - 1, (uint32_t)image_size,
		UINT32_MAX };
	struct statefile read;
	struct err err;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		sf.slots[0].name = bad[i];
		cr_assert_eq(statefile_open(&read, image, image_size, &err), -1,
		    "%u", bad[i]);
	}
	sf.slots[0].name = good;
	((char *)image)[image_size - 1] = 'x';
	cr_assert_eq(statefile_open(&read, image, image_size, &err), -1);
}

Test(statefile, a_name_has_a_maximum)
{
	char *name = malloc(STATEFILE_NAME_MAX + 2);
	const char *list[] = { name };
	const char *empty[] = { "" };

	memset(name, 'x', STATEFILE_NAME_MAX + 1);
	name[STATEFILE_NAME_MAX + 1] = '\0';
	cr_assert_eq(statefile_size(list, 1), 0);
	cr_assert_eq(statefile_size(empty, 1), 0);
	name[STATEFILE_NAME_MAX] = '\0';
	image = NULL;
	cr_assert_neq(statefile_size(list, 1), 0);
	free(name);
}

/* What is accepted can be walked, whatever anybody wrote. */
Test(statefile, corrupt_images_are_survived)
{
	struct statefile_entry e;
	struct statefile read;
	uint32_t seed = 1;
	char *copy;
	struct err err;
	size_t walked = 0;

	for (int round = 0; round < 20000; round++) {
		copy = malloc(image_size);
		memcpy(copy, image, image_size);
		for (int i = 0; i < 1 + round % 4; i++) {
			seed = seed * 1664525 + 1013904223;
			copy[(seed >> 8) % image_size] = (char)(seed >> 24);
		}
		if (statefile_open(&read, copy, image_size, &err) == 0) {
			for (uint32_t i = 0; i < read.nslots; i++) {
				statefile_entry(&read, i, &e);
				walked += strlen(e.name);
			}
			(void)statefile_next_run(&read);
		}
		free(copy);
	}
	cr_assert_gt(walked, 0);
}
