using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning.Windows;

/// <summary>What OVER means: names looked up, and a window that is made of a named one completed by it.</summary>
internal static class WindowDefinitions
{
    private const string Unnamed = "<unnamed window>";

    /// <summary>The whole window of a call; errors 3579 to 3583 where there is none such.</summary>
    public static WindowSpecification Resolve(WindowReference over, NamedWindow[] windows, out string name)
    {
        name = over.Name ?? Unnamed;
        return over.Specification is { } specification
            ? Complete(specification, name, windows, 0)
            : Complete(Find(over.Name!, windows).Specification, name, windows, 0);
    }

    /// <summary>Finds what is wrong with named windows, used or not.</summary>
    public static void Check(NamedWindow[] windows)
    {
        for (int i = 0; i < windows.Length; i++)
        {
            for (int earlier = 0; earlier < i; earlier++)
            {
                if (IsNamed(windows[earlier], windows[i].Name))
                    throw WindowErrors.DuplicateName(windows[i].Name).ToException();
            }
        }

        foreach (NamedWindow window in windows)
            Complete(window.Specification, window.Name, windows, 0);
    }

    private static bool IsNamed(NamedWindow window, string name) => string.Equals(window.Name, name, StringComparison.OrdinalIgnoreCase);

    private static NamedWindow Find(string name, NamedWindow[] windows) =>
        Array.Find(windows, window => IsNamed(window, name)) ?? throw WindowErrors.NoSuchWindow(name).ToException();

    private static WindowSpecification Complete(WindowSpecification own, string name, NamedWindow[] windows, int depth)
    {
        if (own.BaseName is null)
            return own;
        if (depth > windows.Length)
            throw WindowErrors.Circular().ToException();
        NamedWindow parent = Find(own.BaseName, windows);
        WindowSpecification whole = Complete(parent.Specification, parent.Name, windows, depth + 1);
        if (own.PartitionBy.Length > 0)
            throw WindowErrors.ChildPartitions().ToException();
        if (whole.Frame is not null)
            throw WindowErrors.InheritsFrame(parent.Name).ToException();
        if (own.OrderBy.Length > 0 && whole.OrderBy.Length > 0)
            throw WindowErrors.RedefinesOrder(name, parent.Name).ToException();
        return own with
        {
            BaseName = null,
            PartitionBy = whole.PartitionBy,
            OrderBy = own.OrderBy.Length > 0 ? own.OrderBy : whole.OrderBy,
        };
    }
}
