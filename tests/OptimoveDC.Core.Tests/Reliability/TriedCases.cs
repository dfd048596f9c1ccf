using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace OptimoveDC.Tests.Reliability;

/// <summary>How often a test class tries something.</summary>
internal static class TriedCases
{
    private const string Method = "Tried";
    private const BindingFlags Anywhere = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>What the class's own <c>static int Tried(string what)</c> says; without one, the number of its cases.</summary>
    /// <param name="testClass">The class.</param>
    /// <param name="what">What is tried, as the table has it.</param>
    internal static async Task<int> OfAsync(Type testClass, string what)
    {
        if (testClass.GetMethod(Method, Anywhere, [typeof(string)]) is { } tried)
        {
            return (int)tried.Invoke(null, [what])!;
        }

        var count = 0;
        foreach (var method in testClass.GetMethods(Anywhere))
        {
            foreach (var fact in method.GetCustomAttributes().OfType<IFactAttribute>().Where(fact => !fact.Explicit))
            {
                count += fact is ITheoryAttribute ? await RowsOfAsync(method) : MostOf(fact);
            }
        }

        return count;
    }

    private static async Task<int> RowsOfAsync(MethodInfo method)
    {
        await using var tracker = new DisposalTracker();
        var count = 0;
        foreach (var data in method.GetCustomAttributes().OfType<IDataAttribute>())
        {
            // The runner tells an attribute whose member it means; here nobody has.
            if (data is MemberDataAttributeBase member)
            {
                member.MemberType ??= method.ReflectedType;
            }

            count += (await data.GetData(method, tracker)).Count;
        }

        return count;
    }

    // A property runs as many cases as its attribute says.
    private static int MostOf(IFactAttribute fact) => fact.GetType().GetProperty("MaxTest")?.GetValue(fact) is int most ? most : 1;
}
