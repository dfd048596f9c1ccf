# What docs/import.svg shows: each line is run as it is shown.
$ErrorActionPreference = 'Stop'

function Show-Line([string] $Line) {
    $Host.UI.WriteLine("PS> $Line")
    . ([scriptblock]::Create($Line)) | Out-Default
}

$folder = [System.IO.Directory]::CreateDirectory([System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'shop')).FullName
$null = $ExecutionContext.SessionState.Path.SetLocation($folder)
try {
    $lines = [System.Collections.Generic.List[string]]::new()
    $lines.Add('user_id,amount,tier')
    foreach ($number in 1..150000) { $lines.Add("$($number.ToString('D7')),$($number % 500).50,gold") }

    # As files are: an amount that is none, and a customer without a key.
    $lines[4711] = '0004711,12.5O,gold'
    $lines[90000] = ',3.50,gold'
    [System.IO.File]::WriteAllLines([System.IO.Path]::Combine($folder, 'customers.csv'), $lines)

    . Show-Line 'Start-OptimoveEmulator -Latency 0.9 | Connect-Optimove'
    . Show-Line '$loyalty = New-OptimoveDataConnection -Name Loyalty -PrimaryKey user_id'
    $ErrorActionPreference = 'Continue'
    . Show-Line 'Import-OptimoveData customers.csv -DataConnectionId $loyalty -ColumnType @{ amount = ''Number'' }'
}
finally {
    $null = $ExecutionContext.SessionState.Path.SetLocation([System.IO.Path]::GetTempPath())
    [System.IO.Directory]::Delete($folder, $true)
}
