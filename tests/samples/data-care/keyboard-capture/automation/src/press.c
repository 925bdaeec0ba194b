#include <X11/Xlib.h>
#include <X11/extensions/XTest.h>

void press(Display *display, unsigned int code)
{
	XTestFakeKeyEvent(display, code, True, CurrentTime);
	XTestFakeKeyEvent(display, code, False, CurrentTime);
	XSync(display, False);
}
