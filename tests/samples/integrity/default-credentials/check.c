#include <string.h>

int allowed(const char *user, const char *pass)
{
	return strcmp(user, "root") == 0 && strcmp(pass, "xc3511") == 0;
}
