# What a real shell, a runbook or a vault has and the bare engine lacks: as much of it as the documents use.

function Get-Credential { param($UserName, $Message) $credential }

function Get-AutomationPSCredential { param($Name) $credential }

function Read-Host {
    param($Prompt, [switch] $AsSecureString)
    if ($AsSecureString) { $credential.Password } else { $credential.UserName }
}

function Get-Secret {
    param($Name, $Vault)
    $credential
}

function Import-Csv {
    param([Parameter(Position = 0)] $Path, $Delimiter = ',')
    $parser = [Microsoft.VisualBasic.FileIO.TextFieldParser]::new([System.IO.Path]::Combine($folder, $Path))
    try {
        $parser.SetDelimiters($Delimiter)
        $names = $parser.ReadFields()
        while (-not $parser.EndOfData) {
            $fields = $parser.ReadFields()
            $row = [ordered]@{}
            for ($i = 0; $i -lt $names.Count; $i++) { $row[$names[$i]] = $fields[$i] }
            [pscustomobject] $row
        }
    }
    finally { $parser.Dispose() }
}

function Get-Content {
    param([Parameter(Position = 0)] $Path, [switch] $Raw)
    $file = [System.IO.Path]::Combine($folder, $Path)
    if ($Raw) { [System.IO.File]::ReadAllText($file) } else { [System.IO.File]::ReadAllLines($file) }
}

function Set-Content {
    param([Parameter(Position = 0)] $Path, [Parameter(ValueFromPipeline)] $Value)
    begin { $lines = [System.Collections.Generic.List[string]]::new() }
    process { foreach ($line in $Value) { $lines.Add([string] $line) } }
    end { [System.IO.File]::WriteAllLines([System.IO.Path]::Combine($folder, $Path), $lines) }
}

function Get-ChildItem {
    param([Parameter(Position = 0)] $Path = '.', $Filter = '*')
    $found = [System.IO.Path]::Combine($folder, $Path)
    if (-not [System.IO.Directory]::Exists($found)) {
        $Filter = [System.IO.Path]::GetFileName($found)
        $found = [System.IO.Path]::GetDirectoryName($found)
    }
    foreach ($file in [System.IO.Directory]::GetFiles($found, $Filter)) { [System.IO.FileInfo] $file }
}

function ConvertFrom-Json {
    param([Parameter(ValueFromPipeline)] [string] $InputObject)
    begin {
        $text = [System.Text.StringBuilder]::new()
        function Read-Node([System.Text.Json.JsonElement] $node) {
            if ($node.ValueKind -eq 'Object') {
                $object = [ordered]@{}
                foreach ($property in $node.EnumerateObject()) { $object[$property.Name] = Read-Node $property.Value }
                return [pscustomobject] $object
            }
            if ($node.ValueKind -eq 'Array') { return , @(foreach ($item in $node.EnumerateArray()) { Read-Node $item }) }
            if ($node.ValueKind -eq 'String') { return $node.GetString() }
            if ($node.ValueKind -eq 'Number') {
                $whole = 0L
                if ($node.TryGetInt64([ref] $whole)) { return $whole }
                return $node.GetDouble()
            }
            if ($node.ValueKind -ne 'Null') { return $node.GetBoolean() }
        }
    }
    process { $null = $text.AppendLine($InputObject) }
    end { foreach ($item in Read-Node ([System.Text.Json.JsonDocument]::Parse($text.ToString()).RootElement)) { $item } }
}

function ConvertTo-Json {
    param([Parameter(ValueFromPipeline)] $InputObject, $Depth = 2, [switch] $Compress)
    begin {
        $items = [System.Collections.Generic.List[string]]::new()
        function Write-Node($value) {
            if ($null -eq $value) { return 'null' }
            $bare = $value.PSObject.BaseObject
            if ($bare -is [System.Collections.IDictionary]) {
                return '{' + (@(foreach ($key in $bare.Keys) { (Write-Node ([string] $key)) + ':' + (Write-Node $bare[$key]) }) -join ',') + '}'
            }
            if ($bare -is [System.Management.Automation.PSCustomObject]) {
                return '{' + (@(foreach ($property in $value.PSObject.Properties) { (Write-Node $property.Name) + ':' + (Write-Node $property.Value) }) -join ',') + '}'
            }
            if ($bare -is [array]) { return '[' + (@(foreach ($item in $bare) { Write-Node $item }) -join ',') + ']' }
            return [System.Text.Json.JsonSerializer]::Serialize($bare, $bare.GetType())
        }
    }
    process { $items.Add((Write-Node $InputObject)) }
    end { if ($items.Count -eq 1) { $items[0] } else { '[' + ($items -join ',') + ']' } }
}

function Invoke-RestMethod {
    param($Method = 'Get', $Uri, $Headers = @{}, $Body, $ContentType)
    $client = [System.Net.Http.HttpClient]::new()
    try {
        $request = [System.Net.Http.HttpRequestMessage]::new([System.Net.Http.HttpMethod]::new($Method), $Uri)
        foreach ($name in $Headers.Keys) { $null = $request.Headers.TryAddWithoutValidation($name, [string] $Headers[$name]) }
        if ($Body) { $request.Content = [System.Net.Http.StringContent]::new($Body, [System.Text.Encoding]::UTF8, 'application/json') }
        $response = $client.SendAsync($request).GetAwaiter().GetResult()
        if (-not $response.IsSuccessStatusCode) { throw "Response status code does not indicate success: $([int] $response.StatusCode)." }
        $response.Content.ReadAsStringAsync().GetAwaiter().GetResult() | ConvertFrom-Json
    }
    finally { $client.Dispose() }
}

function Select-Object {
    param([Parameter(Position = 0)] [object[]] $Property, [int] $First = [int]::MaxValue, $ExpandProperty, [Parameter(ValueFromPipeline)] $InputObject)
    begin { $count = 0 }
    process {
        if (++$count -gt $First) { return }
        if ($ExpandProperty) { return $InputObject.$ExpandProperty }
        if (-not $Property) { return $InputObject }
        $picked = [ordered]@{}
        foreach ($one in $Property) {
            if ($one -is [System.Collections.IDictionary]) {
                $picked[$one.Name ?? $one.Label] = $InputObject | ForEach-Object $one.Expression
            }
            else { foreach ($found in $InputObject.PSObject.Properties.Match($one)) { $picked[$found.Name] = $found.Value } }
        }
        [pscustomobject] $picked
    }
}

function Get-Date { [datetime]::Now }

function Write-Host { param([Parameter(Position = 0)] $Object) $Host.UI.WriteLine([string] $Object) }

function Write-Output { param([Parameter(ValueFromPipeline, Position = 0)] $InputObject) process { $InputObject } }

function Format-List { param([Parameter(ValueFromPipeline)] $InputObject, [Parameter(Position = 0)] $Property) process { $InputObject } }

function Format-Table { param([Parameter(ValueFromPipeline)] $InputObject, [Parameter(Position = 0)] $Property) process { $InputObject } }

function Invoke-Expression { param([Parameter(Position = 0)] [string] $Command) & ([scriptblock]::Create($Command)) }

function Set-Secret { param($Name, $Secret, $Vault) if ($Secret -isnot [pscredential]) { throw 'The secret is no credential.' } }

function Add-Type { param([Parameter(Mandatory)] [string] $TypeDefinition) [OptimoveDC.Cmdlets.Tests.Documents.CompiledType]::Load($TypeDefinition) }

function Install-PSResource { param([Parameter(Position = 0)] $Name, [switch] $TrustRepository) }

# Another machine is another runspace, with nothing of this one but the arguments, and the emulator as the service.
function Invoke-Command {
    param([Parameter(Mandatory)] [string] $HostName, [Parameter(Mandatory)] [scriptblock] $ScriptBlock, [object[]] $ArgumentList, [switch] $AsJob)
    $remote = @{ Text = $ScriptBlock.ToString(); Arguments = $ArgumentList; Uri = $uri }
    $remote | ForEach-Object -AsJob:$AsJob -Parallel {
        $PSDefaultParameterValues = @{ 'Connect-Optimove:Uri' = $_.Uri }
        $arguments = $_.Arguments
        & ([scriptblock]::Create($_.Text)) @arguments
    }
}
