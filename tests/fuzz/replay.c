/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Runs a fuzz target over files instead of under libFuzzer: those in the
 * arguments, or else all in tests/fuzz/corpus/NAME when it is replay_NAME.
 */

#define INPUT_MAX (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Feed the file at ${path}, in memory of exactly its size. */
static int
feed(const char *path)
{
	static uint8_t input[INPUT_MAX];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	uint8_t *exact;
	ssize_t n;

	if (fd == -1) {
		perror(path);
		return (-1);
	}
	while ((n = read(fd, input + len, sizeof(input) - len)) > 0)
		len += (size_t)n;
	(void)close(fd);
	if (n == -1 || (exact = malloc(len > 0 ? len : 1)) == NULL) {
		perror(path);
		return (-1);
	}
	memcpy(exact, input, len);
	(void)LLVMFuzzerTestOneInput(exact, len);
	free(exact);
	return (0);
}

/* Feed all files of the directory.  Return how many, or -1. */
static int
feed_all(const char *directory)
{
	DIR *d = opendir(directory);
	struct dirent *e;
	char path[4096];
	int files = 0;

	if (d == NULL) {
		perror(directory);
		return (-1);
	}
	while (files >= 0 && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		(void)snprintf(
		    path, sizeof(path), "%s/%s", directory, e->d_name);
		files = feed(path) == 0 ? files + 1 : -1;
	}
	(void)closedir(d);
	return (files);
}

int
main(int argc, char **argv)
{
	const char *top = getenv("top_srcdir"), *name;
	char directory[2048];
	int i, files = 0;

	for (i = 1; i < argc; i++, files++)
		if (feed(argv[i]) == -1)
			return (1);
	if (argc == 1) {
		name = strstr(argv[0], "replay_");
		if (top == NULL || name == NULL)
			return (2);
		(void)snprintf(directory, sizeof(directory),
		    "%s/tests/fuzz/corpus/%s", top, name + strlen("replay_"));
		files = feed_all(directory);
	}
	printf("goal: %d inputs pass\n", files);
	return (files > 0 ? 0 : 1);
}
