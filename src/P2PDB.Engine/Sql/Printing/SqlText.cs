using System.Text;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Sql.Printing;

/// <summary>The text being printed, and what is known of the names in it.</summary>
internal sealed class SqlText(ResolvedNames? names = null)
{
    private readonly StringBuilder _text = new();
    private readonly List<HashSet<string>> _commonTables = [];
    private readonly List<Dictionary<string, bool>> _sources = [];

    /// <summary>What the names mean, where the query was bound; else they are printed as written.</summary>
    public ResolvedNames? Names { get; } = names;

    /// <summary>A schema to leave away where a name has it: the text's own.</summary>
    public string? ElidedSchema { get; init; }

    /// <summary>A schema to write where a name of a table has none.</summary>
    public string? AddedSchema { get; init; }

    /// <summary>A character set to write before strings that have none, so that they mean the same in every session; null for none.</summary>
    public string? Introducer { get; init; }

    /// <summary>True once a table of another schema than the elided or added one was printed.</summary>
    public bool NamesOtherSchema { get; private set; }

    /// <summary>Appends text.</summary>
    public SqlText Append(string text)
    {
        _text.Append(text);
        return this;
    }

    /// <summary>Appends a character.</summary>
    public SqlText Append(char character)
    {
        _text.Append(character);
        return this;
    }

    /// <summary>Appends a name in backticks.</summary>
    public SqlText Name(string name) => Append('`').Append(name.Replace("`", "``", StringComparison.Ordinal)).Append('`');

    /// <summary>Appends a name that stands without quotes where it can.</summary>
    public SqlText Word(string name)
    {
        bool isPlain = name.Length > 0 && !char.IsAsciiDigit(name[0]);
        foreach (char character in name)
            isPlain &= char.IsAsciiLetterOrDigit(character) || character == '_';
        return isPlain && !KeywordTable.IsReserved(KeywordTable.Find(Encoding.ASCII.GetBytes(name))) ? Append(name) : Name(name);
    }

    /// <summary>Appends the name of a table.</summary>
    public void Table(ObjectName name)
    {
        if (name.Schema is null)
        {
            if (AddedSchema is not null && !IsCommonTable(name.Name))
                Name(AddedSchema).Append('.');
        }
        else if (!IsElided(name.Schema))
        {
            NamesOtherSchema = true;
            Name(name.Schema).Append('.');
        }
        else if (IsCommonTable(name.Name))
        {
            // Without its schema the name would mean the common table expression.
            throw new NotSupportedException("a common table expression with the name of a table");
        }

        Name(name.Name);
    }

    /// <summary>Appends the name of a column, as it was resolved.</summary>
    public void Column(ColumnNode column)
    {
        if (Names?.Columns.GetValueOrDefault(column) is { } resolved)
            column = resolved;
        if (column.Table is { } table)
        {
            if (column.Schema is { } schema)
            {
                if (!IsElided(schema))
                    Name(schema).Append('.');
            }
            else if (AddedSchema is not null && IsPlainTable(table))
            {
                Name(AddedSchema).Append('.');
            }

            Name(table).Append('.');
        }

        Name(column.Name);
    }

    /// <summary>Common table expressions come into sight.</summary>
    public void EnterWith(WithClause with)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (NamedQuery query in with.Queries)
            names.Add(query.Name);
        _commonTables.Add(names);
    }

    /// <summary>They go out of sight.</summary>
    public void LeaveWith() => _commonTables.RemoveAt(_commonTables.Count - 1);

    /// <summary>The sources of a SELECT come into sight.</summary>
    public void EnterSelect(SelectBody select)
    {
        Dictionary<string, bool> sources = new(StringComparer.OrdinalIgnoreCase);
        foreach (TableSource source in select.From)
            AddSources(sources, source);
        _sources.Add(sources);
    }

    /// <summary>They go out of sight.</summary>
    public void LeaveSelect() => _sources.RemoveAt(_sources.Count - 1);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private bool IsElided(string schema) => string.Equals(schema, ElidedSchema, StringComparison.OrdinalIgnoreCase);

    private bool IsCommonTable(string name) => _commonTables.Exists(names => names.Contains(name));

    /// <summary>True where a qualifier means a table by its own name, without a schema.</summary>
    private bool IsPlainTable(string name)
    {
        for (int i = _sources.Count - 1; i >= 0; i--)
        {
            if (_sources[i].TryGetValue(name, out bool isPlain))
                return isPlain;
        }

        return false;
    }

    private void AddSources(Dictionary<string, bool> sources, TableSource source)
    {
        switch (source)
        {
            case NamedTable table:
                sources[table.Alias ?? table.Name.Name] =
                    table.Alias is null && table.Name.Schema is null && !IsCommonTable(table.Name.Name);
                break;
            case DerivedTable derived:
                sources[derived.Alias] = false;
                break;
            case JoinedTable join:
                AddSources(sources, join.Left);
                AddSources(sources, join.Right);
                break;
            default:
                break;
        }
    }
}
