<#
    Other PowerShells of the same kind as this one.

    The program of an installed PowerShell is the shell. That of a shell which came as a .NET tool is dotnet, and the shell
    is the assembly that dotnet was started with.
#>

function Get-ShellCommand {
    [Environment]::ProcessPath
    if ([IO.Path]::GetFileNameWithoutExtension([Environment]::ProcessPath) -eq 'dotnet') {
        [Environment]::GetCommandLineArgs()[0]
    }
}

# Runs one to its end, with the arguments that pwsh takes; its output is text, its exit code in $LASTEXITCODE.
function Invoke-ChildShell {
    $program, [string[]] $assembly = @(Get-ShellCommand)
    & $program @assembly -NoProfile -NonInteractive @args
}

# Starts one and returns its process, with input and output to write to and to read from.
function Start-ChildShell {
    $program, [string[]] $assembly = @(Get-ShellCommand)
    $start = [Diagnostics.ProcessStartInfo]::new($program, [string[]] ($assembly + '-NoProfile', '-NonInteractive' + $args))
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
    [Diagnostics.Process]::Start($start)
}
