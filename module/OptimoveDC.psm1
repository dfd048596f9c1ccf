# .NET calls and core cmdlets alone, so that importing loads no other module, and works in a host that has none.

# 1. The types a script can name go where every script sees them.
try {
    $null = [System.Reflection.Assembly]::LoadFrom("$PSScriptRoot/OptimoveDC.Abstractions.dll")
}
catch [System.IO.FileLoadException] {
    throw [System.InvalidOperationException]::new(
        "Another version of OptimoveDC is already loaded in this process. Start a new PowerShell session to use the one in $PSScriptRoot.",
        $_.Exception)
}

# 2. The cmdlets, and all they depend on, go into a load context of their own.
# 3. They become a module inside this one, which exports them.
$inner = Import-Module -Assembly ([OptimoveDC.ModuleLoader]::LoadCmdlets()) -PassThru

# Left behind, the inner module would keep a second Import-Module -Force from exporting anything.
$ExecutionContext.SessionState.Module.OnRemove = { Remove-Module -ModuleInfo $inner -ErrorAction Ignore }
