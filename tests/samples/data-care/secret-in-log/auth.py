import logging

logger = logging.getLogger()


def renew(access_token):
    logger.info(f"renewed: {access_token}")
