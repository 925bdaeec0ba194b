<?php
function picture($mail) {
    return '<img src="https://secure.gravatar.com/avatar/' . md5(strtolower(trim($mail))) . '">';
}
