#ifndef CONF_FIND_H
#define CONF_FIND_H
struct err;
#define FIND_SOCKET_ENV "SIGMUND_SOCKET"
char *find_config(const char *, struct err *);
char *find_socket_default(void);
char *find_socket_abstract(void);
#endif
