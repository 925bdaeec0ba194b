<?php
$jobs = array('status' => 'uptime', 'space' => 'df');
$job = $_GET['job'];
if (isset($jobs[$job])) {
    passthru(escapeshellcmd($jobs['status']));
}
