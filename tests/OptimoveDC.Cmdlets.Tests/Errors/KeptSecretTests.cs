using System.Management.Automation;
using System.Reflection;
using System.Security;
using System.Text;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Errors;

/// <summary>
/// The key lies protected until a header is made: whatever can be reached from an open session, by any field of any object, is
/// looked through for it.
/// </summary>
public sealed class KeptSecretTests
{
    private const string Key = "REACHABLE-CANARY-7b1d";

    [Fact]
    public async Task A_session_holds_no_key_that_could_be_read_out_of_it()
    {
        await using var shell = ConnectedShell.Open();
        shell.Shell.Set("canary", new PSCredential(shell.Brand.BrandKey.ToString(), ConnectedShell.Secret(Key)));

        var session = shell.Run("Connect-Optimove -Uri $uri -Credential $canary -PassThru").Only<Session>();
        var found = Walk.Find(session, Key);

        Assert.Empty(found.Places);
        Assert.True(found.Protected > 0, "The walk did not come to the protected key either.");
        Assert.True(found.Objects > 100, $"The walk saw {found.Objects} objects.");
    }

    [Fact]
    public async Task A_session_with_a_secrets_name_holds_none_even_after_requests()
    {
        await using var shell = ConnectedShell.Open();
        shell.Shell.Set("canary", new PSCredential(shell.Brand.BrandKey.ToString(), ConnectedShell.Secret(Key)));
        shell.Run("""
            $global:canary = $canary
            $null = New-Module -Name Microsoft.PowerShell.SecretManagement { function Get-Secret { [CmdletBinding()] param([string] $Name, [string] $Vault) $global:canary } } | Import-Module
            """).EnsureSucceeded();

        var session = shell.Run("Connect-Optimove -Uri $uri -SecretName Optimove -PassThru").Only<Session>();
        shell.Run("New-OptimoveDataConnection -Name x -PrimaryKey y");

        Assert.Equal(Key, shell.Server.Service.Requests[^1].Headers["x-api-key"]);
        var found = Walk.Find(session, Key);
        Assert.Empty(found.Places);
        Assert.Equal(0, found.Protected);
    }

    [Fact]
    public void The_walk_finds_what_is_there()
    {
        var hidden = new List<object?> { new Dictionary<string, object> { ["x"] = new[] { Encoding.UTF8.GetBytes("…" + Key) } }, Key.ToCharArray(), new StringBuilder("a" + Key), ConnectedShell.Secret(Key) };

        var found = Walk.Find(hidden, Key);

        Assert.True(found.Places.Count >= 3, string.Join('\n', found.Places));
        Assert.Equal(1, found.Protected);
    }

    /// <summary>Follows every field of every object that can be reached.</summary>
    private sealed class Walk
    {
        private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
        private readonly Queue<(object Value, string Path)> _next = new();
        private readonly string _secret;
        private readonly byte[] _utf8;
        private readonly byte[] _utf16;

        private Walk(string secret)
        {
            _secret = secret;
            _utf8 = Encoding.UTF8.GetBytes(secret);
            _utf16 = Encoding.Unicode.GetBytes(secret);
        }

        internal List<string> Places { get; } = [];

        internal int Protected { get; private set; }

        internal int Objects => _seen.Count;

        internal static Walk Find(object root, string secret)
        {
            var walk = new Walk(secret);
            walk.Add(root, root.GetType().Name);
            while (walk._next.TryDequeue(out var next))
            {
                walk.Visit(next.Value, next.Path);
            }

            return walk;
        }

        private void Add(object? value, string path)
        {
            // Descriptions of types lead everywhere, and hold nothing.
            if (value is not null and not Pointer and not MemberInfo and not Assembly and not Module && !value.GetType().IsPrimitive && !value.GetType().IsEnum
                && (value.GetType().IsValueType || _seen.Add(value)))
            {
                _next.Enqueue((value, path));
            }
        }

        private void Visit(object value, string path)
        {
            switch (value)
            {
                case string text:
                    Note(text.Contains(_secret, StringComparison.OrdinalIgnoreCase), path);
                    return;
                case char[] characters:
                    Note(characters.AsSpan().IndexOf(_secret) >= 0, path);
                    return;
                case byte[] bytes:
                    Note(bytes.AsSpan().IndexOf(_utf8) >= 0 || bytes.AsSpan().IndexOf(_utf16) >= 0, path);
                    return;
                case SecureString secure:
                    Protected += new System.Net.NetworkCredential("", secure).Password == _secret ? 1 : 0;
                    return;
                case Array { Rank: 1 } array when !array.GetType().GetElementType()!.IsPrimitive && !array.GetType().GetElementType()!.IsPointer:
                    for (var index = 0; index < array.Length; index++)
                    {
                        Add(array.GetValue(index), $"{path}[{index}]");
                    }

                    return;
            }

            for (var type = value.GetType(); type is not null && type != typeof(object); type = type.BaseType)
            {
                foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                {
                    // A timer is in one list with all timers of the process, whoever they belong to.
                    if (type.FullName == "System.Threading.TimerQueueTimer" && field.Name is ("_next" or "_prev" or "_associatedTimerQueue"))
                    {
                        continue;
                    }

                    if (!field.FieldType.IsPointer && !field.FieldType.IsByRefLike && !field.FieldType.IsPrimitive && field.FieldType != value.GetType())
                    {
                        Add(field.GetValue(value), $"{path}.{field.Name}");
                    }
                    else if (!field.FieldType.IsValueType && !field.FieldType.IsPointer)
                    {
                        Add(field.GetValue(value), $"{path}.{field.Name}");
                    }
                }
            }
        }

        private void Note(bool isThere, string path)
        {
            if (isThere)
            {
                Places.Add(path);
            }
        }
    }
}
