#ifndef CONF_DIFF_H
#define CONF_DIFF_H
#include <stddef.h>
struct config;
struct config_line { char mark; const char *name, *text; };
struct config_diff { struct config_line *lines; size_t nlines, nunchanged; };
struct config_diff *config_diff_new(const struct config *, const struct config *);
void config_diff_free(struct config_diff *);
#endif
