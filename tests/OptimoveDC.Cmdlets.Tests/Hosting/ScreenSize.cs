using System.Management.Automation.Host;

namespace OptimoveDC.Cmdlets.Tests.Hosting;

/// <summary>120 columns, which is what a log or a terminal of ordinary width has; or as many as a test wants.</summary>
internal sealed class ScreenSize(int width = ScreenSize.Ordinary) : PSHostRawUserInterface
{
    internal const int Ordinary = 120;

    private readonly Size _fixed = new(width, 50);

    public override Size BufferSize { get => _fixed; set => throw new NotSupportedException(); }

    public override Size WindowSize { get => _fixed; set => throw new NotSupportedException(); }

    public override Size MaxWindowSize => _fixed;

    public override Size MaxPhysicalWindowSize => _fixed;

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
