#Requires -Version 7.4

# The product in a shell as users have it, and what it is compared with there. Speaks like the other workers: a line of
# JSON in, a line of JSON out.

param([string] $Service, [string] $ApiKey, [string] $BrandKey, [guid] $DataConnectionId, [string] $Manifest, [string] $EmptyModule, [string] $Benchmarks)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

# Only answers may be written: this machine may remember an import to the same Data Connection with other columns.
$WarningPreference = 'SilentlyContinue'

$null = [Reflection.Assembly]::LoadFrom($Benchmarks)
Import-Module $Manifest, $EmptyModule
Connect-Optimove -Uri $Service -Credential ([pscredential]::new($BrandKey, (ConvertTo-SecureString $ApiKey -AsPlainText -Force)))
$to = @{ DataConnectionId = $DataConnectionId; KeyProperty = 'customer_id' }

# Cmdlets with the parameters of the real ones, and nothing behind them.
$importTwin, $setTwin, $removeTwin = 'Import-OptimoveData', 'Set-OptimoveRecord', 'Remove-OptimoveRecord' |
    ForEach-Object { [OptimoveDC.Benchmarks.Workers.EmptyTwin]::Of((Get-Command $_).ImplementingType) }

function Get-Sent($Result) {
    if (-not $Result.Completed -or $Result.Sent -ne $Result.Read) { throw "The load was not completed: $($Result | Format-List | Out-String)" }
    $Result.Sent
}

function Assert($Holds, $Sentence) {
    if (-not $Holds) { throw "$($command.Do): $Sentence" }
}

function Send-Batch($Batch, $BatchId, $IsLast) {
    $body = @{ data = $Batch; ttl_seconds = $null; batch_uuid = $BatchId; batch_completed = $IsLast } | ConvertTo-Json -Depth 5 -Compress
    $headers = @{ 'x-api-key' = $ApiKey; 'x-brand-key' = $BrandKey }
    $null = Invoke-RestMethod "$Service/connections/$DataConnectionId/upload_data" -Method Post -Headers $headers -ContentType 'application/json; charset=utf-8' -Body $body -NoProxy
}

function Invoke-Idiom($Path) {
    $batchId = [guid]::NewGuid()
    $batch = [Collections.Generic.List[object]]::new()
    $count = 0
    Import-Csv $Path | ForEach-Object {
        if ($batch.Count -eq 5000) {
            Send-Batch $batch $batchId $false
            $batch.Clear()
        }
        $batch.Add($_)
        $count++
    }
    Send-Batch $batch $batchId $true
    $count
}

# Each gives the number of records that it worked on.
function Invoke-Work($Command) {
    switch ($Command.Do) {
        'import' { Get-Sent (Import-OptimoveData -LiteralPath $Command.Path @to -BatchSize $Command.BatchSize) }
        'idiom' { Invoke-Idiom $Command.Path }

        'csv-import' { Get-Sent (Import-Csv $Command.Path | Import-OptimoveData @to) }
        'csv-read' { Import-Csv $Command.Path | Out-Null; $Command.Count }
        'csv-twin' { Import-Csv $Command.Path | & $importTwin @to; $Command.Count }

        # Objects that are made as the pipeline asks for them: how it is with a source larger than the memory.
        'stream' { Get-Sent ([OptimoveDC.Benchmarks.Data.CustomerObjects]::Lazily($Command.Count) | Import-OptimoveData @to) }

        # Objects that are there before the clock starts.
        'hold' { $script:rows = [OptimoveDC.Benchmarks.Data.CustomerObjects]::AtOnce($Command.Count); $Command.Count }
        'pipe-empty' { $rows | Skip-Object; $rows.Count }
        'pipe-import' { Get-Sent ($rows | Import-OptimoveData @to) }
        'pipe-set' { Get-Sent ($rows | Set-OptimoveRecord @to -PassThru) }
        'pipe-remove' { Get-Sent ($rows | Remove-OptimoveRecord @to -PassThru -Confirm:$false) }
        'pipe-import-twin' { $rows | & $importTwin @to; $rows.Count }
        'pipe-set-twin' { $rows | & $setTwin @to -PassThru; $rows.Count }
        'pipe-remove-twin' { $rows | & $removeTwin @to -PassThru -Confirm:$false; $rows.Count }

        # Rows of a database file, and of a table in memory.
        'reader-import' { [OptimoveDC.Benchmarks.Data.CustomerDatabase]::Read($Command.Path, { Get-Sent (Import-OptimoveData -InputObject $args[0] @to) }) }
        'reader-drain' { [OptimoveDC.Benchmarks.Data.CustomerDatabase]::Read($Command.Path, [OptimoveDC.Benchmarks.Data.CustomerDatabase]::Drain) }
        'hold-rows' { $script:rows = [OptimoveDC.Benchmarks.Data.CustomerDatabase]::Rows($Command.Count); $Command.Count }

        'test' {
            $result = Test-OptimoveData -LiteralPath $Command.Path -KeyProperty customer_id | Where-Object { $_ -is [OptimoveDC.DataTestResult] }
            Assert ($result.Passed -and $result.Read -eq $Command.Count -and $result.DistinctKeys -eq $Command.Count) "not $($Command.Count) records with a key of their own each"
            $Command.Count
        }

        # Every record has to be in the one count, and with nothing to send there may be no request.
        'sync' {
            $result = Sync-OptimoveData -LiteralPath $Command.Path -StatePath $Command.State @to
            Assert ($result.Completed -and $result.Sent -eq $Command.Count) "not $($Command.Count) records sent"
            $Command.Count
        }
        'sync-unchanged' {
            $result = Sync-OptimoveData -LiteralPath $Command.Path -StatePath $Command.State @to
            Assert ($result.Completed -and $result.Unchanged -eq $Command.Count -and $result.Requests -eq 0) "not $($Command.Count) records unchanged, without a request"
            $Command.Count
        }
        'sync-all' {
            $result = Sync-OptimoveData -LiteralPath $Command.Path -StatePath $Command.State @to -TimeToLive $Command.TimeToLive -DeleteMissing
            Assert $result.Completed 'not completed'
            $result.Read
        }
        default { throw "The shell can't «$_»." }
    }
}

[Console]::Out.WriteLine('ready')
while ($null -ne ($line = [Console]::In.ReadLine())) {
    $command = $line | ConvertFrom-Json
    try {
        $measurement = [OptimoveDC.Benchmarks.Workers.Measurement]::Start($command.ProfileAllocations)
        $records = Invoke-Work $command
        $answer = $measurement.Stop($records)
        $measurement.Dispose()
    }
    catch {
        $answer = @{ Error = "$_" } | ConvertTo-Json -Compress
    }
    [Console]::Out.WriteLine($answer)
}
