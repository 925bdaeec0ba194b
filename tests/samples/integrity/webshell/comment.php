<?php
// Never write eval($_POST['x']) in a page.
echo 'hello';
