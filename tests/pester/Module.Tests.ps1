#Requires -Version 7.4

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Workbench.ps1'))
    Import-Module $manifest -Force
}

Describe 'The module in a real shell' {
    It 'is loaded when one of its commands is first used' {
        $env:PSModulePath = [IO.Path]::Combine($repository, 'artifacts', 'module') + [IO.Path]::PathSeparator + $env:PSModulePath

        Invoke-ChildShell -Command 'Start-OptimoveEmulator | Stop-OptimoveEmulator; (Get-Module OptimoveDC).Name' | Should -Be 'OptimoveDC'
    }

    It 'shows its syntax as a built-in module does' {
        $syntax = Get-Command -Module OptimoveDC -Syntax | Out-String

        $syntax | Should -Match 'Import-OptimoveData \[-Path\] <string\[\]>'
        $syntax | Should -Match 'Remove-OptimoveRecord \[-PrimaryKey\] <Object\[\]>.*\[-WhatIf\] \[-Confirm\] \[<CommonParameters>\]'
        $syntax | Should -Not -Match 'System\.'
    }

    It 'has help for <_>, whole, by example and by parameter' -ForEach @(
        (Import-PowerShellDataFile ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'module', 'OptimoveDC.psd1'))).CmdletsToExport
    ) {
        $full = Get-Help $_ -Full | Out-String
        foreach ($part in 'SYNOPSIS', 'SYNTAX', 'DESCRIPTION', 'PARAMETERS', 'INPUTS', 'OUTPUTS', 'NOTES', 'RELATED LINKS') {
            $full | Should -MatchExactly "(?m)^$part"
        }
        Get-Help $_ -Examples | Out-String | Should -Match '-------- Example 3: '
        $own = (Get-Command $_).Parameters.Keys | Where-Object { $_ -notin [System.Management.Automation.Cmdlet]::CommonParameters }
        foreach ($name in $own) {
            (Get-Help $_ -Parameter $name).description.Text | Should -Not -BeNullOrEmpty -Because $name
        }
    }

    It 'has topics about itself' {
        Get-Help about_OptimoveDC | Out-String | Should -Match 'LONG DESCRIPTION'
        Get-Help about_OptimoveDC_Troubleshooting | Out-String | Should -Match 'Optimove\.AuthenticationFailed'
    }

    It 'suggests columns at the Tab key' {
        'user_id,purchase amount' | Set-Content TestDrive:customers.csv
        $line = "Import-OptimoveData -Path '$(Get-Item TestDrive:customers.csv)' -KeyProperty "

        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be 'user_id', "'purchase amount'"
    }

    It 'shows a result as a table, and all of it as a list' {
        $emulator = Start-OptimoveEmulator
        Connect-Optimove -Emulator $emulator
        $connection = New-OptimoveDataConnection -Name Loyalty -PrimaryKey user_id
        $result = [pscustomobject]@{ user_id = 1 } | Import-OptimoveData -DataConnectionId $connection
        Stop-OptimoveEmulator $emulator

        $result | Out-String -Width 120 | Should -Match 'Source +Completed +Read +Sent'
        $result | Format-List | Out-String | Should -Match 'Bytes +: \d+ B'
    }

    It 'works beside another Polly that was loaded first' {
        $script = "
            Add-Type -Path '$(Get-OlderPolly)'
            Import-Module '$manifest'
            `$emulator = Start-OptimoveEmulator
            Connect-Optimove -Emulator `$emulator
            (New-OptimoveDataConnection -Name Loyalty -PrimaryKey user_id).Name
            @([AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { `$_.GetName().Name -eq 'Polly.Core' }).Count"

        Invoke-ChildShell -Command $script | Should -Be 'Loyalty', 2
    }
}
