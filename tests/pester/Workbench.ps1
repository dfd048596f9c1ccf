<#
    What the tests of the real shell share: the packaged module, an emulator in a process of its own (so that a test can
    start and stop others beside it), a session with it, and the files that the documents name.
#>

. ([IO.Path]::Combine($PSScriptRoot, 'ChildShell.ps1'))

$repository = (Get-Item $PSScriptRoot).Parent.Parent.FullName
$manifest = [IO.Path]::Combine($repository, 'artifacts', 'module', 'OptimoveDC', 'OptimoveDC.psd1')

function Get-OlderPolly {
    # What dotnet build has put beside the tests, whatever the configuration.
    Get-ChildItem ([IO.Path]::Combine($repository, 'tests', 'OptimoveDC.Cmdlets.Tests', 'bin', '*', '*', 'Older', 'Polly.Core.dll')) | Select-Object -First 1
}

function Start-Workbench {
    $env:PSModulePath = [IO.Path]::Combine($repository, 'artifacts', 'module') + [IO.Path]::PathSeparator + $env:PSModulePath
    Import-Module $manifest -Force
    # It lives until its input is closed, at the latest when this process ends.
    $script:service = Start-ChildShell -Command "
        Import-Module '$manifest'
        `$emulator = Start-OptimoveEmulator -AbsentDelete ShortCount
        @{
            Uri      = `$emulator.Uri
            BrandKey = `$emulator.BrandKey
            ApiKey   = ConvertFrom-SecureString `$emulator.ApiKey -AsPlainText
        } | ConvertTo-Json -Compress
        `$null = [Console]::In.ReadLine()"
    $found = $service.StandardOutput.ReadLine() | ConvertFrom-Json
    $script:emulated = $found
    $script:apiKey = $found.ApiKey
    $script:credential = [pscredential]::new([string] $found.BrandKey, (ConvertTo-SecureString $found.ApiKey -AsPlainText -Force))
}

function Stop-Workbench {
    $service.StandardInput.Close()
    $service.WaitForExit()
    $service.Dispose()
}

# A session, and a Data Connection with sixty customers in it: $id. The files lie in the current folder.
function Initialize-Example([string] $Folder) {
    Remove-Item ([IO.Path]::Combine($Folder, '*')) -Recurse -Force
    Set-Location $Folder
    $cities = 'Köln', 'Lyon', 'New York, NY'
    $customers = 1..60 | ForEach-Object {
        [pscustomobject]@{
            user_id         = $_.ToString('D7')
            purchase_amount = "$_.50"
            tier            = if ($_ % 10) { 'member' } else { 'gold' }
            city            = $cities[$_ % 3]
        }
    }
    $customers | Export-Csv customers.csv
    $packed = [IO.Compression.GZipStream]::new([IO.File]::Create([IO.Path]::Combine($Folder, 'customers.csv.gz')), [IO.Compression.CompressionLevel]::Fastest)
    $packed.Write([IO.File]::ReadAllBytes([IO.Path]::Combine($Folder, 'customers.csv')))
    $packed.Dispose()
    $customers | Export-Csv broken-off.csv
    $customers | Select-Object -First 30 | Export-Csv week-1.csv
    $customers | Select-Object -Last 30 | Export-Csv week-2.csv
    $customers[6] | Export-Csv returns.csv
    $customers[24, 49] | Export-Csv inactive.csv
    $null = New-Item exports -ItemType Directory
    $customers[0..4] | Export-Csv ([IO.Path]::Combine('exports', 'north.csv'))
    $customers[55..59] | Export-Csv ([IO.Path]::Combine('exports', 'south.csv'))
    '0000001', '0000002' | Set-Content keys.txt
    $customers[40, 41] | ConvertTo-Json | Set-Content customers.json
    '{"user_id":"0000003","purchase_amount":"3.00","_optimove_reject":{"reason":"it was mended"}}' | Set-Content rejects.ndjson

    Connect-Optimove -Credential $credential -Uri $emulated.Uri
    $connection = New-OptimoveDataConnection -Name Customers -PrimaryKey user_id
    $global:id = $connection.DataConnectionId
    $null = Import-OptimoveData -Path customers.csv -DataConnectionId $id

    # As when a key expires half-way: what is left is a checkpoint.
    $expired = [pscredential]::new($credential.UserName, (ConvertTo-SecureString 'expired' -AsPlainText -Force))
    Connect-Optimove -Credential $expired -Uri $emulated.Uri
    try { Import-OptimoveData -Path week-1.csv -DataConnectionId $id -KeyProperty user_id -BatchSize 10 -CheckpointPath week-1.checkpoint -ErrorAction Ignore } catch { $Error.Clear() }
    Connect-Optimove -Credential $credential -Uri $emulated.Uri
}
