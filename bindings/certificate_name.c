#include "bindings/certificate_name.h"

#include <stdlib.h>
#include <string.h>

#include "bindings/der.h"

const char *pb_oid_name(const char *oid)
{
	static const char *const names[][2] = {
	    {"2.5.4.3", "CN"},
	    {"2.5.4.4", "SN"},
	    {"2.5.4.5", "serialNumber"},
	    {"2.5.4.6", "C"},
	    {"2.5.4.7", "L"},
	    {"2.5.4.8", "ST"},
	    {"2.5.4.9", "street"},
	    {"2.5.4.10", "O"},
	    {"2.5.4.11", "OU"},
	    {"2.5.4.12", "title"},
	    {"2.5.4.15", "businessCategory"},
	    {"2.5.4.17", "postalCode"},
	    {"2.5.4.42", "GN"},
	    {"2.5.4.97", "organizationIdentifier"},
	    {"0.9.2342.19200300.100.1.1", "UID"},
	    {"0.9.2342.19200300.100.1.25", "DC"},
	    {"1.2.840.113549.1.9.1", "emailAddress"},
	    {"1.3.6.1.4.1.311.60.2.1.1", "jurisdictionL"},
	    {"1.3.6.1.4.1.311.60.2.1.2", "jurisdictionST"},
	    {"1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC"},
	    {"1.3.6.1.5.5.7.3.1", "serverAuth"},
	    {"1.3.6.1.5.5.7.3.2", "clientAuth"},
	    {"1.3.6.1.5.5.7.3.3", "codeSigning"},
	    {"1.3.6.1.5.5.7.3.4", "emailProtection"},
	    {"1.3.6.1.5.5.7.3.8", "timeStamping"},
	    {"1.3.6.1.5.5.7.3.9", "OCSPSigning"},
	    {"2.5.29.37.0", "anyExtendedKeyUsage"},
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(names[i][0], oid) == 0)
			return names[i][1];
	return oid;
}

bool pb_name_value(pb_document *d, pb_bytes content, uint32_t tag, pb_string *out)
{
	uint8_t *text = malloc(2 * content.size + 1);
	ptrdiff_t n;
	bool good;

	if (text == NULL)
		return pb_document_no_memory(d) == 0;
	n = pb_der_text(content, tag, text);
	good = n < 0 ? pb_document_copy(d, content.data, content.size, out) : pb_document_copy(d, text, (size_t)n, out);
	free(text);
	return good;
}

/* RFC 4514, 2.4; all that is no printable ASCII but UTF-8 of several bytes is written as its hex digits. */
static int append_value(pb_buf *out, pb_string value)
{
	static const char digits[] = "0123456789abcdef";
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < value.size; i++) {
		uint8_t c = (uint8_t)value.data[i];
		bool outer = (i == 0 && (c == '#' || c == ' ')) || (i + 1 == value.size && c == ' ');
		char plain[3] = {'\\', (char)c, '\0'}, hex[4] = {'\\', digits[c >> 4], digits[c & 15], '\0'};

		if (c < 0x20 || c == 0x7f)
			rc = pb_buf_puts(out, hex);
		else
			rc = pb_buf_puts(out, outer || strchr("\"+,;<>=\\", c) != NULL ? plain : plain + 1);
	}
	return rc;
}

int pb_name_append(pb_buf *out, const char *separator, const char *type, pb_string value)
{
	int rc = pb_buf_puts(out, separator);

	rc = rc != 0 ? rc : pb_buf_puts(out, type);
	rc = rc != 0 ? rc : pb_buf_puts(out, "=");
	return rc != 0 ? rc : append_value(out, value);
}
