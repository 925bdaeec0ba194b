#include <windows.h>

int put(HGLOBAL picture)
{
	if (!OpenClipboard(NULL))
		return -1;
	SetClipboardData(CF_DIB, picture);
	return CloseClipboard() ? 0 : -1;
}
