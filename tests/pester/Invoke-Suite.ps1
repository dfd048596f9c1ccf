#Requires -Version 7.4

<#
.SYNOPSIS
Runs the suite of this folder in the shell that it is called from, and exits with the number of cases that failed.
.DESCRIPTION
Takes the newest Pester there is, or the one in a folder that is named.
#>
[CmdletBinding()]
param(
    # The folder of a Pester to use, instead of an installed one.
    [string] $PesterPath,

    # A file for the results, as JSON: each case with its path, its result, its duration in milliseconds and its error.
    [string] $ResultPath
)

$ErrorActionPreference = 'Stop'

if ($PesterPath) {
    Import-Module (Convert-Path (Join-Path $PesterPath Pester.psd1))
}
elseif (Get-Module Pester -ListAvailable | Where-Object Version -GE ([version] '5.5')) {
    Import-Module Pester -MinimumVersion 5.5
}
else {
    throw 'Pester 5.5 or later is needed. Run: Install-PSResource Pester -TrustRepository. (dotnet test brings its own.)'
}

$run = Invoke-Pester -Configuration @{ Run = @{ Path = $PSScriptRoot; PassThru = $true }; Output = @{ Verbosity = 'Normal' } }

if ($ResultPath) {
    # A file that fails before its first case, or after its last, is a failure of its own.
    $broken = @($run.Containers) + @($run.Containers.Blocks) | Where-Object { $_.ErrorRecord } | ForEach-Object {
        @{ Path = "the file or block $($_.Item ?? $_.Name)"; Result = 'Failed'; Milliseconds = 0; Message = $_.ErrorRecord | Out-String -Width 200 }
    }
    $cases = $run.Tests | ForEach-Object {
        @{ Path = $_.ExpandedPath; Result = [string] $_.Result; Milliseconds = $_.Duration.TotalMilliseconds; Message = $_.ErrorRecord | Out-String -Width 200 }
    }
    ConvertTo-Json @(@($broken) + @($cases) | Where-Object { $_ }) -Depth 3 | Set-Content $ResultPath
}

exit $run.FailedCount + $run.FailedBlocksCount + $run.FailedContainersCount
