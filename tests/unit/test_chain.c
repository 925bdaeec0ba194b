/* Chains of certificates: what is broken leads nowhere. Chains that are made for the test, hostile ones too: tests/cli/chain.sh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "evidence/chain.h"

static const char ca[] = "-----BEGIN CERTIFICATE-----\n"
	                          "MIIBbjCCARSgAwIBAgITLiI+SXaE7jDO1bopY191DLeM1DAKBggqhkjOPQQDAjAM\n"
	                          "MQowCAYDVQQDDAFmMCAXDTI2MTEyMjE4NTEyOVoYDzIxMjYxMDI5MTg1MTI5WjAM\n"
	                          "MQowCAYDVQQDDAFmMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEMgvdRs5gBGIi\n"
	                          "thkIvhFrU2yfnkld3STwFo0LPNU4uJ2wyjViHj7bTjhKub6O1TB6Ej6mDlvb4RQ3\n"
	                          "Zey3aXnbIaNTMFEwHQYDVR0OBBYEFG+x9MP+5ZRQsOfuBmLSCmb2e7lQMB8GA1Ud\n"
	                          "IwQYMBaAFG+x9MP+5ZRQsOfuBmLSCmb2e7lQMA8GA1UdEwEB/wQFMAMBAf8wCgYI\n"
	                          "KoZIzj0EAwIDSAAwRQIgNgK00chui4pnAJigT03SLKbU059pu59NqY3Vw9/q03gC\n"
	                          "IQDU3JJp0uOI2FWuF/i81b/hpOivDoyL63XVkuSLizvmOA==\n"
	                          "-----END CERTIFICATE-----\n";

static pb_verifier *opened(void)
{
	pb_verifier *v = NULL;

	assert_int_equal(pb_verifier_open((pb_bytes){(const uint8_t *)ca, sizeof ca - 1}, &v, NULL), PB_OK);
	assert_true(pb_verifier_ca(v));
	return v;
}

static void what_is_broken_leads_nowhere(void **state)
{
	pb_verifier *v = opened();
	pb_bytes der = pb_verifier_der(v);
	uint8_t *copy = malloc(der.size + 1);
	char why[PB_CHAIN_WHY];
	pb_chain c = {.leaf = der};
	int64_t from, until;

	(void)state;
	assert_true(pb_chain_leaf_valid(der, &from, &until));
	assert_true(from < until);
	/* Its key usage is not said, so it may sign; it stands for itself. */
	assert_true(pb_chain_leads(&c, der, from, why));
	assert_false(pb_chain_leads(&c, der, from - 1, why));
	assert_non_null(strstr(why, "not yet valid"));
	assert_false(pb_chain_leads(&c, der, until + 1, why));
	assert_non_null(strstr(why, "expired"));
	c.stamps = true;
	assert_false(pb_chain_leads(&c, der, from, why));
	c.stamps = false;
	for (size_t i = 0; i < PB_PKCS7_CERTIFICATES; i++)
		c.others[c.n++] = i % 2 ? der : pb_slice(der, 0, i);
	assert_true(pb_chain_leads(&c, der, from, why));
	assert_non_null(copy);
	for (size_t i = 0; i < der.size; i++) {
		memcpy(copy, der.data, der.size);
		copy[i] ^= 1;
		c.leaf = (pb_bytes){copy, der.size};
		assert_false(pb_chain_leads(&c, der, from, why));
		json_decref(pb_chain_identity(c.leaf));
		c.leaf = pb_slice(der, 0, i);
		assert_false(pb_chain_leads(&c, der, from, why));
		assert_null(pb_chain_identity(c.leaf));
	}
	memcpy(copy, der.data, der.size);
	copy[der.size] = 0;
	c.leaf = (pb_bytes){copy, der.size + 1};
	assert_false(pb_chain_leads(&c, der, from, why));
	free(copy);
	pb_verifier_free(v);
}

static void days_end_with_their_last_second(void **state)
{
	(void)state;
	assert_int_equal(pb_chain_end_of(0), 86399);
	assert_int_equal(pb_chain_end_of(-1), -1);
}

static void no_time_stamp(void **state)
{
	pb_verifier *v = opened();
	int64_t at;

	(void)state;
	assert_false(pb_timestamp_read(pb_verifier_der(v), pb_verifier_der(v), &at));
	assert_false(pb_timestamp_read((pb_bytes){NULL, 0}, (pb_bytes){NULL, 0}, &at));
	pb_verifier_free(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_broken_leads_nowhere), cmocka_unit_test(days_end_with_their_last_second),
	                                   cmocka_unit_test(no_time_stamp)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
