using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Sql.Printing;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>The names of a view's columns: those of its column list, else those of its query, made fit where they were made up.</summary>
internal static class ViewNames
{
    private const int NameLengthMax = 64;

    /// <summary>
    /// The names; errors 1353, 1060 and 1166 for those that no view can have. Items of the select list get the names that the text is
    /// to show.
    /// </summary>
    public static string[] Settle(CreateViewStatement statement, PlannedQuery planned, ResolvedNames names)
    {
        string[] columns = Array.ConvertAll(planned.Columns, static column => column.Name);
        SelectItem[]? items = FirstSelect(statement.Query.Body) is { } select ? names.Items.GetValueOrDefault(select) : null;
        if (items is not null)
        {
            for (int i = 0; i < items.Length; i++)
            {
                columns[i] = NameOf(items, i, isListed: statement.Columns.Length > 0);
                items[i] = items[i] with { Alias = columns[i], Text = null };
            }
        }

        if (statement.Columns.Length > 0)
        {
            if (statement.Columns.Length != columns.Length)
                throw SqlErrors.ViewColumnCount().ToException();
            columns = statement.Columns;
        }

        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (string column in columns)
        {
            DefinitionLimits.CheckColumnName(column);
            if (!seen.Add(column))
                throw SqlErrors.DuplicateColumn(column).ToException();
        }

        return columns;
    }

    private static SelectBody? FirstSelect(QueryBody body) => body switch
    {
        SelectBody select => select,
        SetOperationBody operation => FirstSelect(operation.Left),
        NestedBody nested => FirstSelect(nested.Query.Body),
        _ => null,
    };

    /// <summary>An item's name; one that was made up of its text gives way to others, and to what a name can be, as in MySQL.</summary>
    private static string NameOf(SelectItem[] items, int index, bool isListed)
    {
        string name = items[index].Alias!;
        if (items[index].Text is null)
            return name;
        if (name.Length is 0 or > NameLengthMax || name.EndsWith(' '))
            return $"Name_exp_{index + 1}";
        bool isTaken = false;
        for (int i = 0; i < items.Length && !isListed; i++)
            isTaken |= i != index && (i < index || items[i].Text is null) && IsSame(items[i].Alias, name);
        if (!isTaken)
            return name;
        string unique = Cut("My_exp_" + name);
        for (int attempt = 1; Array.Exists(items, item => IsSame(item.Alias, unique)); attempt++)
            unique = Cut($"My_exp_{attempt}_{name}");
        return unique;
    }

    private static string Cut(string name) => name.Length > NameLengthMax ? name[..NameLengthMax] : name;

    private static bool IsSame(string? left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
