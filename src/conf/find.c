/* SPDX-License-Identifier: MIT */
#include <sys/stat.h>
#include <sys/un.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/find.h"

/* Ours, then supervisord's. */
static const char *const places[] = { "./sigmund.ini",
	"/etc/sigmund/sigmund.ini", "./supervisord.conf",
	"./etc/supervisord.conf", "/etc/supervisord.conf",
	"/etc/supervisor/supervisord.conf" };

#define NPLACES (sizeof(places) / sizeof(places[0]))

/* One byte is the NUL, or the one in front of an abstract name. */
#define SOCKET_MAX (sizeof(((struct sockaddr_un *)0)->sun_path) - 1)

const char *
find_config_place(size_t i)
{
	return (i < NPLACES ? places[i] : NULL);
}

int
find_config(char buf[FIND_PATH_MAX])
{
	const char *set = getenv("SIGMUND_CONFIG");
	size_t i;
	int n;

	if (set != NULL && set[0] != '\0') {
		n = snprintf(buf, FIND_PATH_MAX, "%s", set);
		if (n >= FIND_PATH_MAX) {
			errno = ENAMETOOLONG;
			return (-1);
		}
		return (0);
	}
	for (i = 0; i < NPLACES; i++) {
		if (access(places[i], F_OK) == 0) {
			(void)snprintf(buf, FIND_PATH_MAX, "%s", places[i]);
			return (0);
		}
	}
	errno = ENOENT;
	return (-1);
}

/* Could there be a socket in ${directory}/sigmund? */
static int
usable(const char *directory)
{
	char path[FIND_PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/sigmund", directory);

	if (n <= 0 || (size_t)n >= sizeof(path))
		return (0);
	/* Made at the first start, if it can be. */
	if (access(path, F_OK) == 0)
		return (access(path, W_OK | X_OK) == 0);
	return (access(directory, W_OK | X_OK) == 0);
}

/* What nobody else on this machine has: pid namespace and user. */
static int
abstract_name(char *buf)
{
	struct stat st;
	unsigned long long ns = 0;

	if (stat("/proc/self/ns/pid", &st) == 0)
		ns = (unsigned long long)st.st_ino;
	return (snprintf(
	    buf, FIND_PATH_MAX, "@sigmund/%llu/%ld", ns, (long)geteuid()));
}

int
find_socket(char buf[FIND_PATH_MAX], const char *configured)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	int n;

	if (configured != NULL)
		n = snprintf(buf, FIND_PATH_MAX, "%s", configured);
	else if (geteuid() == 0 && usable("/run"))
		n = snprintf(buf, FIND_PATH_MAX, "/run/sigmund/control.sock");
	else if (geteuid() != 0 && runtime != NULL && runtime[0] == '/' &&
		 usable(runtime))
		n = snprintf(
		    buf, FIND_PATH_MAX, "%s/sigmund/control.sock", runtime);
	else
		n = abstract_name(buf);
	if (n <= 0 || (size_t)n > SOCKET_MAX) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	return (0);
}
