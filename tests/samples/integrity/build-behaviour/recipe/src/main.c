#include <stdio.h>
int tgrep(const char *, FILE *);
int main(int argc, char **argv)
{
	if (argc < 2)
		return fprintf(stderr, "usage: tgrep TEXT\n"), 2;
	return tgrep(argv[1], stdin);
}
