using System.Globalization;

namespace OptimoveDC.Benchmarks.Data;

/// <summary>
/// Customers of a made-up loyalty programme: nine columns, about 93 bytes a row as CSV, some fields quoted, some
/// text beyond ASCII, no primary key twice. A row depends on the seed and its number alone.
/// </summary>
internal sealed class CustomerGenerator(ulong seed = CustomerGenerator.DefaultSeed)
{
    internal const ulong DefaultSeed = 20260101;

    /// <summary>The column that holds the primary key.</summary>
    internal const string KeyColumn = "customer_id";

    // Keys are the rows' numbers, stirred: multiplying modulo a prime gives each number once, in no order.
    private const long KeyPrime = 99_999_989;
    private const long KeyFactor = 48_271_043;

    private static readonly (string Name, string Ascii)[] FirstNames =
    [
        ("Ana", "ana"), ("Bjørn", "bjorn"), ("Chloé", "chloe"), ("Daniel", "daniel"), ("Emma", "emma"), ("François", "francois"),
        ("Grace", "grace"), ("Hüseyin", "huseyin"), ("Ines", "ines"), ("José", "jose"), ("Katarzyna", "kasia"), ("Liam", "liam"),
        ("Mia", "mia"), ("Noah", "noah"), ("Olga", "olga"), ("Priya", "priya"), ("Ruth", "ruth"), ("Søren", "soren"),
        ("Tom", "tom"), ("Zoë", "zoe"), ("美咲", "misaki"), ("Дмитрий", "dmitri"), ("Yael", "yael"), ("William", "will"),
    ];

    private static readonly string[] LastNames =
    [
        "Smith", "Müller", "García", "Jensen", "Kowalska", "Ng", "O'Brien", "Öztürk", "Rossi", "Silva", "Tanaka", "Иванов",
        "van der Berg", "Wright", "Yıldız", "Žukauskas",
    ];

    private static readonly string[] Cities =
    [
        "London", "Zürich", "Málaga", "Oslo", "Łódź", "Lyon", "Roma", "東京", "İzmir", "Leeds", "Porto", "Hamburg", "Haifa", "Montréal",
    ];

    private static readonly string[] Segments = ["new", "gold", "silver", "lapsed"];

    // No braces anywhere: the sink counts the records of a body by them.
    private static readonly string[] Notes =
    [
        "prefers e-mail, never calls", "asked for the \"gold\" card", "moved;\nnew address follows", "très fidèle", "VIP 🎁",
    ];

    /// <summary>The names of the columns, in order.</summary>
    internal static IReadOnlyList<string> Columns { get; } =
        [KeyColumn, "name", "email", "city", "birth_date", "last_purchase", "purchase_amount", "segment", "note"];

    /// <summary>Makes a row.</summary>
    /// <param name="number">Its number, from 0.</param>
    /// <param name="fields">Takes a value for each column.</param>
    internal void Fill(int number, Span<string> fields)
    {
        var random = new SeededRandom(seed + ((ulong)number * 0xD1342543DE82EF95));
        var first = FirstNames[random.Below(FirstNames.Length)];
        var last = LastNames[random.Below(LastNames.Length)];
        fields[0] = KeyOf(number);
        fields[1] = random.Below(4) == 0 ? $"{last}, {first.Name}" : $"{first.Name} {last}";
        fields[2] = string.Create(CultureInfo.InvariantCulture, $"{first.Ascii}{random.Below(100_000)}@example.com");
        fields[3] = Cities[random.Below(Cities.Length)];
        fields[4] = Date(new DateOnly(1940, 1, 1), random.Below(25_000));
        fields[5] = Date(new DateOnly(2023, 1, 1), random.Below(1_000));
        fields[6] = (random.Below(100_000) / 100m).ToString("F2", CultureInfo.InvariantCulture);
        fields[7] = Segments[random.Below(Segments.Length)];
        fields[8] = random.Below(8) == 0 ? Notes[random.Below(Notes.Length)] : "";
    }

    private static string KeyOf(int number) => (number * KeyFactor % KeyPrime).ToString("D8", CultureInfo.InvariantCulture);

    private static string Date(DateOnly from, int days) => from.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
