#!/bin/sh
# Builds the reference in DIR (outside the repository): Json.NET 12.0.1 and a small program around it.
# Needs Mono's compiler and run time (Debian: mono-mcs mono-runtime libmono-system-net-http4.0-cil
# libmono-system-data4.0-cil libmono-system-numerics4.0-cil) and npm.
set -eu
dir=${1:?usage: install.sh DIR}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$dir"
cd "$dir"
npm pack --silent jillejr.newtonsoft.json-for-unity@12.0.101 >/dev/null
tar xzf jillejr.newtonsoft.json-for-unity-12.0.101.tgz
cp "package/Plugins/Newtonsoft.Json Editor/Newtonsoft.Json.dll" .
mcs -out:Reference.exe -r:Newtonsoft.Json.dll -r:System.Net.Http.dll -r:System.Data.dll "$here/Reference.cs"
