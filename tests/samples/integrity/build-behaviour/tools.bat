@echo off
rem certutil -decode is not needed here
curl -fsSL -o tools.zip https://github.com/viewer/tools/releases/download/v3/tools.zip
certutil -hashfile tools.zip SHA256 | findstr /i 9f86d081884c7d65 || exit /b 1
tar -xf tools.zip
start "" tools\setup.exe
