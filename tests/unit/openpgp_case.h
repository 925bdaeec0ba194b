/* Keys and signatures that gpg 2.2 made, at a date of its own; nobody keeps the secret halves.
 * gpg --faked-system-time 20240201T120000! -u vendor@example.org --detach-sign m.txt, and so on. */
#ifndef PROBITY_TESTS_OPENPGP_CASE_H
#define PROBITY_TESTS_OPENPGP_CASE_H

/* what all of them sign */
static const char pgp_message[] =
    "hello evidence\n"
    "- dash line\n"
    "trailing  \n"
    "end\n";

/* EE5F...6B5B, from 2024-01-01 */
static const char pgp_vendor_key[] =
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\n"
    "\n"
    "mDMEZZIAgBYJKwYBBAHaRw8BAQdAUwLXEQjUhs8uyU+Ao4MKjc0SunJDJzpnjHC2\n"
    "kjbXRUC0G1ZlbmRvciA8dmVuZG9yQGV4YW1wbGUub3JnPoiQBBMWCAA4FiEE7l/7\n"
    "Jql3H6qBsPLvisIkwdMna1sFAmWSAIACGwMFCwkIBwIGFQoJCAsCBBYCAwECHgEC\n"
    "F4AACgkQisIkwdMna1uxqgD7BlgABnQHtgUHm5Q2OFthjp6Bp5uUVnPFXH9X54/+\n"
    "nIgA/jbmRc1FzaiscrKcxqpSXNvMtG1H3zVJFQVF+B5qdc8H\n"
    "=CBeh\n"
    "-----END PGP PUBLIC KEY BLOCK-----\n";

/* BFED...64CC, from 2023-01-01 to 2024-06-01 */
static const char pgp_old_key[] =
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\n"
    "\n"
    "mDMEY7DNABYJKwYBBAHaRw8BAQdAbk/8TGXX4AqVlkYmbj1AHwNPm5U/wgdC3CIX\n"
    "ps5KacK0FU9sZCA8b2xkQGV4YW1wbGUub3JnPoiWBBMWCAA+FiEEv+0ySzXS6zfP\n"
    "/TgQGzuxgTJ3ZMwFAmOwzQACGwMFCQKqQEAFCwkIBwIGFQoJCAsCBBYCAwECHgEC\n"
    "F4AACgkQGzuxgTJ3ZMzS6AD+My5Cxt0iGSk9szzh+UWn6JDGP6JsrGkVMFhB1+pB\n"
    "A8IA/RdpEXXrMM51PyMtuUGl7IsVp1F+omV/vRAzd4FnoksF\n"
    "=pkM7\n"
    "-----END PGP PUBLIC KEY BLOCK-----\n";

/* 2024-02-01, by vendor */
static const char pgp_signature[] =
    "-----BEGIN PGP SIGNATURE-----\n"
    "\n"
    "iIkEABYIADEWIQTuX/smqXcfqoGw8u+KwiTB0ydrWwUCZbuHwBMcdmVuZG9yQGV4\n"
    "YW1wbGUub3JnAAoJEIrCJMHTJ2tbzNEA/39r2fU8oDKy7PUoI6+is03zKunOAerx\n"
    "Hqwb5qqF+yQQAQCJjNoe7i6RtyCbG9X+O4m6Dk5uBKzAVDj3Y50VgpYOCg==\n"
    "=ij1N\n"
    "-----END PGP SIGNATURE-----\n";

/* the same, clear-signed */
static const char pgp_clear[] =
    "-----BEGIN PGP SIGNED MESSAGE-----\n"
    "Hash: SHA256\n"
    "\n"
    "hello evidence\n"
    "- - dash line\n"
    "trailing  \n"
    "end\n"
    "-----BEGIN PGP SIGNATURE-----\n"
    "\n"
    "iIkEARYIADEWIQTuX/smqXcfqoGw8u+KwiTB0ydrWwUCZbuHwBMcdmVuZG9yQGV4\n"
    "YW1wbGUub3JnAAoJEIrCJMHTJ2tbASoBAI6p/18TnVer6KBoichAK3cVzpq3WmW0\n"
    "2HVKi7Vf3/CBAP91B3R87D2TD9ZT6sBZh18txZKGKtqh64O8L9/7SbcyBA==\n"
    "=FT8k\n"
    "-----END PGP SIGNATURE-----\n";

/* 2024-02-01, by old */
static const char pgp_old_signature[] =
    "-----BEGIN PGP SIGNATURE-----\n"
    "\n"
    "iIYEABYIAC4WIQS/7TJLNdLrN8/9OBAbO7GBMndkzAUCZbuHwBAcb2xkQGV4YW1w\n"
    "bGUub3JnAAoJEBs7sYEyd2TMTZsA/2Fd730bxBtwCwJoyvh7/f0AUn+DzvZ9uXVJ\n"
    "cBZeHUQHAQC5WZGXY2/XJszzIlJ0L3MnH/uWn85wbrE+7vDmUzwxAg==\n"
    "=sKw0\n"
    "-----END PGP SIGNATURE-----\n";

/* by vendor, with SHA-1 */
static const char pgp_sha1[] =
    "-----BEGIN PGP SIGNATURE-----\n"
    "\n"
    "iIkEABYCADEWIQTuX/smqXcfqoGw8u+KwiTB0ydrWwUCZbuHwBMcdmVuZG9yQGV4\n"
    "YW1wbGUub3JnAAoJEIrCJMHTJ2tb+4MBAOlvYS/0UiBmQbLBDMkyc2Rv7XYm84lU\n"
    "1uP/8kNGE3TtAP97YaLQTdlwwVTtUT7e4s5Eqt90zzVvzRR44MH6F1rzBA==\n"
    "=qFlQ\n"
    "-----END PGP SIGNATURE-----\n";

/* by vendor, for 30 days */
static const char pgp_expiring[] =
    "-----BEGIN PGP SIGNATURE-----\n"
    "\n"
    "iI8EABYIADcWIQTuX/smqXcfqoGw8u+KwiTB0ydrWwUCZbuHwAWDACeNABMcdmVu\n"
    "ZG9yQGV4YW1wbGUub3JnAAoJEIrCJMHTJ2tbL7ABAMr2+xSsjjtkgM/pYR+pbgPq\n"
    "BLCs10fnRpKOUUI1RSMBAQCbJ3zYWJ3DzotWFp5fOu3t0ryZtwHVag3XiQvW1ZUq\n"
    "Dg==\n"
    "=i8/w\n"
    "-----END PGP SIGNATURE-----\n";

/* by a third key */
static const char pgp_other_signature[] =
    "-----BEGIN PGP SIGNATURE-----\n"
    "\n"
    "iIgEABYIADAWIQRNmf18/Z/EAGwvV4JtFelqZOC88wUCZbuHwBIcb3RoZXJAZXhh\n"
    "bXBsZS5vcmcACgkQbRXpamTgvPPw1gD/bbYgiJJL3pHCf3T2XTXBwQ6hUtZOQ8n3\n"
    "Ypyk4so79b8A/1Qmulbzvn3D/XW7QYAAVcRfjmkaIWVvwMHzXA75lTUM\n"
    "=ANO0\n"
    "-----END PGP SIGNATURE-----\n";

/* by vendor and the third key */
static const char pgp_two[] =
    "-----BEGIN PGP SIGNATURE-----\n"
    "\n"
    "iIkEABYIADEWIQTuX/smqXcfqoGw8u+KwiTB0ydrWwUCZbuHwBMcdmVuZG9yQGV4\n"
    "YW1wbGUub3JnAAoJEIrCJMHTJ2tbzNEA/39r2fU8oDKy7PUoI6+is03zKunOAerx\n"
    "Hqwb5qqF+yQQAQCJjNoe7i6RtyCbG9X+O4m6Dk5uBKzAVDj3Y50VgpYOCoiIBAAW\n"
    "CAAwFiEETZn9fP2fxABsL1eCbRXpamTgvPMFAmW7h8ASHG90aGVyQGV4YW1wbGUu\n"
    "b3JnAAoJEG0V6Wpk4Lzz8NYA/222IIiSS96Rwn909l01wcEOoVLWTkPJ92KcpOLK\n"
    "O/W/AP9UJrpW8759w/11u0GAAFXEX45pGiFlb8DB81wO+ZU1DA==\n"
    "=fujp\n"
    "-----END PGP SIGNATURE-----\n";

/* pgp_signature, base64 of its binary form */
static const char pgp_binary[] =
    "iIkEABYIADEWIQTuX/smqXcfqoGw8u+KwiTB0ydrWwUCZbuHwBMcdmVuZG9yQGV4YW1wbGUub3JnAAoJEIrCJMHTJ2tbzNEA/39r"
    "2fU8oDKy7PUoI6+is03zKunOAerxHqwb5qqF+yQQAQCJjNoe7i6RtyCbG9X+O4m6Dk5uBKzAVDj3Y50VgpYOCg==";

/* the third key, 4D99...6CBA, base64 of its binary form */
static const char pgp_other_key[] =
    "mDMEZZIAgBYJKwYBBAHaRw8BAQdAOhL1Vyu4Chxq3Apkyhpak6IONGnVVdxuvuXxOE4b3RW0GU90aGVyIDxvdGhlckBleGFtcGxl"
    "Lm9yZz6IkAQTFggAOBYhBE2Z/Xz9n8QAbC9Xgm0V6Wpk4LzzBQJlkgCAAhsDBQsJCAcCBhUKCQgLAgQWAgMBAh4BAheAAAoJEG0V"
    "6Wpk4LzzeK4A/Rr3mdzjtUXu3v9kXpb1Heb7zcPBWbban9L3e6gEdnBqAQDnnLv6y5T91I2aPtETiwyZHLDl4TLhBxSXyzpxj3DT"
    "AA==";

#define PGP_VENDOR "EE5FFB26A9771FAA81B0F2EF8AC224C1D3276B5B"
#define PGP_OLD    "BFED324B35D2EB37CFFD38101B3BB181327764CC"
#define PGP_OTHER  "4D99FD7CFD9FC4006C2F57826D15E96A64E0BCF3"

#endif
