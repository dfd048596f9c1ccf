using System.Collections;
using System.Data;
using System.Data.SqlTypes;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Management.Automation.Language;
using System.Net;
using System.Numerics;
using System.Security;
using System.Text.Json;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>
/// What becomes of a value, whatever its type: the table of docs/objects.md. It decides for fields of records, values
/// within values, keys and time-to-lives alike.
/// </summary>
internal static class ValueTable
{
    private const string TakeWhatYouNeed = "send what you need of it with Select-Object or a calculated property";

    /// <summary>Takes a value out of its wrappings, and turns what stands for something simpler into that.</summary>
    /// <returns>
    /// Null for all that is nothing; a scalar; a <see cref="JsonElement"/> for JSON that is no text, boolean or null; the
    /// <see cref="PSObject"/> of an object that has members of its own; else the object itself.
    /// </returns>
    /// <exception cref="UnsendableValueException">It can't be read.</exception>
    internal static object? Simplify(object? value)
    {
        switch (value)
        {
            case null or string or int or bool or double or long or decimal or DateTime:
                return value;
            case PSObject wrapped:
                return Unwrap(wrapped);
            case DBNull or NullString:
                return null;
            case char character:
                return character.ToString();
            case SwitchParameter flag:
                return flag.IsPresent;
            case INullable database:
                return FromDatabase(database);
            case JsonElement element:
                return ReadyJson.Simplify(element);
            case Memory<byte> or ReadOnlyMemory<byte>:
                return (value is Memory<byte> memory ? memory : (ReadOnlyMemory<byte>)value).ToArray();
            default:
                return TypeTraits.Of(value.GetType()).Simplify is { } simplify ? simplify(value) : value;
        }
    }

    /// <summary>Whether a simplified value is written by <see cref="WriteScalar"/>.</summary>
    internal static bool IsScalar(object value) =>
        value is string or bool or DateTime or DateTimeOffset or DateOnly or TimeOnly or TimeSpan or Guid or Uri or Version or Enum
            or byte[] or IPAddress or Type
        || IsNumber(value);

    /// <summary>Whether a simplified value is a number.</summary>
    internal static bool IsNumber(object value) =>
        value is int or long or double or decimal or float or byte or sbyte or short or ushort or uint or ulong or BigInteger or Half or Int128 or UInt128 or SqlDecimal
            or JsonElement { ValueKind: JsonValueKind.Number };

    /// <summary>A number as JSON writes it: invariant, with every digit it has.</summary>
    /// <exception cref="UnsendableValueException">JSON has no such number.</exception>
    internal static string DigitsOf(object number) => number switch
    {
        double value when double.IsFinite(value) => value.ToString("R", CultureInfo.InvariantCulture),
        float value when float.IsFinite(value) => value.ToString("R", CultureInfo.InvariantCulture),
        Half value when Half.IsFinite(value) => value.ToString("R", CultureInfo.InvariantCulture),
        double or float or Half => throw new UnsendableValueException($"is {((IFormattable)number).ToString(null, CultureInfo.InvariantCulture)}, a number that JSON doesn't have"),
        JsonElement element => element.GetRawText(),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => number.ToString()!,
    };

    /// <summary>Writes a simplified value that has neither fields nor items.</summary>
    /// <exception cref="UnsendableValueException">It can't be sent.</exception>
    internal static void WriteScalar(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case string text:
                json.WriteStringValue(WellFormed(text));
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case DateTime time:
                // An unspecified time has no offset, and none is invented for it.
                json.WriteStringValue(time);
                break;
            case DateTimeOffset time:
                json.WriteStringValue(time);
                break;
            case byte[] bytes:
                json.WriteBase64StringValue(bytes);
                break;
            case var _ when IsNumber(value):
                json.WriteRawValue(DigitsOf(value), skipInputValidation: true);
                break;
            default:
                json.WriteStringValue(WellFormed(TextOf(value)));
                break;
        }
    }

    /// <summary>The text of a simplified scalar that JSON has no type of its own for, or that is the name of a field.</summary>
    internal static string TextOf(object scalar) => scalar switch
    {
        string text => text,
        bool truth => truth ? "true" : "false",
        // A combination of flags has its names joined; a value without a name is its number.
        Enum named => named.ToString(),
        DateTime or DateTimeOffset or DateOnly or TimeOnly => ((IFormattable)scalar).ToString(scalar is DateTime or DateTimeOffset ? "yyyy-MM-ddTHH:mm:ss.FFFFFFFK" : "O", CultureInfo.InvariantCulture),
        // Its ToString would take escapes away.
        Uri address => address.OriginalString,
        Type type => type.FullName ?? type.Name,
        byte[] bytes => Convert.ToBase64String(bytes),
        _ when IsNumber(scalar) => DigitsOf(scalar),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => scalar.ToString() ?? "",
    };

    /// <summary>Why values of a type are never sent, or can't be; null when nothing speaks against them.</summary>
    internal static string? Refuse(object value) => value switch
    {
        SecureString or PSCredential or NetworkCredential => "is a secret, which is never sent",
        ScriptBlock or Delegate => "is code, which is never sent; call it, and send what it gives",
        PSMethodInfo method => $"is a method, which is never sent; call it with {method.Name}()",
        Stream or TextReader or TextWriter => $"is a stream ({NameOf(value)}), which is never sent; send what it holds as text or bytes",
        Task => $"is a task ({NameOf(value)}), which is never sent; send its result",
        nint or nuint or System.Reflection.Pointer => "is a pointer, which is never sent",
        System.Runtime.InteropServices.SafeHandle => $"is a handle ({NameOf(value)}), which is never sent",
        DataSet => "is a DataSet; name one of its tables ($set.Tables[0])",
        DataTable or DataView => $"is a {NameOf(value)}, which is many records; pipe its rows, or {TakeWhatYouNeed}",
        IDataReader => $"is a reader ({NameOf(value)}), which is many records; give it to -InputObject of Import-OptimoveData",
        IEnumerator and not IEnumerable => $"is an enumerator ({NameOf(value)}), which can be read only once; put its items in a list first",
        JsonElement { ValueKind: JsonValueKind.Undefined } => "is a JsonElement without a value",
        _ => TypeTraits.Of(value.GetType()).Refusal is { } reason ? $"{reason}; {TakeWhatYouNeed}" : null,
    };

    /// <summary>Refuses an object that shows nothing of what it holds.</summary>
    internal static UnsendableValueException Empty(object value) =>
        new($"is a {NameOf(value)} without any property to send; {TakeWhatYouNeed}");

    /// <summary>Takes a record's key.</summary>
    /// <param name="key">Takes it.</param>
    /// <param name="value">Any value of the user's.</param>
    /// <param name="field">How its field is sent, where the user said so.</param>
    /// <returns>Null, or the reason why it can't be a key.</returns>
    internal static string? SetKey(RecordKey key, object? value, RecordField? field = null)
    {
        try
        {
            return Simplify(value) switch
            {
                null => key.SetMissing("the primary key is null"),
                string text when field?.Type == ColumnType.Number && !string.IsNullOrWhiteSpace(text) => key.SetNumber(text),
                string text => key.SetText(text),
                Guid or Enum or Uri => key.SetText(TextOf(Simplify(value)!)),
                var number when IsNumber(number) && field is { IsTyped: true, Type: ColumnType.Text } => key.SetText(DigitsOf(number)),
                var number when IsNumber(number) => key.SetNumber(DigitsOf(number)),
                var other => key.Refuse($"the primary key is a {NameOf(other)}; it must be text or a number"),
            };
        }
        catch (UnsendableValueException exception)
        {
            return key.Refuse($"the primary key {exception.Reason}");
        }
    }

    /// <summary>Reads a time-to-live.</summary>
    /// <param name="value">Any value of the user's.</param>
    /// <param name="seconds">The seconds; as it is where there is nothing.</param>
    /// <returns>Null, or the reason why it can't be one.</returns>
    /// <exception cref="UnsendableValueException">The value can't be read.</exception>
    internal static string? ReadTimeToLive(object? value, ref int? seconds)
    {
        var given = Simplify(value);
        if (given is null or "")
        {
            return null;
        }

        if (Arguments.TimeToLive.TryRead(IsNumber(given) ? DigitsOf(given) : Bare(given), out var read, out var reason))
        {
            seconds = read;
            return null;
        }

        return reason.TrimEnd('.');
    }

    /// <summary>The object that a value wraps; an object of the shell's own is its own.</summary>
    internal static object? Bare(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    /// <summary>The name of a value's type, for a message.</summary>
    internal static string NameOf(object value)
    {
        var bare = value is PSObject wrapped ? wrapped.BaseObject : value;
        return bare switch
        {
            PSCustomObject => DeserializedName((PSObject)value) ?? "custom object",
            JsonElement => "JSON value",
            _ => bare.GetType().Name.Split('`')[0],
        };
    }

    /// <summary>The type that a deserialized object had; null for one that isn't deserialized.</summary>
    internal static string? DeserializedName(PSObject made) =>
        made.TypeNames.FirstOrDefault() is { } name && name.StartsWith(Deserialized, StringComparison.Ordinal) ? name : null;

    internal const string Deserialized = "Deserialized.";

    private static object? Unwrap(PSObject wrapped)
    {
        var bare = wrapped.BaseObject;
        if (bare is PSCustomObject)
        {
            return ReferenceEquals(wrapped, AutomationNull.Value) ? null : wrapped;
        }

        var simple = Simplify(bare);
        return simple is null || IsScalar(simple) || !ReferenceEquals(simple, bare) ? simple : wrapped;
    }

    private static object? FromDatabase(INullable value)
    {
        if (value.IsNull)
        {
            return null;
        }

        try
        {
            return value switch
            {
                SqlString text => text.Value,
                SqlBoolean truth => truth.Value,
                SqlByte number => number.Value,
                SqlInt16 number => number.Value,
                SqlInt32 number => number.Value,
                SqlInt64 number => number.Value,
                SqlSingle number => number.Value,
                SqlDouble number => number.Value,
                SqlMoney number => number.Value,
                SqlDateTime time => time.Value,
                SqlGuid id => id.Value,
                SqlBinary bytes => bytes.Value,
                SqlBytes bytes => bytes.Value,
                SqlChars text => new string(text.Value),
                SqlXml xml => xml.Value,
                // It may have more digits than a decimal: it stays what it is.
                _ => value,
            };
        }
        catch (Exception exception) when (exception is SqlTypeException or InvalidOperationException or OverflowException or IOException)
        {
            throw new UnsendableValueException($"can't be read: {exception.Message.TrimEnd('.')}");
        }
    }

    private static string WellFormed(string text) =>
        text.Length > RecordText.Longest ? throw new UnsendableValueException($"has {text.Length} characters, more than any request can carry")
        : RecordText.IsWellFormed(text) ? text
        : throw new UnsendableValueException(RecordText.HalfCharacter);
}
