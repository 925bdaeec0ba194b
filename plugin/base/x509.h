/* The door to libcrypto's X.509: certificates read (bindings/certificate.c), their keys (evidence/publickey.c), their chains (evidence/chain.c). */
#ifndef PROBITY_BASE_X509_H
#define PROBITY_BASE_X509_H

#include <openssl/x509v3.h>

#endif
