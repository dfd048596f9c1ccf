using System.Runtime.CompilerServices;

namespace OptimoveDC.Core.Records.Inspection;

/// <summary>What the text of a column looks like: how much of it is numbers, dates or booleans, and what isn't.</summary>
internal sealed class ColumnProfile(string name, ColumnProfiles columns)
{
    // After so many values with nothing in common, the column is text and is no longer looked at.
    private const int Sample = 1000;

    private readonly long[] _counts = new long[(int)TextForm.Other + 1];
    private readonly long[] _firstLines = new long[(int)TextForm.Other + 1];
    private bool _isText;

    internal string Name { get; } = name;

    /// <summary>How many values were not empty.</summary>
    internal long Values { get; private set; }

    /// <summary>How many have a form.</summary>
    internal long Count(TextForm form) => _counts[(int)form];

    /// <summary>Where the first of a form stands.</summary>
    internal long FirstLine(TextForm form) => _firstLines[(int)form];

    /// <summary>True for a column that was given up as text.</summary>
    internal bool IsText => _isText;

    /// <summary>Looks at one value.</summary>
    internal void See(ReadOnlySpan<char> text)
    {
        if (!_isText && !text.IsEmpty)
        {
            Note(TextForms.Of(text));
        }
    }

    /// <summary>Looks at one value, which is UTF-8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void See(ReadOnlySpan<byte> text)
    {
        if (!_isText && !text.IsEmpty)
        {
            Note(TextForms.Of(text));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Note(TextForm form)
    {
        if (_counts[(int)form]++ == 0)
        {
            _firstLines[(int)form] = columns.Line();
        }

        if (++Values == Sample)
        {
            _isText = Count(TextForm.Other) > Sample / 2;
        }
    }
}
