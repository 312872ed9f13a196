/* SPDX-License-Identifier: MIT */
#include "core/tree.h"

/* Let the process at ${at} sink to its place in the heap of ${n}. */
static void
sink(struct tree_process *v, size_t n, size_t at)
{
	struct tree_process p = v[at];
	size_t child;

	while ((child = 2 * at + 1) < n) {
		if (child + 1 < n && v[child].pid < v[child + 1].pid)
			child++;
		if (p.pid >= v[child].pid)
			break;
		v[at] = v[child];
		at = child;
	}
	v[at] = p;
}

/* In place, without qsort(), which may allocate. */
static void
sort(struct tree_process *v, size_t n)
{
	struct tree_process p;
	size_t i;

	for (i = n / 2; i-- > 0;)
		sink(v, n, i);
	for (i = n; i-- > 1;) {
		p = v[i];
		v[i] = v[0];
		v[0] = p;
		sink(v, i, 0);
	}
}

/* The process ${pid} among the sorted ones, or NULL. */
static const struct tree_process *
find(const struct tree_process *v, size_t n, int pid)
{
	size_t lo = 0, hi = n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (v[mid].pid == pid)
			return (&v[mid]);
		if (v[mid].pid < pid)
			lo = mid + 1;
		else
			hi = mid;
	}
	return (NULL);
}

/*
 * Is ${p} in the session or the group which the leader of ${root} made?  Both
 * pin the leader's number: where another process has it, they are that one's.
 */
static bool
in_session(const struct tree_process *v, size_t n, const struct tree_process *p,
    const struct tree_root *root)
{
	const struct tree_process *leader;

	if (!root->session || p->start < root->start ||
	    (p->sid != root->leader && p->pgid != root->leader))
		return (false);
	leader = find(v, n, root->leader);
	return (leader == NULL || leader->start == root->start);
}

/* What ${p} itself says about whose it is. */
static uint32_t
own_word(const struct tree_process *v, size_t n, const struct tree_process *p,
    const struct tree_root *roots, size_t m)
{
	uint32_t k;

	for (k = 0; k < m; k++)
		if (p->pid == roots[k].leader && p->start == roots[k].start)
			return (k);
	for (k = 0; k < m; k++)
		if (p->cookie != 0 && p->cookie == roots[k].run)
			return (k);
	for (k = 0; k < m; k++)
		if (in_session(v, n, p, &roots[k]))
			return (k);
	return (TREE_NOBODY);
}

void
tree_attribute(
    struct tree_process *v, size_t n, const struct tree_root *roots, size_t m)
{
	const struct tree_process *parent;
	bool again;
	size_t i;

	sort(v, n);
	for (i = 0; i < n; i++)
		if (v[i].owner == TREE_NOBODY)
			v[i].owner = own_word(v, n, &v[i], roots, m);
	/* A pass takes each line one generation further, or all of it. */
	do {
		again = false;
		for (i = 0; i < n; i++) {
			if (v[i].owner != TREE_NOBODY)
				continue;
			parent = find(v, n, v[i].ppid);
			if (parent == NULL || parent->owner == TREE_NOBODY)
				continue;
			v[i].owner = parent->owner;
			again = true;
		}
	} while (again);
}
