#Requires -Version 7.4

# What importing a module takes. One import a process.

[Console]::Out.WriteLine('ready')
$command = [Console]::In.ReadLine() | ConvertFrom-Json
$clock = [Diagnostics.Stopwatch]::StartNew()
Import-Module $command.Path -ErrorAction Stop
$clock.Stop()
[Console]::Out.WriteLine((@{ Seconds = $clock.Elapsed.TotalSeconds; Records = 1 } | ConvertTo-Json -Compress))
