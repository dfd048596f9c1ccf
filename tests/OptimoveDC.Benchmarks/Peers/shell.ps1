#Requires -Version 7.4

# What only a real shell has: the idiom of Import-Csv, ConvertTo-Json and Invoke-RestMethod, and Import-Csv itself.
# Speaks like the other workers: a line of JSON in, a line of JSON out.

param([string] $Service, [string] $Manifest, [string] $Benchmarks)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

# Only answers may be written: this machine may remember an import to the same Data Connection with other columns.
$WarningPreference = 'SilentlyContinue'
$id = '41ddf098-90b4-4a5d-a3d1-0fd8da3bfb89'
Import-Module $Manifest
$credential = [pscredential]::new([guid]::Empty.ToString(), (ConvertTo-SecureString 'pwsh' -AsPlainText -Force))
Connect-Optimove -Uri $Service -Credential $credential

$twin = [Reflection.Assembly]::LoadFrom($Benchmarks).GetType('OptimoveDC.Benchmarks.Workers.EmptyTwin')::Of((Get-Command Import-OptimoveData).ImplementingType)

function Send-Batch($Batch, $BatchId, $IsLast) {
    $body = @{ data = $Batch; ttl_seconds = $null; batch_uuid = $BatchId; batch_completed = $IsLast } | ConvertTo-Json -Depth 5 -Compress
    $headers = @{ 'x-api-key' = 'pwsh'; 'x-brand-key' = [guid]::Empty.ToString() }
    $null = Invoke-RestMethod "$Service/connections/$id/upload_data" -Method Post -Headers $headers -ContentType 'application/json; charset=utf-8' -Body $body -NoProxy
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

[Console]::Out.WriteLine('ready')
while ($null -ne ($line = [Console]::In.ReadLine())) {
    $command = $line | ConvertFrom-Json
    try {
        $process = [Diagnostics.Process]::GetCurrentProcess()
        $cpu = $process.TotalProcessorTime
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $records = switch ($command.Do) {
            'idiom' { Invoke-Idiom $command.Path }
            'read' { Import-Csv $command.Path | Out-Null; $command.Count }
            'twin' { Import-Csv $command.Path | & $twin -DataConnectionId $id -KeyProperty customer_id; $command.Count }
            'import' { (Import-Csv $command.Path | Import-OptimoveData -DataConnectionId $id -KeyProperty customer_id).Sent }
        }
        $clock.Stop()
        $process.Refresh()
        $result = @{ Seconds = $clock.Elapsed.TotalSeconds; CpuSeconds = ($process.TotalProcessorTime - $cpu).TotalSeconds; Records = $records }
    }
    catch {
        $result = @{ Error = "$_" }
    }
    [Console]::Out.WriteLine(($result | ConvertTo-Json -Compress))
}
