using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>A column: its type and attributes in one value.</summary>
internal sealed record ColumnDefinition(string Name, DataTypeNode Type) : TableElement
{
    /// <summary>True for NULL, false for NOT NULL, null where neither was written.</summary>
    public bool? IsNullable { get; init; }

    /// <summary>DEFAULT: a literal, CURRENT_TIMESTAMP as a function call, or an expression; null where there is none.</summary>
    public ExpressionNode? Default { get; init; }

    /// <summary>DEFAULT (expression) with its parentheses, which are needed for anything but literals and CURRENT_TIMESTAMP.</summary>
    public bool IsDefaultExpression { get; init; }

    /// <summary>ON UPDATE CURRENT_TIMESTAMP[(n)], or null.</summary>
    public ExpressionNode? OnUpdate { get; init; }

    /// <summary>AUTO_INCREMENT.</summary>
    public bool IsAutoIncrement { get; init; }

    /// <summary>UNIQUE [KEY].</summary>
    public bool IsUnique { get; init; }

    /// <summary>[PRIMARY] KEY.</summary>
    public bool IsPrimaryKey { get; init; }

    /// <summary>COMMENT, or null.</summary>
    public string? Comment { get; init; }

    /// <summary>GENERATED ALWAYS AS, or null.</summary>
    public ExpressionNode? Generated { get; init; }

    /// <summary>STORED; VIRTUAL is the default.</summary>
    public bool IsStored { get; init; }

    /// <summary>INVISIBLE.</summary>
    public bool IsInvisible { get; init; }

    /// <summary>COLUMN_FORMAT, or null.</summary>
    public string? Format { get; init; }

    /// <summary>STORAGE, or null.</summary>
    public string? Storage { get; init; }

    /// <summary>ENGINE_ATTRIBUTE, or null.</summary>
    public string? EngineAttribute { get; init; }

    /// <summary>SECONDARY_ENGINE_ATTRIBUTE, or null.</summary>
    public string? SecondaryEngineAttribute { get; init; }

    /// <summary>REFERENCES behind a column, or null. MySQL 8.4 parses it and does nothing.</summary>
    public ForeignKeyReference? References { get; init; }

    /// <summary>CHECK constraints behind the column; empty where there are none.</summary>
    public CheckConstraint[] Checks { get; init; } = [];
}
