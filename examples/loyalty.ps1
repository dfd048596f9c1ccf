<#
    A loyalty programme in a Data Connection, from the first upload to the last expiry:

      1. some thousand customers are uploaded from a CSV file, to expire after a day (86400 seconds);
      2. purchase amounts are corrected after returns;
      3. inactive accounts are deleted;
      4. a day passes, and what was not refreshed has expired.

    Without keys in the environment it runs on the emulator that the module carries. With OPTIMOVE_API_KEY,
    OPTIMOVE_BRAND_KEY and OPTIMOVE_DATA_CONNECTION_ID set, steps 1 to 3 write to that Data Connection of the real
    service (its primary key must be user_id); the steps that look inside are the emulator's alone.

    It uses no command but the module's and the engine's own, so it runs in any PowerShell 7.4 or later.
#>
param(
    # How many customers the CSV file has.
    [int] $CustomerCount = 6000
)

$ErrorActionPreference = 'Stop'

function Format-Heading([string] $Text) { "`n== $Text" }

# --- Connect: to the real service when its keys are in the environment, to the emulator otherwise.
$onService = $env:OPTIMOVE_API_KEY -and $env:OPTIMOVE_BRAND_KEY -and $env:OPTIMOVE_DATA_CONNECTION_ID
if ($onService) {
    Connect-Optimove -DataConnectionId $env:OPTIMOVE_DATA_CONNECTION_ID
    $connectionId = [guid] $env:OPTIMOVE_DATA_CONNECTION_ID
    Format-Heading 'Connected to the service'
}
else {
    $emulator = Start-OptimoveEmulator
    Connect-Optimove -Emulator $emulator
    Format-Heading 'Connected to the emulator, and created a Data Connection'
    $connection = New-OptimoveDataConnection -Name 'Loyalty' -PrimaryKey 'user_id' -Description 'Purchases of loyalty members'
    $connection | Out-Default
    $connectionId = $connection.DataConnectionId
}

$folder = [System.IO.Directory]::CreateTempSubdirectory('loyalty-').FullName
$file = [System.IO.Path]::Combine($folder, 'customers.csv')
try {
    # --- A CSV file as a shop might export it: the keys have leading zeros, the amounts two decimals.
    $cities = 'Köln', 'Lyon', 'São Paulo', 'Łódź', 'New York, NY'
    $lines = [System.Collections.Generic.List[string]]::new()
    $lines.Add('user_id,purchase_amount,tier,city,active')
    foreach ($number in 1..$CustomerCount) {
        $id = $number.ToString('D7')
        $city = $cities[$number % $cities.Count]
        $tier = if ($number % 10 -eq 0) { 'gold' } else { 'member' }
        $amount = (($number * 37) % 50000 / 100).ToString('F2', [cultureinfo]::InvariantCulture)
        $active = if ($number % 25 -eq 0) { 'false' } else { 'true' }
        $lines.Add("$id,$amount,$tier,""$city"",$active")
    }

    [System.IO.File]::WriteAllLines($file, $lines)

    # --- 1. Upload. Keys stay text, amounts become numbers with their digits, and all expires after a day.
    Format-Heading "1. Upload $CustomerCount customers, to expire after a day"
    $columnType = @{ purchase_amount = 'Number'; active = 'Boolean' }
    Import-OptimoveData -Path $file -DataConnectionId $connectionId -KeyProperty user_id -TimeToLive 86400 -ColumnType $columnType |
        Out-Default

    # --- 2. Returns. An update replaces the whole record, so every field is sent again.
    Format-Heading '2. Correct the purchase amounts of three customers after returns'
    $returns = 7, 42, 1000 | ForEach-Object {
        [pscustomobject]@{
            user_id         = $_.ToString('D7')
            purchase_amount = [decimal] 12.50
            tier            = if ($_ % 10 -eq 0) { 'gold' } else { 'member' }
            city            = $cities[$_ % $cities.Count]
            active          = $_ % 25 -ne 0
        }
    }
    $returns | Set-OptimoveRecord -DataConnectionId $connectionId -KeyProperty user_id -TimeToLive 86400 -PassThru |
        Out-Default

    if (-not $onService) {
        Format-Heading 'The corrected records, as the emulator holds them'
        Get-OptimoveEmulatorRecord -DataConnectionId $connectionId -PrimaryKey $returns.user_id | Out-Default
    }

    # --- 3. Inactive accounts. Keys are quoted text: a bare 0000025 would be the number 25 to PowerShell.
    Format-Heading '3. Delete the inactive accounts'
    $inactive = for ($number = 25; $number -le $CustomerCount; $number += 25) { $number.ToString('D7') }
    $inactive | Remove-OptimoveRecord -DataConnectionId $connectionId -Confirm:$false -PassThru | Out-Default

    # --- 4. A day passes.
    if (-not $onService) {
        $before = @(Get-OptimoveEmulatorRecord -DataConnectionId $connectionId).Count
        $emulator.Advance([timespan]::FromSeconds(86400))
        $after = @(Get-OptimoveEmulatorRecord -DataConnectionId $connectionId).Count
        Format-Heading '4. A day passes on the emulator''s clock'
        "records before: $before, after: $after (requests in all: $($emulator.RequestCount))"
        if ($before -ne $CustomerCount - @($inactive).Count -or $after -ne 0) { throw 'The emulator does not hold what was sent.' }
    }
}
finally {
    [System.IO.Directory]::Delete($folder, $true)
    Disconnect-Optimove
    if (-not $onService -and $emulator) { Stop-OptimoveEmulator -Emulator $emulator }
}
