<?php
$name = trim($_POST['name']);
echo htmlspecialchars($name);
mail('office@a-vendor.net', 'A letter', $name);
system('uptime');
