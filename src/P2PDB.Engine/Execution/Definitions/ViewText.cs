using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Printing;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>Definitions of views as text, as clients see them.</summary>
internal static class ViewText
{
    /// <summary>The CREATE VIEW statement. Names stand without a schema where all are of the chosen one.</summary>
    public static string Create(ViewSchema view, string schema, string? chosen)
    {
        ViewDefinition definition = view.Definition;
        var text = new SqlText();
        text.Append("CREATE ALGORITHM=").Append(definition.Algorithm.ToString().ToUpperInvariant())
            .Append(" DEFINER=").Name(definition.DefinerUser).Append('@').Name(definition.DefinerHost)
            .Append(" SQL SECURITY ").Append(definition.IsInvoker ? "INVOKER" : "DEFINER").Append(" VIEW ");
        bool isChosen = string.Equals(schema, chosen, StringComparison.OrdinalIgnoreCase);
        string query = Query(view, schema, isChosen ? null : schema, out bool namesOther);
        if (isChosen && namesOther)
            query = Query(view, schema, schema, out _);
        if (!isChosen || namesOther)
            text.Name(schema).Append('.');
        text.Name(view.Name);
        if (definition.HasColumnList)
        {
            for (int i = 0; i < definition.Columns.Length; i++)
                text.Append(i == 0 ? " (" : ",").Name(definition.Columns[i]);
            text.Append(')');
        }

        text.Append(" AS ").Append(query);
        if (definition.Check != ViewCheck.None)
            text.Append(" WITH ").Append(definition.Check.ToString().ToUpperInvariant()).Append(" CHECK OPTION");
        return text.ToString();
    }

    /// <summary>The query, tables of the view's own database qualified with <paramref name="added"/>; as stored where it does not parse.</summary>
    public static string Query(ViewSchema view, string schema, string? added, out bool namesOther)
    {
        namesOther = false;
        try
        {
            var text = new SqlText { AddedSchema = added };
            QueryPrinter.Print(text, ViewBinder.Parse(view, schema));
            namesOther = text.NamesOtherSchema;
            return text.ToString();
        }
        catch (Exception exception) when (exception is Types.SqlException or NotSupportedException)
        {
            return view.Definition.Query; // a newer version's text
        }
    }
}
