namespace OptimoveDC.Help.Facts;

/// <summary>How a parameter is used in one parameter set.</summary>
/// <param name="SetName">The set; <see cref="CmdletFacts.EverySet"/> when it is the same in each.</param>
/// <param name="IsMandatory">Whether it has to be given.</param>
/// <param name="Position">Its position from 0; null when it is named.</param>
/// <param name="TakesPipeline">Whether objects of the pipeline are bound to it.</param>
internal sealed record ParameterUse(string SetName, bool IsMandatory, int? Position, bool TakesPipeline);
