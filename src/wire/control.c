/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "wire/control.h"

static const struct {
	const char *word;
	unsigned fields;
} commands[] = {
#define X(sym, word, fields) [CONTROL_##sym] = { word, fields },
	CONTROL_COMMANDS(X)
#undef X
};

enum control_command
control_command_find(const char *word)
{
	size_t i;

	for (i = 0; i < CONTROL_COMMANDS_COUNT; i++)
		if (strcmp(commands[i].word, word) == 0)
			break;
	return ((enum control_command)i);
}

const char *
control_command_word(enum control_command command)
{
	assert(command < CONTROL_COMMANDS_COUNT);
	return (commands[command].word);
}

unsigned
control_command_fields(enum control_command command)
{
	assert(command < CONTROL_COMMANDS_COUNT);
	return (commands[command].fields);
}
