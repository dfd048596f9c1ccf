namespace OptimoveDC.Core.Records.Inspection;

/// <summary>How many keys are of a type, and where the first of them is.</summary>
internal sealed class KeyTally
{
    internal long Total { get; private set; }

    internal long FirstLine { get; private set; }

    internal void Count(long line)
    {
        if (Total++ == 0)
        {
            FirstLine = line;
        }
    }
}
