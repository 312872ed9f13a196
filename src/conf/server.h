/* SPDX-License-Identifier: MIT */
#ifndef CONF_SERVER_H
#define CONF_SERVER_H

/* What [unix_http_server] and [inet_http_server] say. */
struct config_server {
	const char *file;
	int mode; /* -1: not given. */
	const char *username;
	const char *password;
};

#endif /* !CONF_SERVER_H */
