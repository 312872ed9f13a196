/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim.h"

/* What the command line says. */
struct options {
	uint64_t steps;
	uint64_t seed;
	uint64_t seeds; /* So many seeds, each with its share of the steps. */
	uint64_t services;
	bool trace;
	bool moves; /* List the transitions which were seen. */
};

static const char usage[] =
    "usage: sim_supervisor [--steps N] [--seed S] [--seeds N] [--services N]\n"
    "                      [--trace] [--moves]\n";

/* The whole of ${text} as a number, with k, m or g behind it. */
static int
number(const char *text, uint64_t *n)
{
	char *end;

	*n = strtoull(text, &end, 10);
	if (end == text)
		return (-1);
	if (*end == 'k' || *end == 'm' || *end == 'g')
		*n *= *end == 'k' ? 1000 : *end == 'm' ? 1000000 : 1000000000;
	else if (*end != '\0')
		return (-1);
	return (0);
}

static int
parse(int argc, char **argv, struct options *o)
{
	const struct {
		const char *name;
		uint64_t *value;
	} known[] = {
		{ "--steps", &o->steps },
		{ "--seed", &o->seed },
		{ "--seeds", &o->seeds },
		{ "--services", &o->services },
	};
	size_t k, n = sizeof(known) / sizeof(known[0]);
	int i;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--trace") == 0) {
			o->trace = true;
			continue;
		}
		if (strcmp(argv[i], "--moves") == 0) {
			o->moves = true;
			continue;
		}
		for (k = 0; k < n && strcmp(argv[i], known[k].name) != 0; k++)
			;
		if (k == n || i + 1 == argc ||
		    number(argv[++i], known[k].value) != 0)
			return (-1);
	}
	return (
	    o->seeds == 0 || o->services == 0 || o->services > NAMES ? -1 : 0);
}

/* The transitions of services, a line each. */
static void
list_moves(const struct sim *s)
{
	int i, k;

	for (i = 0; i < SERVICE_STATE_COUNT; i++)
		for (k = 0; k < SERVICE_STATE_COUNT; k++)
			if (s->history.moves[i][k] > 0)
				printf("service %s %s\n",
				    service_state_name((enum service_state)i),
				    service_state_name((enum service_state)k));
}

/* Run one seed; each has fleets of another size. */
static int
run(const struct options *o, uint64_t seed, uint64_t steps)
{
	struct sim *s = malloc(sizeof(*s));
	uint32_t names = (uint32_t)o->services;
	clock_t began;
	double took;
	int rc;

	if (s == NULL) {
		perror("sim_supervisor");
		return (-1);
	}
	if (names > 1 && seed % 4 != 0)
		names = 1 + (uint32_t)(seed % names);
	sim_init(s, seed, names, o->trace);
	began = clock();
	if ((rc = sim_run(s, steps)) != 0)
		sim_dump(s);
	took = (double)(clock() - began) / CLOCKS_PER_SEC;
	printf("seed %llu: %llu steps, %u services, %llu episodes, "
	       "%llu updates, %llu loads, %llu forks; %.1f million/s\n",
	    (unsigned long long)seed, (unsigned long long)s->steps, names,
	    (unsigned long long)s->episodes, (unsigned long long)s->updates,
	    (unsigned long long)s->reloads,
	    (unsigned long long)s->history.actions[ACTION_FORK],
	    (double)s->steps / (took > 0 ? took : 1) / 1e6);
	if (o->moves)
		list_moves(s);
	free(s);
	return (rc);
}

int
main(int argc, char **argv)
{
	struct options o = {
		.steps = 10000000, .seed = 1, .seeds = 16, .services = 12
	};
	uint64_t i;

	if (parse(argc, argv, &o) != 0) {
		(void)fputs(usage, stderr);
		return (2);
	}
	printf("goal: nothing is wrong in %llu steps of a made-up world\n",
	    (unsigned long long)o.steps);
	for (i = 0; i < o.seeds; i++)
		if (run(&o, o.seed + i, o.steps / o.seeds) != 0)
			return (1);
	return (0);
}
