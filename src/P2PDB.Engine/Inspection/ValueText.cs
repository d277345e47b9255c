using System.Text;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Expressions.Json;
using P2PDB.Engine.Types;
using P2PDB.Engine.Types.Json;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Inspection;

/// <summary>
/// Values as the tables about the log show them: in JSON numbers are numbers, what is no text is hexadecimal, all else is as SELECT gives it.
/// </summary>
internal static class ValueText
{
    /// <summary>The JSON object of a row image: a member for each column, by its name.</summary>
    public static JsonItem ToJson(
        EvaluationContext context, LoggedTable table, StoredLayout layout, ReadOnlySpan<byte> image, in DefinitionStamp written)
    {
        JsonItem row = JsonItem.NewObject();
        for (int i = 0; i < layout.Columns.Length; i++)
            Add(row, context, table, layout, image, i, written);

        return row;
    }

    /// <summary>Adds one column of a row image to a JSON object.</summary>
    public static void Add(
        JsonItem row, EvaluationContext context, LoggedTable table, StoredLayout layout, ReadOnlySpan<byte> image, int position,
        in DefinitionStamp written)
    {
        StoredColumn column = layout.Columns[position];
        ColumnVector vector = context.Rent(table.TypeOf(column, written));
        layout.Layout.CopyTo(image, position, vector, 0);
        byte[] name = Encoding.UTF8.GetBytes(table.NameOf(column.Id));
        if (row.Find(name) is not null)
            name = [.. name, .. Encoding.ASCII.GetBytes($"~{column.Id.Value:x}")];   // A column set aside and dropped has lost its other name.
        row.Set(name, ToJson(context, vector, 0));
        context.Return();
    }

    /// <summary>
    /// Adds, where a write has them, the sums of all that its author has done to a counter so far; of a text what the write inserted, and how many
    /// bytes its author has taken away so far.
    /// </summary>
    public static void AddTotals(JsonItem row, LoggedTable table, CellMark mark)
    {
        string name = table.NameOf(mark.Column.Id);
        if (mark is { Edits: { } edits, Text: { } text })
        {
            row.Set(Encoding.UTF8.GetBytes(name + " inserted"), JsonItem.FromText(edits.InsertedAtHand(text).ToArray()));
            row.Set(Encoding.UTF8.GetBytes(name + " removed"), JsonItem.FromInt64(edits.RemovedLength));
        }

        if (mark.Total is { } total)
            row.Set(Encoding.UTF8.GetBytes(name + " total"), NumberOf(total));
        if (mark.Rights is not { } rights)
            return;
        if (rights.Used.Unscaled.Sign > 0)
            row.Set(Encoding.UTF8.GetBytes(name + " used"), NumberOf(rights.Used));
        foreach (RightsGrant grant in rights.Grants)
        {
            string what = grant.Form switch
            {
                GrantForm.Made => " added",
                GrantForm.MadeByOther => $" added by {grant.Other}",
                GrantForm.Passed => $" passed to {grant.Other}",
                _ => $" taken from {grant.Other}",
            };
            row.Set(Encoding.UTF8.GetBytes(name + what), NumberOf(grant.Amount));
        }
    }

    /// <summary>The text of a JSON value.</summary>
    public static byte[] ToBytes(JsonItem item)
    {
        using var text = new ByteWriter();
        item.WriteTo(text);
        return text.Written.ToArray();
    }

    /// <summary>The JSON of a row of a vector.</summary>
    public static JsonItem ToJson(EvaluationContext context, ColumnVector source, int row)
    {
        SqlType type = source.Type;
        if (source.IsNull(row))
            return JsonItem.Null();
        if (type.Kind == SqlTypeKind.Json)
            return JsonConversion.Parse(source.GetBytes(row));
        return type.IsNumeric ? NumberOf(source, row) : JsonItem.FromText(ToText(context, source, row));
    }

    /// <summary>The text of a row of a vector that is not NULL.</summary>
    public static byte[] ToText(EvaluationContext context, ColumnVector source, int row)
    {
        SqlType type = source.Type;
        if (type.IsBinaryString || type.Kind == SqlTypeKind.Geometry)
            return HexOf(source.GetBytes(row));
        if (type.IsNumeric && type.Physical == PhysicalKind.Int64)
            return Encoding.ASCII.GetBytes(NumberOf(source, row).ToString());
        using var text = new ByteWriter();
        ValueFormatter.Format(source, row, text, context.TimeZone);
        return text.Written.ToArray();
    }

    /// <summary>0x and hexadecimal digits.</summary>
    public static byte[] HexOf(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetBytes("0x" + Convert.ToHexString(bytes));

    private static JsonItem NumberOf(ExactNumber number)
    {
        byte[] text = Encoding.ASCII.GetBytes(number.ToString());
        bool isDecimal = SqlDecimal.TryParse(text, out SqlDecimal exact, out int consumed) == DecimalParseStatus.Parsed && consumed == text.Length;
        return isDecimal ? JsonItem.FromDecimal(exact) : JsonItem.FromText(text);
    }

    // Display widths, leading zeros and the bytes of BIT are no part of a number.
    private static JsonItem NumberOf(ColumnVector source, int row) => source.Physical switch
    {
        PhysicalKind.Double => JsonItem.FromDouble(source.GetDouble(row)),
        PhysicalKind.Decimal => JsonItem.FromDecimal(source.GetDecimal(row)),
        _ => JsonItem.FromInt64(source.GetInt64(row), KeyEncoder.IsUnsignedKey(source.Type)),
    };
}
