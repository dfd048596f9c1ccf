namespace OptimoveDC.Benchmarks.Data;

/// <summary>SplitMix64: the same numbers for the same seed on every machine and every runtime, which System.Random doesn't promise.</summary>
internal struct SeededRandom(ulong seed)
{
    private ulong _state = seed;

    internal ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A number from 0 up to, and without, the bound.</summary>
    internal int Below(int bound) => (int)(Next() % (ulong)bound);
}
