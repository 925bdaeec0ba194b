import logging

log = logging.getLogger()
log.info("password has %d letters", password_length)
log.warning("token expired at %s", token_expires)
log.debug("ok: %s", check(password))
print("the secret file is", secret_path)
