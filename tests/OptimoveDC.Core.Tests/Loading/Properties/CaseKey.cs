namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>How a key is spelt.</summary>
internal enum KeyForm
{
    /// <summary><c>"7"</c></summary>
    Text,

    /// <summary><c>7</c></summary>
    Number,

    /// <summary><c>7.0</c>, which the service takes for the number 7</summary>
    Decimal,

    /// <summary><c>"k-7"</c>: no number, whatever one thinks of keys</summary>
    Word,

    /// <summary><c>"bad-7"</c>: a key that the service's own rule refuses to delete</summary>
    RefusedWord,

    /// <summary>An empty text, which can't be a key</summary>
    None,
}

/// <summary>A key of a case.</summary>
internal readonly record struct CaseKey(int Id, KeyForm Form)
{
    /// <summary>As <see cref="Service.Row"/> takes it.</summary>
    internal object Input => Form switch
    {
        KeyForm.Number => Id,
        KeyForm.Decimal => Id + 0.0m,
        _ => Text,
    };

    /// <summary>As it stands in a request.</summary>
    internal string Json => Form is KeyForm.Number or KeyForm.Decimal ? Text : $"\"{Text}\"";

    internal bool IsUsable => Form != KeyForm.None;

    /// <summary>Equal for keys that may be one to some service: nothing is known of whether <c>7</c> and <c>"7"</c> are one.</summary>
    internal string Class => Form is KeyForm.Word or KeyForm.RefusedWord ? Text : $"{Id}";

    private string Text => Form switch
    {
        KeyForm.Text or KeyForm.Number => $"{Id}",
        KeyForm.Decimal => $"{Id}.0",
        KeyForm.Word => $"k-{Id}",
        KeyForm.RefusedWord => $"bad-{Id}",
        _ => "",
    };

    /// <summary>Equal for keys that are one to the service of the case.</summary>
    internal string Identity(OptimoveDC.Emulator.KeyIdentity identity) => Form switch
    {
        KeyForm.Number or KeyForm.Decimal when identity == OptimoveDC.Emulator.KeyIdentity.Distinct => $"{Id} the number",

        // The service tells texts apart by their characters, and numbers by their value.
        _ => Form == KeyForm.Decimal ? $"{Id}" : Text,
    };
}
