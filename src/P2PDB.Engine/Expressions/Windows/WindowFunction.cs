using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Windows;

/// <summary>
/// A bound window function. Its arguments are computed for every row before partitions are made; then a state gives each row of a
/// partition its value. Immutable and shared like expressions; an execution takes a state of its own.
/// </summary>
internal abstract class WindowFunction(SqlType type, Expression[] arguments, bool isNullable)
{
    /// <summary>The type of the result.</summary>
    public SqlType Type { get; } = type;

    /// <summary>What is computed for every row.</summary>
    public Expression[] Arguments { get; } = arguments;

    /// <summary>False for what always has a value, as ranks.</summary>
    public bool IsNullable { get; } = isNullable;

    /// <summary>False where a frame is accepted and ignored, as by ranks.</summary>
    public virtual bool UsesFrame => false;

    /// <summary>Makes the state of one execution.</summary>
    public abstract WindowState CreateState();
}
