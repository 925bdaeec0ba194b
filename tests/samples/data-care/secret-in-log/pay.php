<?php
function pay($amount, $cardNumber) {
  error_log("paying $amount with $cardNumber");
}
