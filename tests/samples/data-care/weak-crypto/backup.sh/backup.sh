#!/bin/sh
tar c /srv | openssl enc -aes-128-ecb -pass file:/etc/backup.key >/backup/srv.tar.enc
