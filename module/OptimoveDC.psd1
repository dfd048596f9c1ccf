@{
    RootModule           = 'OptimoveDC.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '6d1f7d3e-2c5b-4a86-9a0e-7b7f1c9f4e52'
    Author               = 'The OptimoveDC developers'
    CompanyName          = 'The OptimoveDC developers'
    Copyright            = 'Copyright (c) 2026 The OptimoveDC developers'
    Description          = 'Keeps Optimove Data Connections current: upload, update, delete and expire records, with every record accounted for.'

    # Windows PowerShell runs on the .NET Framework, which has no load contexts; 7.4 is the first on .NET 8.
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')

    # Named one by one: that is what lets the shell load the module when a command is first used.
    CmdletsToExport      = @(
        'Connect-Optimove'
        'Disconnect-Optimove'
        'Get-OptimoveSession'
        'New-OptimoveDataConnection'
        'Import-OptimoveData'
        'Sync-OptimoveData'
        'Get-OptimoveImport'
        'Test-OptimoveData'
        'Set-OptimoveRecord'
        'Remove-OptimoveRecord'
        'Start-OptimoveEmulator'
        'Stop-OptimoveEmulator'
        'Get-OptimoveEmulatorRecord'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()

    FormatsToProcess     = @('OptimoveDC.Format.ps1xml')

    PrivateData          = @{
        PSData = @{
            Tags         = @('Optimove', 'DataConnections', 'CRM', 'Marketing', 'Import', 'Csv', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri   = 'https://opensource.org/license/mit'
            ReleaseNotes = 'CHANGELOG.md'
        }
    }
}
