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
        function Convert([System.Text.Json.Nodes.JsonNode] $node) {
            switch ($node) {
                { $_ -is [System.Text.Json.Nodes.JsonObject] } {
                    $object = [ordered]@{}
                    foreach ($pair in $node.GetEnumerator()) { $object[$pair.Key] = Convert $pair.Value }
                    return [pscustomobject] $object
                }
                { $_ -is [System.Text.Json.Nodes.JsonArray] } { return , @(foreach ($item in $node.GetEnumerator()) { Convert $item }) }
                default {
                    if ($null -eq $node) { return $null }
                    switch ($node.GetValueKind()) {
                        'String' { return $node.GetValue[string]() }
                        'Number' { return [System.Management.Automation.Language.Parser]::ParseInput($node.ToJsonString(), [ref] $null, [ref] $null).EndBlock.Statements[0].PipelineElements[0].Expression.Value }
                        default { return $node.GetValue[bool]() }
                    }
                }
            }
        }
    }
    process { $null = $text.AppendLine($InputObject) }
    end { foreach ($item in @(Convert ([System.Text.Json.Nodes.JsonNode]::Parse($text.ToString())))) { $item } }
}

function ConvertTo-Json {
    param([Parameter(ValueFromPipeline)] $InputObject, $Depth = 2, [switch] $Compress)
    begin {
        $items = [System.Collections.Generic.List[object]]::new()
        function Node($value) {
            if ($value -is [System.Collections.IDictionary]) {
                $node = [System.Collections.Generic.Dictionary[string, object]]::new()
                foreach ($key in $value.Keys) { $node[[string] $key] = Node $value[$key] }
                return $node
            }
            if ($value -is [pscustomobject]) {
                $node = [System.Collections.Generic.Dictionary[string, object]]::new()
                foreach ($property in $value.PSObject.Properties) { $node[$property.Name] = Node $property.Value }
                return $node
            }
            if ($value -is [array]) { return , @(foreach ($item in $value) { Node $item }) }
            return $value
        }
    }
    process { $items.Add((Node $InputObject)) }
    end {
        $value = if ($items.Count -eq 1) { $items[0] } else { $items.ToArray() }
        [System.Text.Json.JsonSerializer]::Serialize($value, [object])
    }
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
