<#
    One source, loaded by several runspaces of one process: the same pattern as with several machines, to try it with.

    Each worker takes the keys of its shard and leaves the batch open; the last one runs when the others have succeeded,
    and completes the batch. Connect first, and name the Data Connection there or here.
#>
param(
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $KeyProperty,
    [Parameter(Mandatory)] [guid] $DataConnectionId,
    [ValidateRange(2, 64)] [int] $ShardCount = 4
)

# An error of a worker must not stop the others.
$ErrorActionPreference = 'Continue'
$session = Get-OptimoveSession
$batch = [guid]::NewGuid()
$last = $ShardCount - 1

$workers = 0..($last - 1) | ForEach-Object -ThrottleLimit $last -Parallel {
    Import-OptimoveData -Session $using:session -Path $using:Path -DataConnectionId $using:DataConnectionId -KeyProperty $using:KeyProperty -BatchId $using:batch -ShardIndex $_ -ShardCount $using:ShardCount -KeepBatchOpen
}

$ErrorActionPreference = 'Stop'
$whole = @($workers | Where-Object { $_.Unknown + $_.NotSent -eq 0 })
if ($whole.Count -lt $last) {
    throw "Only $($whole.Count) of $last shards were loaded whole. Run the others again with -Resume and -BatchId $batch, then the last one."
}

$closing = Import-OptimoveData -Path $Path -DataConnectionId $DataConnectionId -KeyProperty $KeyProperty -BatchId $batch -ShardIndex $last -ShardCount $ShardCount -ErrorAction Continue

# All must have read the same source.
if (@(@($workers) + $closing | ForEach-Object { $_.Read + $_.PassedOver }).Where({ $_ -ne $closing.Read + $closing.PassedOver })) {
    throw "The shards have not read the same source; batch $batch is complete, and may lack records."
}

$workers
$closing
