// ENGINE_ATTRIBUTE of a column or a table: empty, or a JSON object of at most 1,024 characters with these members, none needed:
//   merge   "lww", "fww", "max", "min", "counter", "set", "text", "mv", "row"; of a table "append" too
//   grow    true or false, of a counter: it takes no negative amounts
//   min     0, of a counter: it does not fall below
using System.Text;
using P2PDB.Engine.Types;
using P2PDB.Engine.Types.Json;

namespace P2PDB.Engine.Catalog;

/// <summary>What an ENGINE_ATTRIBUTE says about how concurrent writes merge.</summary>
/// <param name="Policy">The policy; null where none is named.</param>
/// <param name="IsAppend">True for a table whose rows nobody can change or delete.</param>
/// <param name="IsGrowing">True for a counter that only grows.</param>
/// <param name="IsBounded">True for a counter with a least value.</param>
internal readonly record struct MergeAttribute(MergePolicy? Policy, bool IsAppend, bool IsGrowing, bool IsBounded)
{
    /// <summary>Characters of an attribute at most.</summary>
    public const int LengthMax = 1024;

    private const string AppendName = "append";

    // By number of the policy.
    private static readonly string[] Names = ["lww", "fww", "max", "min", "counter", "set", "text", "mv", "row"];

    /// <summary>The policy with its bounds, as columns have it. A counter that only grows does not fall below anything.</summary>
    private MergePolicy Bounded => IsGrowing ? MergePolicy.GrowingCounter : IsBounded ? MergePolicy.BoundedCounter : Policy ?? MergePolicy.LastWriter;

    /// <summary>The name under which the policy is declared; empty where none is.</summary>
    public string Name => IsAppend ? AppendName : Policy is { } policy ? Names[(int)policy] : "";

    /// <summary>Reads the attribute of a column of a type; false with a reason and the place in the text, in bytes.</summary>
    public static bool TryReadColumn(string text, SqlType type, out MergeAttribute attribute, out string reason, out int position)
    {
        if (!TryRead(text, isTable: false, out attribute, out reason, out position))
            return false;
        if (attribute.Policy is not { } policy || Fits(policy, type))
            return true;
        reason = $"merge policy '{attribute.Name}' does not fit type {ColumnTypeText.Of(type)}";
        return false;
    }

    /// <summary>Reads the attribute of a table, otherwise as <see cref="TryReadColumn"/>.</summary>
    public static bool TryReadTable(string text, out MergeAttribute attribute, out string reason, out int position) =>
        TryRead(text, isTable: true, out attribute, out reason, out position);

    /// <summary>
    /// How a column merges: as it says itself, else as its table says where that fits its type. Columns of the primary key name the
    /// row, and never merge.
    /// </summary>
    public static MergePolicy PolicyOf(ColumnShape shape, TableOptions options, bool isKey)
    {
        if (isKey)
            return MergePolicy.LastWriter;
        TryReadColumn(shape.EngineAttribute, shape.Type, out MergeAttribute attribute, out _, out _);
        if (attribute.Policy is null)
            TryReadTable(options.EngineAttribute, out attribute, out _, out _);
        return attribute.Policy is { } policy && Fits(policy, shape.Type) ? attribute.Bounded : MergePolicy.LastWriter;
    }

    /// <summary>True for a table whose rows nobody can change or delete.</summary>
    public static bool IsAppendTable(TableOptions options)
    {
        TryReadTable(options.EngineAttribute, out MergeAttribute attribute, out _, out _);
        return attribute.IsAppend;
    }

    private static bool Fits(MergePolicy policy, SqlType type) => policy switch
    {
        MergePolicy.Counter => type.IsInteger || type.Kind == SqlTypeKind.Decimal,
        MergePolicy.Max or MergePolicy.Min => type.Kind is not (SqlTypeKind.Json or SqlTypeKind.Geometry),
        MergePolicy.Set => type.Kind is SqlTypeKind.Set or SqlTypeKind.Json,
        MergePolicy.Text => type.IsText,
        _ => true,
    };

    private static bool TryRead(string text, bool isTable, out MergeAttribute attribute, out string reason, out int position)
    {
        attribute = default;
        reason = "";
        position = 0;
        if (text.Length == 0)
            return true;
        if (text.Length > LengthMax)
        {
            reason = $"longer than {LengthMax} characters";
            return false;
        }

        if (!JsonParser.TryParse(Encoding.UTF8.GetBytes(text), out JsonItem item, out reason, out int end))
        {
            position = end;
            return false;
        }

        reason = ReadMembers(item, isTable, ref attribute);
        if (reason.Length == 0 && (attribute.IsGrowing || attribute.IsBounded) && attribute.Policy != MergePolicy.Counter)
            reason = "'grow' and 'min' are for merge policy 'counter'";
        return reason.Length == 0;
    }

    /// <summary>Reads the members; what is wrong with them, or nothing.</summary>
    private static string ReadMembers(JsonItem item, bool isTable, ref MergeAttribute attribute)
    {
        if (item.Kind != JsonKind.Container)
            return "not a JSON object";
        foreach ((byte[] key, JsonItem value) in item.Members)
        {
            string name = Encoding.UTF8.GetString(key);
            switch (name)
            {
                case "merge" when value.Kind == JsonKind.Text:
                    string policy = Encoding.UTF8.GetString(value.Text);
                    int number = Array.IndexOf(Names, policy);
                    if (number >= 0)
                        attribute = attribute with { Policy = (MergePolicy)number };
                    else if (isTable && policy == AppendName)
                        attribute = attribute with { IsAppend = true };
                    else
                        return $"unknown merge policy '{policy}'";
                    break;
                case "grow" when value.Kind == JsonKind.Boolean:
                    attribute = attribute with { IsGrowing = value.Integer != 0 };
                    break;
                case "min" when value.Kind is JsonKind.Integer or JsonKind.Unsigned && value.Integer == 0:
                    attribute = attribute with { IsBounded = true };
                    break;
                case "merge" or "grow" or "min":
                    return $"wrong value of member '{name}'";
                default:
                    return $"unknown member '{name}'";
            }
        }

        return "";
    }
}
