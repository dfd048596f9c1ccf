namespace OptimoveDC.Core.Records.Files.Csv;

/// <summary>What can be wrong with a row of a CSV file.</summary>
internal enum CsvFault
{
    QuoteLeftOpen,
    TextAfterQuote,
    TooLong,
}

/// <summary>A row can't be read, and neither can what follows it.</summary>
internal sealed class CsvException(long line, CsvFault fault) : Exception($"line {line}: {fault}")
{
    internal long Line { get; } = line;

    internal CsvFault Fault { get; } = fault;
}
