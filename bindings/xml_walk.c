/* expat, with its dangerous sides shut. */
#include "bindings/xml_walk.h"

#define XML_DTD /* the library is built with it, and shows the bounds on entities only where this is set */
#include <expat.h>
#include <string.h>

enum { ENTITIES_MOST = 64, AMPLIFICATION = 16, FREE_BYTES = 1 << 20 };

typedef struct walk {
	XML_Parser parser;
	pb_document *d;
	const pb_xml_calls *calls;
	void *user;
	unsigned entities;
} walk;

static void place(walk *w)
{
	w->d->line = (uint32_t)XML_GetCurrentLineNumber(w->parser);
	w->d->column = (uint32_t)XML_GetCurrentColumnNumber(w->parser) + 1;
}

static void stop_unless(walk *w, bool good)
{
	if (!good)
		(void)XML_StopParser(w->parser, XML_FALSE);
}

static bool stopped(walk *w) /* expat may still call once more */
{
	return w->d->reason[0] != '\0';
}

static void XMLCALL on_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
	walk *w = user;

	if (stopped(w))
		return;
	place(w);
	stop_unless(w, w->calls->start(w->user, name, (const char *const *)attributes));
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
	walk *w = user;

	(void)name;
	if (stopped(w))
		return;
	place(w);
	stop_unless(w, w->calls->end(w->user));
}

static void XMLCALL on_text(void *user, const XML_Char *text, int n)
{
	walk *w = user;

	if (stopped(w))
		return;
	place(w);
	stop_unless(w, w->calls->text(w->user, text, (size_t)n));
}

/* Entities within entities are expanded by recursion in expat: so they are few. */
static void XMLCALL on_entity(void *user, const XML_Char *name, int parameter, const XML_Char *value, int n,
                              const XML_Char *base, const XML_Char *system, const XML_Char *public, const XML_Char *notation)
{
	walk *w = user;

	(void)name, (void)parameter, (void)value, (void)n, (void)base, (void)system, (void)public, (void)notation;
	if (stopped(w) || ++w->entities <= ENTITIES_MOST)
		return;
	place(w);
	(void)pb_document_fail(w->d, "limit entities: more than %d are declared", ENTITIES_MOST);
	stop_unless(w, false);
}

/* One that is declared elsewhere, if at all. */
static void XMLCALL on_skipped(void *user, const XML_Char *name, int parameter)
{
	walk *w = user;

	if (parameter || stopped(w))
		return;
	on_text(user, "&", 1);
	on_text(user, name, (int)strlen(name));
	on_text(user, ";", 1);
}

int pb_xml_walk(pb_document *d, pb_bytes text, const pb_xml_calls *calls, void *user)
{
	walk w = {XML_ParserCreate(NULL), d, calls, user, 0};
	enum XML_Error error;

	if (w.parser == NULL)
		return pb_document_no_memory(d);
	XML_SetUserData(w.parser, &w);
	XML_SetElementHandler(w.parser, on_start, on_end);
	XML_SetCharacterDataHandler(w.parser, on_text);
	XML_SetEntityDeclHandler(w.parser, on_entity);
	XML_SetSkippedEntityHandler(w.parser, on_skipped);
	/* no XML_SetExternalEntityRefHandler: what is elsewhere is passed over */
	(void)XML_SetBillionLaughsAttackProtectionMaximumAmplification(w.parser, AMPLIFICATION);
	(void)XML_SetBillionLaughsAttackProtectionActivationThreshold(w.parser, FREE_BYTES);
	if (XML_Parse(w.parser, (const char *)text.data, (int)text.size, XML_TRUE) != XML_STATUS_OK && !stopped(&w)) {
		error = XML_GetErrorCode(w.parser);
		place(&w);
		if (error == XML_ERROR_NO_MEMORY)
			(void)pb_document_no_memory(d);
		else if (error == XML_ERROR_AMPLIFICATION_LIMIT_BREACH)
			(void)pb_document_fail(d, "limit entities: the text would grow more than %d times", AMPLIFICATION);
		else
			(void)pb_document_fail(d, "%s", XML_ErrorString(error));
	}
	XML_ParserFree(w.parser);
	return stopped(&w) ? -1 : 0;
}
