<?php
function twin_is_up() {
	$answer = twin_remote_get( home_url( '/' ), array( 'timeout' => 10, 'sslverify' => false ) );
	return 200 === $answer['code'];
}
