#!/usr/bin/env pwsh
#Requires -Version 7.4

<#
.SYNOPSIS
Builds, tests, tries or installs OptimoveDC.
.DESCRIPTION
A front for the dotnet command, which does all the work; nothing here is needed to build or to test.
.EXAMPLE
./build.ps1
Builds everything; the module is in artifacts/module/OptimoveDC.
.EXAMPLE
./build.ps1 Test, Pester
.EXAMPLE
./build.ps1 Demo -ArgumentList ./examples/loyalty.ps1
#>
[CmdletBinding()]
param(
    # What to do, in that order.
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Pester', 'Coverage', 'Demo', 'Package', 'Reproduce', 'Benchmark', 'Install')]
    [string[]] $Task = 'Build',

    # What the module is built as. Test it as what you ship.
    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    # Handed on to the demo (a script and its arguments), to the coverage, or to the benchmark.
    [string[]] $ArgumentList = @()
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

$artifacts = Join-Path $PSScriptRoot artifacts
$module = Join-Path $artifacts module OptimoveDC

function Invoke-Dotnet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($args[0]) failed with exit code $LASTEXITCODE."
    }
}

function Get-ModuleVersion {
    (Import-PowerShellDataFile (Join-Path $module OptimoveDC.psd1)).ModuleVersion
}

function Invoke-Build {
    Invoke-Dotnet build --configuration $Configuration
}

function Invoke-ModuleBuild {
    # The module and what it is made of. Tests and benchmarks take many times as long.
    Invoke-Dotnet build (Join-Path $PSScriptRoot module OptimoveDC.Module.csproj) --configuration $Configuration
}

function Invoke-Test {
    Invoke-Dotnet test --configuration $Configuration --report-xunit-trx --results-directory (Join-Path $artifacts test-results)
}

function Invoke-PesterSuite {
    Invoke-Build
    # A shell of its own: an assembly that was loaded once stays until its process ends.
    . ([IO.Path]::Combine($PSScriptRoot, 'tests', 'pester', 'ChildShell.ps1'))
    Invoke-ChildShell -File ([IO.Path]::Combine($PSScriptRoot, 'tests', 'pester', 'Invoke-Suite.ps1'))
    if ($LASTEXITCODE -ne 0) {
        throw "$LASTEXITCODE Pester tests failed."
    }
}

function Invoke-Coverage {
    Invoke-Dotnet run --project (Join-Path $PSScriptRoot tests OptimoveDC.Coverage) -- @ArgumentList
}

function Invoke-Demo {
    Invoke-Dotnet run --configuration $Configuration --project (Join-Path $PSScriptRoot src OptimoveDC.Demo) -- @ArgumentList
}

function Invoke-Package {
    # The gallery's package: Publish-PSResource -NupkgPath takes it as it is.
    Invoke-Dotnet pack (Join-Path $PSScriptRoot module OptimoveDC.Module.csproj) --configuration $Configuration
    Get-Item (Join-Path $artifacts package "OptimoveDC.$(Get-ModuleVersion).nupkg")
}

function Invoke-Reproduce {
    # The commit, and not what lies in this folder: cloned twice, to paths of different lengths, and built in each.
    $scratch = Join-Path ([IO.Path]::GetTempPath()) "optimove-reproduce-$([guid]::NewGuid())"
    try {
        $builds = foreach ($name in 'first', 'the-second-of-two') {
            $clone = Join-Path $scratch $name
            git clone --quiet --no-hardlinks $PSScriptRoot $clone
            if ($LASTEXITCODE -ne 0) {
                throw 'The repository could not be cloned.'
            }
            Push-Location $clone
            try {
                Invoke-Dotnet build module/OptimoveDC.Module.csproj --configuration Release '-p:ContinuousIntegrationBuild=true' --verbosity quiet --nologo |
                    Out-Host
            }
            finally {
                Pop-Location
            }
            $files = @{}
            $built = Join-Path $clone artifacts module OptimoveDC
            foreach ($file in Get-ChildItem $built -Recurse -File) {
                $files[[IO.Path]::GetRelativePath($built, $file.FullName)] = (Get-FileHash $file.FullName -Algorithm SHA256).Hash
            }
            $files
        }
        $paths = $builds.Keys | Sort-Object -Unique
        $paths | ForEach-Object { '{0}  {1}' -f $builds[0][$_], $_ }
        $differing = @($paths | Where-Object { $builds[0][$_] -ne $builds[1][$_] })
        if ($differing -or -not $paths) {
            throw "Two builds of one commit differ in $($differing.Count) files: $($differing -join ', ')."
        }
        "Two builds of $(git -C $PSScriptRoot rev-parse --short HEAD) gave the same $(@($paths).Count) files."
    }
    finally {
        if (Test-Path $scratch) {
            Remove-Item $scratch -Recurse -Force
        }
    }
}

function Invoke-Benchmark {
    Invoke-Dotnet run --configuration Release --project (Join-Path $PSScriptRoot tests OptimoveDC.Benchmarks) -- @ArgumentList
}

function Invoke-Install {
    Invoke-ModuleBuild
    $modules = ($env:PSModulePath -split [IO.Path]::PathSeparator)[0]
    $target = Join-Path $modules OptimoveDC (Get-ModuleVersion)
    # Emptied first, so that no file of an earlier build of this version stays behind.
    if (Test-Path $target) {
        Remove-Item $target -Recurse -Force
    }
    $null = New-Item $target -ItemType Directory -Force
    Copy-Item (Join-Path $module *) $target -Recurse
    "Installed to $target. A session that has OptimoveDC loaded keeps the old one: start a new session."
}

Push-Location $PSScriptRoot
try {
    foreach ($name in $Task) {
        switch ($name) {
            Build { Invoke-Build }
            Test { Invoke-Test }
            Pester { Invoke-PesterSuite }
            Coverage { Invoke-Coverage }
            Demo { Invoke-Demo }
            Package { Invoke-Package }
            Reproduce { Invoke-Reproduce }
            Benchmark { Invoke-Benchmark }
            Install { Invoke-Install }
        }
    }
}
finally {
    Pop-Location
}
