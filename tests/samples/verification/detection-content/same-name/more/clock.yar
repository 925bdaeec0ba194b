rule clock_text
{
  strings:
    $a = "a text that something has"
  condition:
    $a
}
