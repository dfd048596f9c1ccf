using System.Buffers;
using System.Management.Automation;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>
/// A value that could change after the object with it was handed over (a list, a dictionary, an object of its own), as
/// the JSON it was at that moment; or the reason why it can't be sent.
/// </summary>
internal sealed class FrozenValue
{
    private readonly byte[]? _json;

    private FrozenValue(byte[]? json) => _json = json;

    /// <summary>A value of a field that isn't sent.</summary>
    internal static FrozenValue LeftOut { get; } = new(null) { Reason = "is left out", TypeName = nameof(Object) };

    /// <summary>Why it can't be sent; null when it can.</summary>
    internal string? Reason { get; private init; }

    /// <summary>True when it could not even be read: the reason then names the field, and stands alone.</summary>
    internal bool IsUnreadable { get; private init; }

    /// <summary>What it was.</summary>
    internal required string TypeName { get; init; }

    /// <summary>Whether it had fields: an object or a dictionary.</summary>
    internal bool HasFields { get; private init; }

    /// <summary>What is shown of a value that can't be sent.</summary>
    internal string Text { get; private init; } = "";

    /// <summary>The value as JSON; empty when it can't be sent.</summary>
    internal ReadOnlySpan<byte> Json => _json;

    /// <summary>A value that can't be read.</summary>
    /// <param name="reason">Why.</param>
    internal static FrozenValue Unreadable(string reason) => new(null) { Reason = reason, IsUnreadable = true, TypeName = nameof(Object) };

    /// <summary>Takes a value as it is now.</summary>
    /// <param name="value">The value.</param>
    /// <param name="objects">Writes it.</param>
    internal static FrozenValue Of(object value, ObjectWriter objects)
    {
        var wrapped = PSObject.AsPSObject(value);
        var bytes = new ArrayBufferWriter<byte>();
        try
        {
            using var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000, SkipValidation = true });
            objects.WriteValue(writer, value);
            writer.Flush();
            return new(bytes.WrittenSpan.ToArray()) { TypeName = NameOf(wrapped), HasFields = ObjectFields.Has(wrapped) };
        }
        catch (UnwritableValueException exception)
        {
            return Refused(wrapped, exception.Message, value.ToString() ?? "");
        }
        catch (Exception exception) when (exception is not PipelineStoppedException)
        {
            // Whatever a list of somebody else's throws while it is listed.
            return Refused(wrapped, $"can't be read: {exception.Message.TrimEnd('.')}", "");
        }
    }

    /// <summary>Writes the value.</summary>
    /// <exception cref="UnwritableValueException">It can't be sent.</exception>
    internal void Write(Utf8JsonWriter writer)
    {
        if (_json is null)
        {
            throw new UnwritableValueException(Reason!);
        }

        writer.WriteRawValue(_json, skipInputValidation: true);
    }

    private static FrozenValue Refused(PSObject wrapped, string reason, string text) =>
        new(null) { Reason = reason, TypeName = NameOf(wrapped), HasFields = ObjectFields.Has(wrapped), Text = text };

    private static string NameOf(PSObject wrapped) => wrapped.BaseObject.GetType().Name;
}
