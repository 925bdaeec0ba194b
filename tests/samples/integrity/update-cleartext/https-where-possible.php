<?php
function twin_newest() {
	$url = $plain = 'http://api.twin-vendor.net/core/version-check/1.7/';
	if ( twin_http_supports( array( 'ssl' ) ) ) {
		$url = twin_set_scheme( $url, 'https' );
	}
	return twin_remote_get( $url );
}
