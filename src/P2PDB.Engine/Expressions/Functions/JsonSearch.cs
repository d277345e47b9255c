using System.Text;
using P2PDB.Engine.Expressions.Json;
using P2PDB.Engine.Expressions.Operators;
using P2PDB.Engine.Types;
using P2PDB.Engine.Types.Json;

namespace P2PDB.Engine.Expressions.Functions;

/// <summary>JSON_SEARCH: the paths of strings that are LIKE a pattern.</summary>
internal static class JsonSearch
{
    /// <summary>Reads 'one' or 'all'; error 3154 for anything else.</summary>
    public static bool WantsAll(ColumnVector vector, int row, string function) =>
        Encoding.UTF8.GetString(vector.GetBytes(row)).ToUpperInvariant() switch
        {
            "ALL" => true,
            "ONE" => false,
            _ => throw SqlErrors.InvalidJsonOneOrAll(function).ToException(),
        };

    /// <summary>JSON_SEARCH(document, one or all, pattern, escape, paths …).</summary>
    public static Expression Bind(Expression[] arguments)
    {
        Expression[] bound = Argument.Texts(arguments);
        bound[0] = arguments[0];
        return new FunctionExpression("json_search", SqlType.Json, bound, (_, vectors, row, result) =>
        {
            if (vectors[0].IsNull(row) || vectors[1].IsNull(row) || vectors[2].IsNull(row))
            {
                result.SetNull(row);
                return;
            }

            JsonItem root = JsonConversion.ParseArgument(vectors[0], row, 1, "json_search");
            bool wantsAll = WantsAll(vectors[1], row, "json_search");
            ReadOnlySpan<byte> escape = vectors.Length > 3 && !vectors[3].IsNull(row) ? vectors[3].GetBytes(row) : "\\"u8;
            List<JsonItem> allowed = [];
            for (int i = 4; i < vectors.Length; i++)
                JsonConversion.ParsePath(vectors[i], row).Find(root, allowed);
            List<string> paths = [];
            Search(root, "$", vectors[2].GetBytes(row), escape, vectors.Length > 4 ? allowed : null, paths);
            if (paths.Count == 0)
            {
                result.SetNull(row);
                return;
            }

            JsonItem answer = JsonItem.FromText(Encoding.UTF8.GetBytes(paths[0]));
            if (wantsAll && paths.Count > 1)
            {
                answer = JsonItem.NewArray();
                foreach (string path in paths)
                    answer.Elements.Add(JsonItem.FromText(Encoding.UTF8.GetBytes(path)));
            }

            JsonConversion.Write(answer, result, row);
        }, seesNulls: true);
    }

    private static void Search(JsonItem item, string path, ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> escape,
        List<JsonItem>? allowed, List<string> paths)
    {
        List<JsonItem>? below = allowed is not null && allowed.Contains(item) ? null : allowed;
        if (item.Kind == JsonKind.Text && below is null && LikeExpression.Matches(item.Text, pattern, escape, Collation.Utf8Mb4Bin))
            paths.Add(path);
        for (int i = 0; i < item.Elements.Count; i++)
            Search(item.Elements[i], $"{path}[{i}]", pattern, escape, below, paths);
        foreach (KeyValuePair<byte[], JsonItem> member in item.Members)
            Search(member.Value, $"{path}.{NameOf(member.Key)}", pattern, escape, below, paths);
    }

    private static string NameOf(byte[] key)
    {
        string name = Encoding.UTF8.GetString(key);
        bool isPlain = name.Length > 0 && !char.IsAsciiDigit(name[0]);
        foreach (char c in name)
            isPlain &= char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or >= '\x80';
        return isPlain ? name : JsonItem.FromText(key).ToString();
    }
}
