using P2PDB.Engine.Planning;

namespace P2PDB.Engine.Execution;

/// <summary>From the planner's columns to what clients are told.</summary>
internal static class ResultColumns
{
    /// <summary>The columns of a query.</summary>
    public static ResultColumn[] Of(PlannedQuery query)
    {
        var columns = new ResultColumn[query.Columns.Length];
        for (int i = 0; i < columns.Length; i++)
            columns[i] = Of(query.Columns[i], i < query.Tables.Length ? query.Tables[i] : "");
        return columns;
    }

    /// <summary>One column.</summary>
    public static ResultColumn Of(RelationColumn column, string table) => new(column.Name, column.Type)
    {
        Schema = column.OriginalSchema,
        Table = table,
        OriginalTable = column.OriginalTable,
        OriginalName = column.OriginalName,
        Traits = column.IsNullable ? column.Traits & ~ResultColumnTraits.NotNull : column.Traits | ResultColumnTraits.NotNull,
    };
}
