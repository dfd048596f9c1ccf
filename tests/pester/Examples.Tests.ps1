#Requires -Version 7.4

BeforeDiscovery {
    $root = (Get-Item $PSScriptRoot).Parent.Parent.FullName
    $documents = @(Get-Item (Join-Path $root README.md)) + @(Get-ChildItem (Join-Path $root docs) -Filter *.md -Recurse)
    $examples = foreach ($document in $documents) {
        $text = (Get-Content $document -Raw) -replace "`r`n", "`n"
        foreach ($block in [regex]::Matches($text, '(?ms)^```powershell\n(.*?)^```')) {
            $script = $block.Groups[1].Value
            if ($script -match '(?m)^(?!\./build\.ps1).+$') {
                @{
                    Where  = "$([IO.Path]::GetRelativePath($root, $document.FullName)), line $($text.Substring(0, $block.Groups[1].Index).Split("`n").Count)"
                    Script = $script
                }
            }
        }
    }
}

BeforeAll {
    . ([IO.Path]::Combine($PSScriptRoot, 'Workbench.ps1'))
    $before = Get-Location
    $dataBefore = $env:XDG_DATA_HOME
    # Checkpoints of the examples, and of nobody else.
    $env:XDG_DATA_HOME = (New-Item (Join-Path $TestDrive data) -ItemType Directory).FullName
    Start-Workbench
    $env:OPTIMOVE_API_KEY = $apiKey
    $env:OPTIMOVE_BRAND_KEY = [string] $emulated.BrandKey
    $uri = $emulated.Uri.ToString().TrimEnd('/')

    . ([IO.Path]::Combine($PSScriptRoot, 'Surroundings.ps1'))
    $global:exampleCredential = $credential

    # Nobody is there to be asked.
    function global:Get-Credential { param($UserName, $Message) $global:exampleCredential }
    function global:Read-Host { param($Prompt, [switch] $AsSecureString) if ($AsSecureString) { $global:exampleCredential.Password } else { $global:exampleCredential.UserName } }
}

AfterAll {
    Set-Location $before
    Stop-Workbench
    Remove-Item Env:OPTIMOVE_API_KEY, Env:OPTIMOVE_BRAND_KEY
    $env:XDG_DATA_HOME = $dataBefore
    Remove-Item Function:Get-Credential, Function:Get-AutomationPSCredential, Function:Get-Secret, Function:Set-Secret, Function:Install-PSResource, Function:Read-Host, Function:Open-ExampleDatabase, Function:Invoke-DbaQuery
    Remove-Item Variable:exampleCredential
}

Describe 'The examples of the documents, in a real shell' {
    It 'runs the block in <Where>' -ForEach $examples {
        $folder = Join-Path $TestDrive example
        $null = New-Item $folder -ItemType Directory -Force
        Initialize-Example $folder
        Open-ExampleDatabase
        $Error.Clear()
        $PSDefaultParameterValues = @{ '*:Confirm' = $false }
        if ($Script -notmatch 'Start-OptimoveEmulator') { $PSDefaultParameterValues['Connect-Optimove:Uri'] = $emulated.Uri }

        $null = . ([scriptblock]::Create($Script)) 3>$null 4>$null 5>$null 6>$null 2>&1 | ForEach-Object { if ($_ -is [System.Management.Automation.ErrorRecord]) { throw $_ } }
    }
}
