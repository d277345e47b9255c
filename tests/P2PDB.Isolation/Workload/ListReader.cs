using System.Globalization;

namespace P2PDB.Isolation.Workload;

/// <summary>A list as its column holds it: a comma before each element.</summary>
internal static class ListReader
{
    /// <summary>The elements.</summary>
    public static int[] Parse(string text) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static item => int.Parse(item, CultureInfo.InvariantCulture))];

    /// <summary>The text.</summary>
    public static string Format(int[] list) =>
        string.Concat(list.Select(static item => string.Create(CultureInfo.InvariantCulture, $",{item}")));
}
