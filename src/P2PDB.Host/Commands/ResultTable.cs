using P2PDB.Host.Client;
using Spectre.Console;

namespace P2PDB.Host.Commands;

/// <summary>Shows results: a table to a person, tab-separated lines to a pipe.</summary>
internal static class ResultTable
{
    public static void Write(IReadOnlyList<QueryResult> results)
    {
        foreach (QueryResult result in results)
        {
            if (result.Columns.Count == 0)
                Console.Error.WriteLine(result.AffectedRows == 1 ? "OK, 1 row affected" : $"OK, {result.AffectedRows} rows affected");
            else if (Console.IsOutputRedirected)
                WriteLines(result);
            else
                WriteTable(result);
        }
    }

    private static void WriteTable(QueryResult result)
    {
        Table table = new Table().Border(TableBorder.Ascii);
        foreach (string column in result.Columns)
            table.AddColumn(new TableColumn(Markup.Escape(column)));
        foreach (string?[] row in result.Rows)
            table.AddRow(Array.ConvertAll(row, value => Markup.Escape(value ?? "NULL")));
        AnsiConsole.Write(table);
        Console.Error.WriteLine(result.Rows.Count == 1 ? "1 row" : $"{result.Rows.Count} rows");
    }

    private static void WriteLines(QueryResult result)
    {
        Console.Out.WriteLine(string.Join('\t', result.Columns));
        foreach (string?[] row in result.Rows)
            Console.Out.WriteLine(string.Join('\t', Array.ConvertAll(row, Escape)));
    }

    // As the mysql command line's batch mode does, so that a value never breaks its line.
    private static string Escape(string? value) => value is null
        ? "NULL"
        : value.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\t", "\\t", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal)
            .Replace("\0", "\\0", StringComparison.Ordinal);
}
