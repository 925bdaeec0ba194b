/* hash.crypt: the one file that includes crypt.h (libcrypt). A hash comes out of a product: how long a try would take is read from it
 * before anything is tried, and what would take long is refused. */
#include <crypt.h>
#include <stdlib.h>
#include <string.h>

#include "bindings/scope.h"

enum {
	PHRASE_MAX = 256,
	SETTING_MAX = 256,
	SHA_ROUNDS = 5000,      /* what $5$ and $6$ have where they do not say */
	SHA_ROUNDS_MAX = 10000, /* 6 ms */
	BCRYPT_MAX = 8,         /* its cost: 2^8, 16 ms */
	STEPS_DES = 3000,       /* a step is some 5 ns */
	STEPS_MD5 = 40000,
	STEPS_SHA_ROUND = 120,
	STEPS_BCRYPT = 12000,
	STEPS_YESCRYPT = 8000000,
};

static bool begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* "rounds=N$" behind $5$ and $6$: N, or 0 where it is too large to be tried. */
static int sha_rounds(const char *s)
{
	int rounds = 0;

	if (!begins(s, "rounds="))
		return SHA_ROUNDS;
	for (s += strlen("rounds="); *s >= '0' && *s <= '9'; s++) {
		rounds = rounds * 10 + (*s - '0');
		if (rounds > SHA_ROUNDS_MAX)
			return 0;
	}
	return rounds;
}

/* What one try with this setting costs, or 0 where it is none that is tried. */
static size_t cost(const char *s)
{
	if (begins(s, "$1$"))
		return STEPS_MD5;
	if (begins(s, "$5$") || begins(s, "$6$"))
		return (size_t)sha_rounds(s + 3) * STEPS_SHA_ROUND;
	if (begins(s, "$2") && s[2] != '\0' && strchr("aby", s[2]) != NULL && s[3] == '$' && s[4] == '0' && s[5] >= '4' &&
	    s[5] <= '0' + BCRYPT_MAX && s[6] == '$')
		return (size_t)STEPS_BCRYPT << (s[5] - '0');
	if (begins(s, "$y$j9T$") || begins(s, "$y$j8T$") || begins(s, "$y$j7T$"))
		return STEPS_YESCRYPT;
	if (strlen(s) == 13 && strspn(s, "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == 13)
		return STEPS_DES;
	return 0;
}

/* hash.crypt(password, hash) -> boolean, or nil */
int pb_hash_crypt(lua_State *L)
{
	size_t phrase_size, size, steps;
	const char *phrase = luaL_checklstring(L, 1, &phrase_size), *setting = luaL_checklstring(L, 2, &size), *made;
	struct crypt_data *data;

	steps = size <= SETTING_MAX && strlen(setting) == size ? cost(setting) : 0;
	if (steps == 0 || phrase_size > PHRASE_MAX || strlen(phrase) != phrase_size) {
		pb_sandbox_charge(L, 1);
		lua_pushnil(L);
		return 1;
	}
	pb_sandbox_charge(L, steps);
	data = calloc(1, sizeof *data);
	if (data == NULL)
		return luaL_error(L, "out of memory");
	made = crypt_rn(phrase, setting, data, sizeof *data);
	if (made == NULL)
		lua_pushnil(L);
	else
		lua_pushboolean(L, strcmp(made, setting) == 0);
	free(data);
	return 1;
}
