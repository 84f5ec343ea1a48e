@echo off
rem Runs Maven: the one on the PATH if it is 3.8.6 or later, else the pinned one, which is downloaded
rem once from Apache's archive of releases. Both are named in .mvn\wrapper\maven-wrapper.properties.
setlocal
set "MVNW_HERE=%~dp0"
if defined MVNW_DOWNLOAD goto pinned

set "MVNW_VERSION="
where mvn.cmd >nul 2>nul || goto pinned
rem Asked outside the project, so that .mvn\jvm.config cannot spoil the answer.
pushd "%SystemRoot%"
for /f "tokens=3" %%v in ('mvn.cmd -B --version 2^>nul ^| findstr /c:"Apache Maven "') do set "MVNW_VERSION=%%v"
popd
if not defined MVNW_VERSION goto pinned
powershell -NoProfile -Command "if ([version](($env:MVNW_VERSION -split '-')[0]) -ge [version]'3.8.6') { exit 0 } else { exit 1 }" || goto pinned
call mvn.cmd %*
exit /b %ERRORLEVEL%

:pinned
for /f "usebackq tokens=1,* delims==" %%a in ("%MVNW_HERE%.mvn\wrapper\maven-wrapper.properties") do (
  if "%%a"=="distributionUrl" set "MVNW_URL=%%b"
  if "%%a"=="distributionSha512Sum" set "MVNW_SUM=%%b"
)
for %%f in ("%MVNW_URL%") do set "MVNW_NAME=%%~nf"
if not defined MAVEN_USER_HOME set "MAVEN_USER_HOME=%USERPROFILE%\.m2"
set "MVNW_DISTS=%MAVEN_USER_HOME%\wrapper\dists"
rem The folder in the archive is called like the archive, without "-bin".
set "MVNW_HOME=%MVNW_DISTS%\%MVNW_NAME:-bin=%"
if exist "%MVNW_HOME%\bin\mvn.cmd" goto run

powershell -NoProfile -Command "$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue'; [Net.ServicePointManager]::SecurityProtocol = 'Tls12'; New-Item -ItemType Directory -Force $env:MVNW_DISTS | Out-Null; $zip = Join-Path $env:MVNW_DISTS ('mvnw-' + $PID + '.zip'); Write-Host ('mvnw: downloading ' + $env:MVNW_URL); Invoke-WebRequest -UseBasicParsing $env:MVNW_URL -OutFile $zip; if ($env:MVNW_SUM -and (Get-FileHash -Algorithm SHA512 $zip).Hash -ne $env:MVNW_SUM) { Remove-Item $zip; throw 'the SHA-512 of the download differs' }; Expand-Archive -Force $zip $env:MVNW_DISTS; Remove-Item $zip" || exit /b 1

:run
call "%MVNW_HOME%\bin\mvn.cmd" %*
exit /b %ERRORLEVEL%
