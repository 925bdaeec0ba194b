<?php
function begin() {
  $session_id = md5(rand() . time());
  return $session_id;
}
