<?php
$column = $_GET['column'];
$rows = $db->query("SELECT `$column` FROM words");
foreach ($rows as $row) {
    echo htmlspecialchars($row[$column]);
}
