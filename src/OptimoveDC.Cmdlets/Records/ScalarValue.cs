using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Numerics;
using System.Security;
using System.Text.Json;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>Writes the values that have no fields of their own: text, numbers, dates, and what is written as text.</summary>
internal static class ScalarValue
{
    /// <summary>Whether a value is one.</summary>
    internal static bool Is(object value) =>
        value is string or bool or DateTime or DateTimeOffset or DateOnly or TimeOnly or TimeSpan or Guid or Uri or Version or char or Enum
            or byte[] or IPAddress or Type or ScriptBlock or SecureString or PSCredential or DBNull or Delegate
        || IsNumber(value);

    /// <summary>Whether a value is a number.</summary>
    internal static bool IsNumber(object value) =>
        value is int or long or double or decimal or float or byte or sbyte or short or ushort or uint or ulong or BigInteger or Half or Int128 or UInt128;

    /// <summary>A number as JSON writes it: invariant, with every digit it has.</summary>
    /// <exception cref="UnwritableValueException">JSON has no such number.</exception>
    internal static string DigitsOf(object number) => number switch
    {
        double value when double.IsFinite(value) => value.ToString("R", CultureInfo.InvariantCulture),
        float value when float.IsFinite(value) => value.ToString("R", CultureInfo.InvariantCulture),
        Half value when Half.IsFinite(value) => value.ToString("R", CultureInfo.InvariantCulture),
        double or float or Half => throw new UnwritableValueException($"{number} is a number that JSON doesn't have"),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => number.ToString()!,
    };

    /// <summary>Writes a value.</summary>
    /// <exception cref="UnwritableValueException">It can't be sent.</exception>
    internal static void Write(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                writer.WriteStringValue(WellFormed(text));
                break;
            case bool truth:
                writer.WriteBooleanValue(truth);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case DBNull:
                writer.WriteNullValue();
                break;
            case Enum named:
                // A combination of flags has its names joined; a value without a name is its number.
                writer.WriteStringValue(named.ToString());
                break;
            case DateTime time:
                // An unspecified time has no offset, and none is invented for it.
                writer.WriteStringValue(time);
                break;
            case DateTimeOffset time:
                writer.WriteStringValue(time);
                break;
            case DateOnly or TimeOnly:
                writer.WriteStringValue(((IFormattable)value).ToString("O", CultureInfo.InvariantCulture));
                break;
            case byte[] bytes:
                writer.WriteBase64StringValue(bytes);
                break;
            case SecureString or PSCredential:
                throw new UnwritableValueException("is a secret, and is not sent");
            case Delegate:
                throw new UnwritableValueException("is code, and can't be sent");
            case Type type:
                writer.WriteStringValue(type.FullName);
                break;
            default:
                WriteRest(writer, value);
                break;
        }
    }

    private static void WriteRest(Utf8JsonWriter writer, object value)
    {
        if (IsNumber(value))
        {
            writer.WriteRawValue(DigitsOf(value), skipInputValidation: true);
        }
        else
        {
            writer.WriteStringValue(WellFormed(value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value.ToString() ?? ""));
        }
    }

    private static string WellFormed(string text) =>
        RecordText.IsWellFormed(text) ? text : throw new UnwritableValueException(RecordText.HalfCharacter);
}
