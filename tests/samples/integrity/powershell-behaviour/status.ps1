$state = Invoke-RestMethod -Uri "https://status.a-vendor.net/v1"
Write-Output $state.text
Start-Process notepad.exe
