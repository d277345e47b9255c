using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Sql.Printing;

/// <summary>Writes OVER and WINDOW.</summary>
internal static class WindowPrinter
{
    /// <summary>Appends OVER.</summary>
    public static void Over(SqlText text, WindowReference over)
    {
        text.Append(" over ");
        if (over.Name is { } name)
            text.Name(name);
        else
            Window(text, over.Specification!);
    }

    /// <summary>Appends WINDOW where there are any.</summary>
    public static void Named(SqlText text, NamedWindow[] windows)
    {
        for (int i = 0; i < windows.Length; i++)
        {
            text.Append(i == 0 ? " window " : ", ").Name(windows[i].Name).Append(" as ");
            Window(text, windows[i].Specification);
        }
    }

    private static void Window(SqlText text, WindowSpecification window)
    {
        text.Append('(');
        if (window.BaseName is { } name)
            text.Name(name);
        if (window.PartitionBy.Length > 0)
        {
            text.Append(" partition by ");
            ExpressionPrinter.List(text, window.PartitionBy);
        }

        QueryPrinter.OrderBy(text, window.OrderBy);
        if (window.Frame is { } frame)
        {
            text.Append(' ').Append(frame.Unit.ToString().ToLowerInvariant()).Append(" between ");
            Bound(text, frame.Start);
            text.Append(" and ");
            Bound(text, frame.End);
        }

        text.Append(')');
    }

    private static void Bound(SqlText text, WindowBound bound)
    {
        if (bound.Offset is { } offset)
        {
            text.Append(bound.Unit is null ? "" : "interval ");
            ExpressionPrinter.Print(text, offset);
            text.Append(' ').Append(bound.Unit is { } unit ? ExpressionPrinter.Unit(unit) + " " : "");
        }

        text.Append(bound.Kind switch
        {
            WindowBoundKind.UnboundedPreceding => "unbounded preceding",
            WindowBoundKind.Preceding => "preceding",
            WindowBoundKind.CurrentRow => "current row",
            WindowBoundKind.Following => "following",
            _ => "unbounded following",
        });
    }
}
