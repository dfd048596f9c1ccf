<#
    One source, loaded by several machines over PowerShell remoting (SSH), each with one shard.

    Every machine has the module, and the file under the same path: a share, or a copy of it. The keys travel in a
    credential (user name: brand key, password: API key), which remoting encrypts. Run it again with the same -BatchId when
    it broke off: what was acknowledged is not sent again.
#>
param(
    [Parameter(Mandatory)] [string[]] $HostName,
    [Parameter(Mandatory)] [pscredential] $Credential,
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $KeyProperty,
    [Parameter(Mandatory)] [guid] $DataConnectionId,
    [guid] $BatchId = [guid]::NewGuid()
)

$ErrorActionPreference = 'Stop'
"Batch $BatchId"

$load = {
    param($Credential, $Path, $KeyProperty, $DataConnectionId, $BatchId, $Index, $Count)
    $ErrorActionPreference = 'Stop'
    Connect-Optimove -Credential $Credential
    Import-OptimoveData -Path $Path -DataConnectionId $DataConnectionId -KeyProperty $KeyProperty -BatchId $BatchId -ShardIndex $Index -ShardCount $Count -KeepBatchOpen:($Index -lt $Count - 1) -Resume -ErrorAction Continue
}

# The last machine waits for the others: it completes the batch.
$count = $HostName.Count
$jobs = for ($index = 0; $index -lt $count - 1; $index++) {
    Invoke-Command -HostName $HostName[$index] -AsJob -ScriptBlock $load -ArgumentList $Credential, $Path, $KeyProperty, $DataConnectionId, $BatchId, $index, $count
}
if ($jobs) {
    $workers = @($jobs | Wait-Job | Receive-Job -ErrorAction Continue)
    $workers
    if (@($workers | Where-Object { $_.Unknown + $_.NotSent -eq 0 }).Count -lt $count - 1) {
        throw "Not every shard was loaded whole. Run this again with -BatchId $BatchId."
    }
}

# Rejected records are errors, and no reason to stop; whether the batch is complete says its result.
$closing = Invoke-Command -HostName $HostName[-1] -ErrorAction Continue -ScriptBlock $load -ArgumentList $Credential, $Path, $KeyProperty, $DataConnectionId, $BatchId, ($count - 1), $count
$closing
if (-not $closing.Completed) {
    throw "The batch was not completed. Run this again with -BatchId $BatchId."
}
