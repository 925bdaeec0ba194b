<?php
$handle = curl_init('https://api.vendor-host.net/');
curl_setopt($handle, CURLOPT_SSL_VERIFYPEER, false);
curl_exec($handle);
