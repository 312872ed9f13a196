/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <string.h>

#include "core/tree.h"

/* Two services: runs 7 and 8, leaders 10 and 20, both since tick 100. */
static const struct tree_root roots[] = {
	{ .run = 7, .leader = 10, .start = 100, .session = true },
	{ .run = 8, .leader = 20, .start = 100, .session = true },
};

/* The owner of ${pid} among the ${n} processes. */
static uint32_t
owner(const struct tree_process *v, size_t n, int pid)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (v[i].pid == pid)
			return (v[i].owner);
	cr_assert_fail("pid %d is not there", pid);
	return (TREE_NOBODY);
}

/* A process of which only what is given is remarkable. */
#define BORN(began, number, parent, ...)                                       \
	{                                                                      \
		.pid = number, .ppid = parent, .start = began,                 \
		.owner = TREE_NOBODY, ##__VA_ARGS__                            \
	}
#define PROCESS(...) BORN(200, __VA_ARGS__)

#define ATTRIBUTE(v)                                                           \
	tree_attribute(v, sizeof(v) / sizeof(v[0]), roots,                     \
	    sizeof(roots) / sizeof(roots[0]))
#define OWNER(v, pid) owner(v, sizeof(v) / sizeof(v[0]), pid)

Test(tree, a_leader_and_its_descendants_are_of_it)
{
	struct tree_process v[] = {
		PROCESS(43, 42),
		PROCESS(42, 10),
		BORN(100, 10, 1),
		PROCESS(5, 1),
		BORN(100, 20, 1),
		PROCESS(41, 43),
	};

	ATTRIBUTE(v);
	cr_assert_eq(OWNER(v, 10), 0);
	cr_assert_eq(OWNER(v, 42), 0);
	cr_assert_eq(OWNER(v, 43), 0);
	cr_assert_eq(OWNER(v, 41), 0);
	cr_assert_eq(OWNER(v, 20), 1);
	cr_assert_eq(OWNER(v, 5), TREE_NOBODY);
}

/* Its parent is gone, and sigmund has adopted it. */
Test(tree, an_orphan_is_known_by_its_session_or_group)
{
	struct tree_process v[] = {
		PROCESS(30, 1, .sid = 10),
		PROCESS(31, 1, .pgid = 20),
	};

	ATTRIBUTE(v);
	cr_assert_eq(OWNER(v, 30), 0);
	cr_assert_eq(OWNER(v, 31), 1);
}

/* B14: setsid and a double fork leave only the environment. */
Test(tree, one_which_called_setsid_is_known_by_its_cookie)
{
	struct tree_process v[] = {
		PROCESS(30, 1, .sid = 30, .pgid = 30, .cookie = 8),
		PROCESS(31, 30, .sid = 31, .pgid = 31),
	};

	ATTRIBUTE(v);
	cr_assert_eq(OWNER(v, 30), 1);
	cr_assert_eq(OWNER(v, 31), 1);
}

Test(tree, one_without_any_mark_is_nobodys)
{
	struct tree_process v[] = {
		PROCESS(30, 1, .sid = 30, .pgid = 30),
		PROCESS(31, 1, .sid = 31, .cookie = 9),
	};

	ATTRIBUTE(v);
	cr_assert_eq(OWNER(v, 30), TREE_NOBODY);
	cr_assert_eq(OWNER(v, 31), TREE_NOBODY);
}

Test(tree, one_which_was_known_stays_known)
{
	struct tree_process v[] = {
		PROCESS(30, 1, .sid = 30, .pgid = 30),
		PROCESS(31, 30, .sid = 31, .pgid = 31),
	};

	v[0].owner = 1;
	ATTRIBUTE(v);
	cr_assert_eq(OWNER(v, 30), 1);
	cr_assert_eq(OWNER(v, 31), 1);
}

/* B7: the leader was reaped, and its number is another's now. */
Test(tree, a_reused_pid_is_not_the_leader)
{
	struct tree_process v[] = { BORN(300, 10, 1) };

	ATTRIBUTE(v);
	cr_assert_eq(OWNER(v, 10), TREE_NOBODY);
}

/* ... nor is the session of that other one the leader's. */
Test(tree, the_session_of_a_reused_pid_is_not_the_leaders)
{
	struct tree_process v[] = {
		BORN(300, 10, 1, .sid = 10, .pgid = 10),
		BORN(400, 11, 1, .sid = 10, .pgid = 10),
	};

	ATTRIBUTE(v);
	cr_assert_eq(OWNER(v, 10), TREE_NOBODY);
	cr_assert_eq(OWNER(v, 11), TREE_NOBODY);
}

Test(tree, what_began_before_the_leader_is_not_of_its_session)
{
	struct tree_process v[] = { BORN(99, 30, 1, .sid = 10) };

	ATTRIBUTE(v);
	cr_assert_eq(OWNER(v, 30), TREE_NOBODY);
}

Test(tree, without_a_session_of_its_own_group_and_session_say_nothing)
{
	struct tree_root root = { .run = 7, .leader = 10, .start = 100 };
	struct tree_process v[] = { PROCESS(30, 1, .sid = 10, .pgid = 10) };

	tree_attribute(v, 1, &root, 1);
	cr_assert_eq(OWNER(v, 30), TREE_NOBODY);
}

/* sigctl in a service, which starts another: the other is not a part of it. */
Test(tree, a_leader_is_of_its_own_run_whoever_is_its_parent)
{
	struct tree_process v[] = {
		BORN(100, 10, 1),
		BORN(100, 20, 10, .cookie = 7, .sid = 10),
		PROCESS(21, 20),
	};

	ATTRIBUTE(v);
	cr_assert_eq(OWNER(v, 20), 1);
	cr_assert_eq(OWNER(v, 21), 1);
}

Test(tree, a_long_line_of_descendants_is_followed_to_its_end)
{
	static struct tree_process v[2000];
	size_t i, n = sizeof(v) / sizeof(v[0]);

	/* The youngest has the lowest number: each pass finds one. */
	for (i = 0; i < n; i++)
		v[i] = (struct tree_process)PROCESS(
		    (int)(10000 - i), (int)(10001 - i));
	v[0].ppid = 10;
	v[n - 1].pid = 10;
	v[n - 1].ppid = 1;
	v[n - 1].start = 100;
	tree_attribute(v, n, roots, 2);
	for (i = 0; i < n; i++)
		cr_assert_eq(v[i].owner, 0);
}

Test(tree, a_circle_of_parents_ends)
{
	struct tree_process v[] = { PROCESS(30, 31), PROCESS(31, 30),
		PROCESS(32, 32) };

	ATTRIBUTE(v);
	cr_assert_eq(OWNER(v, 30), TREE_NOBODY);
}

Test(tree, of_nothing_is_nothing)
{
	tree_attribute(NULL, 0, roots, 2);
	tree_attribute(NULL, 0, NULL, 0);
}
