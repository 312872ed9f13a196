/* SPDX-License-Identifier: MIT */
#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/options.h"

#include "cli/socket.h"

static void
add(struct socket_places *places, const char *address)
{
	/* As supervisorctl writes it. */
	if (strncmp(address, "unix://", 7) == 0)
		address += 7;
	(void)snprintf(places->address[places->n++], SOCKET_MAX, "%s", address);
}

/* Where sigmund listens when nobody says where. */
static void
add_defaults(struct socket_places *places)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char address[SOCKET_MAX];
	struct stat ns;

	if (geteuid() == 0) {
		add(places, "/run/sigmund/control.sock");
	} else if (runtime != NULL && runtime[0] == '/') {
		(void)snprintf(address, sizeof(address),
		    "%s/sigmund/control.sock", runtime);
		add(places, address);
	}
	/* Where no directory can be written; told apart by pid namespace. */
	if (stat("/proc/self/ns/pid", &ns) != 0)
		ns.st_ino = 0;
	(void)snprintf(address, sizeof(address), "@sigmund/%llu/%lu",
	    (unsigned long long)ns.st_ino, (unsigned long)geteuid());
	add(places, address);
}

void
socket_find(struct socket_places *places, const struct options *o)
{
	const char *inherited = getenv("SIGMUND_SOCKET");

	places->n = 0;
	if (o->socket != NULL)
		add(places, o->socket);
	else if (o->config == NULL && inherited != NULL && *inherited != '\0')
		add(places, inherited);
	else
		add_defaults(places);
}
