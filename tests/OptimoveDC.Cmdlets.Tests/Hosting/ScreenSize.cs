using System.Management.Automation.Host;

namespace OptimoveDC.Cmdlets.Tests.Hosting;

/// <summary>120 columns, which is what a log or a terminal of ordinary width has.</summary>
internal sealed class ScreenSize : PSHostRawUserInterface
{
    private static readonly Size Fixed = new(120, 50);

    public override Size BufferSize { get => Fixed; set => throw new NotSupportedException(); }

    public override Size WindowSize { get => Fixed; set => throw new NotSupportedException(); }

    public override Size MaxWindowSize => Fixed;

    public override Size MaxPhysicalWindowSize => Fixed;

    public override Coordinates WindowPosition { get; set; }

    public override Coordinates CursorPosition { get; set; }

    public override int CursorSize { get; set; }

    public override ConsoleColor ForegroundColor { get; set; }

    public override ConsoleColor BackgroundColor { get; set; }

    public override string WindowTitle { get; set; } = string.Empty;

    public override bool KeyAvailable => false;

    public override KeyInfo ReadKey(ReadKeyOptions options) => throw new NotSupportedException();

    public override void FlushInputBuffer()
    {
    }

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw new NotSupportedException();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw new NotSupportedException();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw new NotSupportedException();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw new NotSupportedException();
}
