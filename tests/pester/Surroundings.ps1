# What the examples find around them and no shell has: a secret vault, Azure Automation's credentials, the gallery, a database.
# $exampleCredential is the credential that they give.

function global:Get-AutomationPSCredential { param($Name) $global:exampleCredential }
function global:Get-Secret { param($Name, $Vault) $global:exampleCredential }
function global:Set-Secret { param($Name, $Secret, $Vault) if ($Secret -isnot [pscredential]) { throw 'The secret is no credential.' } }
function global:Install-PSResource { param([Parameter(Position = 0)] $Name, [switch] $TrustRepository) }

# The database has the customers of customers.csv: as $table, by $command.ExecuteReader(), and by Invoke-DbaQuery.
function global:Open-ExampleDatabase {
    $global:table = [Data.DataTable]::new('customers')
    foreach ($name in 'user_id', 'purchase_amount', 'tier', 'city') { $null = $table.Columns.Add($name) }
    Import-Csv customers.csv | ForEach-Object { $null = $table.Rows.Add($_.user_id, $_.purchase_amount, $_.tier, $_.city) }
    $global:command = [pscustomobject]@{ CommandText = '' } | Add-Member -PassThru -MemberType ScriptMethod -Name ExecuteReader -Value { , $table.CreateDataReader() }
}
function global:Invoke-DbaQuery { [CmdletBinding()] param($SqlInstance, $Database, $Query, [switch] $EnableException) $table }
