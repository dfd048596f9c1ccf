# What the examples call and no shell has: a secret vault, Azure Automation's credentials, the gallery. $exampleCredential is
# what they give.

function global:Get-AutomationPSCredential { param($Name) $global:exampleCredential }
function global:Get-Secret { param($Name, $Vault) $global:exampleCredential }
function global:Set-Secret { param($Name, $Secret, $Vault) if ($Secret -isnot [pscredential]) { throw 'The secret is no credential.' } }
function global:Install-PSResource { param([Parameter(Position = 0)] $Name, [switch] $TrustRepository) }
