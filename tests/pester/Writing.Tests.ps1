#Requires -Version 7.4

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Workbench.ps1'))
    Import-Module $manifest -Force
    $emulator = Start-OptimoveEmulator
    $session = Connect-Optimove -Emulator $emulator -PassThru
}

AfterAll {
    Stop-OptimoveEmulator $emulator
}

Describe 'Writing from a real shell' {
    BeforeEach {
        Connect-Optimove -Emulator $emulator
        $connection = New-OptimoveDataConnection -Name Customers -PrimaryKey user_id
        $id = $connection.DataConnectionId
        $file = Join-Path $TestDrive customers.csv
        @('user_id,city,ttl', '0000001,Köln,5', '0000002,"New York, NY",6', '007,,7') | Set-Content $file
        function Get-Json($Key) { (Get-OptimoveEmulatorRecord -DataConnectionId $id -PrimaryKey $Key -Emulator $emulator).Json }
    }

    It 'takes Import-Csv into every writer, and keeps each key as it is' {
        (Import-Csv $file | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id).Sent | Should -Be 3
        Get-Json '007' | Should -Be '{"user_id":"007","city":"","ttl":"7"}'

        (Import-Csv $file | Set-OptimoveRecord -DataConnectionId $id -KeyProperty user_id -PassThru).Sent | Should -Be 3
        (Import-Csv $file | Remove-OptimoveRecord -DataConnectionId $id -KeyProperty user_id -Confirm:$false -PassThru).Sent | Should -Be 3
        Get-OptimoveEmulatorRecord -DataConnectionId $id -Emulator $emulator | Should -BeNullOrEmpty
    }

    It 'takes what ConvertFrom-Json makes, to any depth' {
        $json = '{"user_id":54490,"order":{"lines":[{"sku":"a","price":1.5},{"sku":"b","price":2}]},"gold":true,"gone":null}'

        $null = $json | ConvertFrom-Json | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id

        Get-Json 54490 | Should -Be $json
    }

    It 'takes files from Get-ChildItem, and text files by -Path' {
        (Get-ChildItem $file | Import-OptimoveData -DataConnectionId $id).Source | Should -Be $file
        (Import-OptimoveData $file -DataConnectionId $id).Sent | Should -Be 3
    }

    It 'sends nothing with -WhatIf, by the count of the emulator' {
        $before = $emulator.RequestCount

        Import-OptimoveData $file -DataConnectionId $id -WhatIf
        Import-Csv $file | Set-OptimoveRecord -DataConnectionId $id -KeyProperty user_id -WhatIf
        Import-Csv $file | Remove-OptimoveRecord -DataConnectionId $id -KeyProperty user_id -WhatIf
        New-OptimoveDataConnection -Name x -PrimaryKey y -WhatIf

        $emulator.RequestCount | Should -Be $before
    }

    It 'works in ForEach-Object -Parallel with the session that is handed over' {
        $results = 1..4 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:manifest
            [pscustomobject]@{ user_id = "parallel-$_" } | Import-OptimoveData -DataConnectionId $using:id -KeyProperty user_id -Session $using:session
        }

        ($results | Measure-Object Sent -Sum).Sum | Should -Be 4
        @(Get-OptimoveEmulatorRecord -DataConnectionId $id -Emulator $emulator).Count | Should -Be 4
    }

    It 'works in a thread job with the session that is handed over' {
        # The module of Start-ThreadJob comes with most shells, and not with all.
        $job = if (Get-Command Start-ThreadJob -ErrorAction Ignore) {
            Start-ThreadJob {
                Import-Module $using:manifest
                Import-OptimoveData $using:file -DataConnectionId $using:id -KeyProperty user_id -Session $using:session
            }
        }
        else {
            $file | ForEach-Object -AsJob -Parallel {
                Import-Module $using:manifest
                Import-OptimoveData $_ -DataConnectionId $using:id -KeyProperty user_id -Session $using:session
            }
        }

        ($job | Receive-Job -Wait -AutoRemoveJob).Sent | Should -Be 3
    }

    It 'stops within seconds though the service takes an hour to answer' {
        $slow = Start-OptimoveEmulator -Latency 3600
        try {
            $runspace = [powershell]::Create().AddScript({
                    param($manifest, $slow)
                    Import-Module $manifest
                    Connect-Optimove -Emulator $slow
                    Set-OptimoveRecord -DataConnectionId ([guid]::NewGuid()) -PrimaryKey 1 -Data @{ a = 1 }
                }).AddArgument($manifest).AddArgument($slow)
            $null = $runspace.BeginInvoke()
            $limit = [datetime]::UtcNow.AddSeconds(30)
            while ($slow.RequestCount -eq 0 -and [datetime]::UtcNow -lt $limit) { Start-Sleep -Milliseconds 20 }
            $slow.RequestCount | Should -BeGreaterThan 0

            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            $runspace.Stop()

            $clock.Elapsed.TotalSeconds | Should -BeLessThan 5
        }
        finally {
            Stop-OptimoveEmulator $slow
        }
    }

    It 'ends a pipeline that had enough, as Select-Object -First does' {
        1..100000 | ForEach-Object { [pscustomobject]@{ user_id = "$_" } } |
            Import-OptimoveData -DataConnectionId $id -BatchSize 100 | Select-Object -First 0

        (Get-ChildItem $file, $file | Import-OptimoveData -DataConnectionId $id | Select-Object -First 1).Sent | Should -Be 3
    }

    It 'shows no key in any stream, error, property or transcript' {
        $apiKey = ConvertFrom-SecureString $emulator.ApiKey -AsPlainText
        $transcript = Join-Path $TestDrive transcript.txt
        $Error.Clear()
        $null = Start-Transcript $transcript
        $shown = & {
            $VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
            Connect-Optimove -Emulator $emulator -PassThru | Format-List *
            Get-OptimoveSession | Format-List * -Force
            Import-OptimoveData $file -DataConnectionId $id -KeyProperty user_id
            try { Import-OptimoveData $file -DataConnectionId ([guid]::NewGuid()) -KeyProperty user_id } catch { $_ | Format-List * -Force }
            $emulator | Format-List * -Force
            $emulator | ConvertTo-Json -Depth 3 -WarningAction Ignore
        } *>&1 | Out-String -Width 4096
        $null = Stop-Transcript

        $shown | Should -Match 'upload_data -> 200'
        foreach ($text in $shown, (Get-Content $transcript -Raw), ($Error | Format-List * -Force | Out-String -Width 4096)) {
            $text | Should -Not -Match ([regex]::Escape($apiKey))
        }
    }

    It 'counts as failed for a runbook that stops at errors, and not for one that goes on' {
        $script = "
            Import-Module '$manifest'
            `$emulator = Start-OptimoveEmulator
            `$key = ConvertTo-SecureString expired -AsPlainText -Force
            Connect-Optimove -Uri `$emulator.Uri -BrandKey `$emulator.BrandKey -ApiKey `$key
            Import-OptimoveData '$file' -DataConnectionId ([guid]::NewGuid()) -KeyProperty user_id"
        $goesOn = Join-Path $TestDrive goes-on.ps1
        $stops = Join-Path $TestDrive stops.ps1
        $script | Set-Content $goesOn
        "`$ErrorActionPreference = 'Stop'`n$script" | Set-Content $stops

        Invoke-ChildShell -File $goesOn *> $null
        $LASTEXITCODE | Should -Be 0
        Invoke-ChildShell -File $stops *> $null
        $LASTEXITCODE | Should -Be 1
    }
}
