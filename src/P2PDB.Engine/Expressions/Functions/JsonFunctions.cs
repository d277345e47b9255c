using System.Text;
using P2PDB.Engine.Expressions.Json;
using P2PDB.Engine.Types;
using P2PDB.Engine.Types.Json;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Expressions.Functions;

/// <summary>The functions of JSON.</summary>
internal static class JsonFunctions
{
    public static void Register(Action<string, FunctionDefinition> add)
    {
        add("JSON_EXTRACT", new(2, Argument.Any, arguments => Extract(arguments)));
        add("JSON_UNQUOTE", Argument.Define(1, arguments => Unquote(arguments[0])));
        add("JSON_QUOTE", Argument.Define(1, arguments => new FunctionExpression("json_quote",
            SqlType.VarChar(Argument.LengthOf(arguments) * 6), Argument.Texts(arguments), (_, vectors, row, result) =>
            {
                ByteWriter quoted = TextKernels.Scratch;
                JsonText.WriteQuoted(vectors[0].GetBytes(row), quoted);
                result.SetBytes(row, quoted.Written);
            })));
        add("JSON_OBJECT", new(0, Argument.Any, CreateObject));
        add("JSON_ARRAY", new(0, Argument.Any, CreateArray));
        add("JSON_VALID", Argument.Define(1, arguments => new FunctionExpression("json_valid", SqlType.Boolean, arguments,
            (context, vectors, row, result) => result.SetBoolean(row, vectors[0].Physical == PhysicalKind.Bytes
                && JsonParser.TryParse(vectors[0].GetBytes(row), out JsonItem _, out _, out _)))));
        AddScalar(add, "JSON_TYPE", Argument.PlainText(51), (item, result, row) => SetText(item.TypeName, result, row));
        AddScalar(add, "JSON_DEPTH", SqlType.BigInt.WithLength(21), (item, result, row) => result.SetInt64(row, item.Depth));
        AddScalar(add, "JSON_STORAGE_SIZE", SqlType.BigInt.WithLength(21), (item, result, row) => result.SetInt64(row, item.ToString().Length));
        AddScalar(add, "JSON_STORAGE_FREE", SqlType.BigInt.WithLength(21), (_, result, row) => result.SetInt64(row, 0));   // values are stored whole
        AddScalar(add, "JSON_PRETTY", SqlType.LongText(), (item, result, row) =>
        {
            ByteWriter pretty = TextKernels.Scratch;
            JsonText.WritePretty(item, pretty);
            result.SetBytes(row, pretty.Written);
        });
        add("JSON_LENGTH", new(1, 2, arguments => AtPath("json_length", SqlType.BigInt.WithLength(21), arguments,
            (item, result, row) => result.SetInt64(row, item.Length))));
        add("JSON_KEYS", new(1, 2, arguments => AtPath("json_keys", SqlType.Json, arguments, Keys)));
        add("JSON_CONTAINS", new(2, 3, Contains));
        add("JSON_CONTAINS_PATH", new(3, Argument.Any, ContainsPath));
        add("JSON_OVERLAPS", Argument.Define(2, Overlaps));
        add("JSON_SET", new(3, Argument.Any, arguments => Store("json_set", arguments, mayReplace: true, mayInsert: true)));
        add("JSON_INSERT", new(3, Argument.Any, arguments => Store("json_insert", arguments, mayReplace: false, mayInsert: true)));
        add("JSON_REPLACE", new(3, Argument.Any, arguments => Store("json_replace", arguments, mayReplace: true, mayInsert: false)));
        add("JSON_REMOVE", new(2, Argument.Any, Remove));
        add("JSON_ARRAY_APPEND", new(3, Argument.Any, arguments => ArrayChange("json_array_append", arguments, Append)));
        add("JSON_ARRAY_INSERT", new(3, Argument.Any, arguments => ArrayChange("json_array_insert", arguments, Insert)));
        add("JSON_MERGE", new(2, Argument.Any, arguments => Merge("json_merge", arguments, JsonMerge.Preserve)));
        add("JSON_MERGE_PRESERVE", new(2, Argument.Any, arguments => Merge("json_merge_preserve", arguments, JsonMerge.Preserve)));
        add("JSON_MERGE_PATCH", new(2, Argument.Any, MergePatch));
        add("JSON_SEARCH", new(3, Argument.Any, JsonSearch.Bind));
        add("JSON_VALUE", Argument.Define(2, arguments => JsonValueFunction.Bind(
            arguments[0], arguments[1], JsonValueFunction.DefaultType, default, default)));
        add("MEMBER_OF", Argument.Define(2, MemberOf));
    }

    /// <summary>JSON as text without its quotes: JSON_UNQUOTE, and -&gt;&gt; over JSON_EXTRACT.</summary>
    public static Expression Unquote(Expression argument) => new FunctionExpression("json_unquote",
        SqlType.LongText(Collation.Utf8Mb4Bin), [Argument.Text(argument)], (_, vectors, row, result) =>
        {
            ReadOnlySpan<byte> text = vectors[0].GetBytes(row);
            if (text.Length < 2 || text[0] != '"' || text[^1] != '"')
                result.SetBytes(row, text);
            else
                result.SetBytes(row, JsonConversion.ParseArgument(vectors[0], row, 1, "json_unquote").Text);
        });

    private static FunctionExpression Extract(Expression[] arguments) => new("json_extract", SqlType.Json, WithTexts(arguments),
        (_, vectors, row, result) =>
        {
            JsonItem root = JsonConversion.ParseArgument(vectors[0], row, 1, "json_extract");
            List<JsonItem> found = [];
            bool isList = vectors.Length > 2;
            foreach (ColumnVector vector in vectors[1..])
            {
                JsonPath path = JsonConversion.ParsePath(vector, row);
                isList |= path.HasWildcard;
                path.Find(root, found);
            }

            if (found.Count == 0)
            {
                result.SetNull(row);
            }
            else if (!isList)
            {
                JsonConversion.Write(found[0], result, row);
            }
            else
            {
                JsonItem list = JsonItem.NewArray();
                list.Elements.AddRange(found);
                JsonConversion.Write(list, result, row);
            }
        });

    // The document stays what it is; paths become text.
    private static Expression[] WithTexts(Expression[] arguments)
    {
        Expression[] bound = Argument.Texts(arguments);
        bound[0] = arguments[0];
        return bound;
    }

    private static void SetText(string text, ColumnVector result, int row) => result.SetBytes(row, Encoding.UTF8.GetBytes(text));

    private static void AddScalar(Action<string, FunctionDefinition> add, string name, SqlType type, Action<JsonItem, ColumnVector, int> write) =>
        add(name, Argument.Define(1, arguments => new FunctionExpression(name, type, arguments, (_, vectors, row, result) =>
#pragma warning disable CA1308 // MySQL shows function names in lower case.
            write(JsonConversion.ParseArgument(vectors[0], row, 1, name.ToLowerInvariant()), result, row))));
#pragma warning restore CA1308

    private static FunctionExpression AtPath(string name, SqlType type, Expression[] arguments, Action<JsonItem, ColumnVector, int> write) =>
        new(name, type, WithTexts(arguments), (_, vectors, row, result) =>
        {
            JsonItem? item = JsonConversion.ParseArgument(vectors[0], row, 1, name);
            if (vectors.Length > 1)
                item = JsonConversion.ParsePath(vectors[1], row).FindFirst(item);
            if (item is null)
                result.SetNull(row);
            else
                write(item, result, row);
        });

    private static void Keys(JsonItem item, ColumnVector result, int row)
    {
        if (item.Kind != JsonKind.Container)
        {
            result.SetNull(row);
            return;
        }

        JsonItem keys = JsonItem.NewArray();
        foreach (KeyValuePair<byte[], JsonItem> member in item.Members)
            keys.Elements.Add(JsonItem.FromText(member.Key));
        JsonConversion.Write(keys, result, row);
    }

    private static FunctionExpression CreateObject(Expression[] arguments)
    {
        if (arguments.Length % 2 != 0)
            throw SqlErrors.WrongParameterCountToFunction("JSON_OBJECT").ToException();
        return new FunctionExpression("json_object", SqlType.Json, arguments, (context, vectors, row, result) =>
        {
            JsonItem item = JsonItem.NewObject();
            for (int i = 0; i < vectors.Length; i += 2)
            {
                if (vectors[i].IsNull(row))
                    throw SqlErrors.JsonNullKey().ToException();
                item.Set(Conversion.ToText(context, vectors[i], row),
                    JsonConversion.FromSql(context, arguments[i + 1], vectors[i + 1], row));
            }

            JsonConversion.Write(item, result, row);
        }, seesNulls: true, isNullable: false);
    }

    private static FunctionExpression CreateArray(Expression[] arguments) => new("json_array", SqlType.Json, arguments,
        (context, vectors, row, result) =>
        {
            JsonItem item = JsonItem.NewArray();
            for (int i = 0; i < vectors.Length; i++)
                item.Elements.Add(JsonConversion.FromSql(context, arguments[i], vectors[i], row));
            JsonConversion.Write(item, result, row);
        }, seesNulls: true, isNullable: false);

    private static FunctionExpression Contains(Expression[] arguments) => new("json_contains", SqlType.Boolean, arguments,
        (_, vectors, row, result) =>
        {
            JsonItem? target = JsonConversion.ParseArgument(vectors[0], row, 1, "json_contains");
            JsonItem candidate = JsonConversion.ParseArgument(vectors[1], row, 2, "json_contains");
            if (vectors.Length > 2)
                target = JsonConversion.ParsePath(vectors[2], row).FindFirst(target);
            if (target is null)
                result.SetNull(row);
            else
                result.SetBoolean(row, JsonMerge.Contains(target, candidate));
        });

    private static FunctionExpression ContainsPath(Expression[] arguments) => new("json_contains_path", SqlType.Boolean, WithTexts(arguments),
        (_, vectors, row, result) =>
        {
            JsonItem root = JsonConversion.ParseArgument(vectors[0], row, 1, "json_contains_path");
            bool wantsAll = JsonSearch.WantsAll(vectors[1], row, "json_contains_path");
            int found = 0;
            foreach (ColumnVector vector in vectors[2..])
                found += JsonConversion.ParsePath(vector, row).FindFirst(root) is null ? 0 : 1;
            result.SetBoolean(row, wantsAll ? found == vectors.Length - 2 : found > 0);
        });

    private static FunctionExpression Overlaps(Expression[] arguments) => new("json_overlaps", SqlType.Boolean, arguments,
        (_, vectors, row, result) => result.SetBoolean(row, JsonMerge.Overlaps(
            JsonConversion.ParseArgument(vectors[0], row, 1, "json_overlaps"),
            JsonConversion.ParseArgument(vectors[1], row, 2, "json_overlaps"))));

    private static FunctionExpression MemberOf(Expression[] arguments) => new("member of", SqlType.Boolean, arguments,
        (context, vectors, row, result) =>
        {
            JsonItem value = JsonConversion.FromSql(context, arguments[0], vectors[0], row);
            JsonItem list = JsonConversion.ParseArgument(vectors[1], row, 2, "member of");
            result.SetBoolean(row, list.Kind == JsonKind.List
                ? list.Elements.Exists(element => element.CompareTo(value) == 0)
                : list.CompareTo(value) == 0);
        });

    private static FunctionExpression Store(string name, Expression[] arguments, bool mayReplace, bool mayInsert) =>
        Change(name, arguments, (_, root, path, value) => path.Store(root, value, mayReplace, mayInsert));

    private delegate JsonItem JsonChange(string name, JsonItem root, JsonPath path, JsonItem value);

    private static FunctionExpression ArrayChange(string name, Expression[] arguments, JsonChange change) => Change(name, arguments, change);

    private static FunctionExpression Change(string name, Expression[] arguments, JsonChange change)
    {
        if (arguments.Length % 2 == 0)
            throw SqlErrors.WrongParameterCountToFunction(name.ToUpperInvariant()).ToException();
        return new FunctionExpression(name, SqlType.Json, arguments, (context, vectors, row, result) =>
        {
            bool isNull = vectors[0].IsNull(row);
            for (int i = 1; i < vectors.Length; i += 2)
                isNull |= vectors[i].IsNull(row);
            if (isNull)
            {
                result.SetNull(row);
                return;
            }

            JsonItem root = JsonConversion.ParseArgument(vectors[0], row, 1, name);
            for (int i = 1; i < vectors.Length; i += 2)
            {
                JsonPath path = JsonConversion.ParsePath(vectors[i], row);
                if (path.HasWildcard)
                    throw SqlErrors.InvalidJsonPathWildcard().ToException();
                root = change(name, root, path, JsonConversion.FromSql(context, arguments[i + 1], vectors[i + 1], row));
            }

            JsonConversion.Write(root, result, row);
        }, seesNulls: true);
    }

    private static JsonItem Append(string name, JsonItem root, JsonPath path, JsonItem value)
    {
        if (path.FindFirst(root) is not { } target)
            return root;
        if (target.Kind == JsonKind.List)
        {
            target.Elements.Add(value);
            return root;
        }

        JsonItem wrapped = JsonItem.NewArray();
        wrapped.Elements.Add(target);
        wrapped.Elements.Add(value);
        return path.Replace(root, wrapped);
    }

    private static JsonItem Insert(string name, JsonItem root, JsonPath path, JsonItem value)
    {
        if (!path.InsertBefore(root, value))
            throw SqlErrors.InvalidJsonPathCharset().ToException();
        return root;
    }

    private static FunctionExpression Remove(Expression[] arguments) => new("json_remove", SqlType.Json, WithTexts(arguments),
        (_, vectors, row, result) =>
        {
            JsonItem root = JsonConversion.ParseArgument(vectors[0], row, 1, "json_remove");
            foreach (ColumnVector vector in vectors[1..])
            {
                JsonPath path = JsonConversion.ParsePath(vector, row);
                if (path.IsRoot)
                    throw SqlErrors.JsonVacuousPath().ToException();
                if (path.HasWildcard)
                    throw SqlErrors.InvalidJsonPathWildcard().ToException();
                path.Remove(root);
            }

            JsonConversion.Write(root, result, row);
        });

    // A NULL patch makes NULL of what it patches; a patch that is no object replaces it all the same.
    private static FunctionExpression MergePatch(Expression[] arguments) => new("json_merge_patch", SqlType.Json, arguments,
        (_, vectors, row, result) =>
        {
            JsonItem? merged = null;
            for (int i = 0; i < vectors.Length; i++)
            {
                JsonItem? patch = vectors[i].IsNull(row) ? null : JsonConversion.ParseArgument(vectors[i], row, i + 1, "json_merge_patch");
                if (i == 0 || patch is null || patch.Kind != JsonKind.Container)
                    merged = patch;
                else if (merged is not null)
                    merged = JsonMerge.Patch(merged, patch);
            }

            if (merged is null)
                result.SetNull(row);
            else
                JsonConversion.Write(merged, result, row);
        }, seesNulls: true);

    private static FunctionExpression Merge(string name, Expression[] arguments, Func<JsonItem, JsonItem, JsonItem> merge) => new(name,
        SqlType.Json, arguments, (_, vectors, row, result) =>
        {
            JsonItem merged = JsonConversion.ParseArgument(vectors[0], row, 1, name);
            for (int i = 1; i < vectors.Length; i++)
                merged = merge(merged, JsonConversion.ParseArgument(vectors[i], row, i + 1, name));
            JsonConversion.Write(merged, result, row);
        });
}
