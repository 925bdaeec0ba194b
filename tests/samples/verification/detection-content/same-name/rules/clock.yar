rule clock_text
{
  strings:
    $a = "a text that nothing has"
  condition:
    $a
}
