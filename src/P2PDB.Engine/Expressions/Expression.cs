using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions;

/// <summary>
/// A bound scalar expression. Nodes are immutable and shared between sessions through the plan cache; everything that
/// belongs to one execution (scratch vectors, parameters, clock, warnings) comes from the <see cref="EvaluationContext"/>.
/// </summary>
internal abstract class Expression(SqlType type)
{
    /// <summary>The type of the result; the result vector is reset to it.</summary>
    public SqlType Type { get; } = type;

    /// <summary>The operands.</summary>
    public virtual ReadOnlySpan<Expression> Children => default;

    /// <summary>True when the same execution always gives the same value and no row is read: foldable per execution.</summary>
    public virtual bool IsConstant
    {
        get
        {
            if (!IsDeterministic)
                return false;
            foreach (Expression child in Children)
            {
                if (!child.IsConstant)
                    return false;
            }

            return true;
        }
    }

    /// <summary>False for RAND(), UUID() and the like, which give a new value per row.</summary>
    public virtual bool IsDeterministic => true;

    /// <summary>True when evaluating it more or less often changes nothing: it and all its operands are deterministic.</summary>
    public bool IsRepeatable
    {
        get
        {
            if (!IsDeterministic)
                return false;
            foreach (Expression child in Children)
            {
                if (!child.IsRepeatable)
                    return false;
            }

            return true;
        }
    }

    /// <summary>False when the result is never NULL, for the NOT_NULL flag of result columns.</summary>
    public virtual bool IsNullable => true;

    /// <summary>What stands for the expression where a number is wanted; a bit or hex literal is a binary string elsewhere.</summary>
    public virtual Expression AsNumber => this;

    /// <summary>True for predicates and the literals TRUE and FALSE: JSON takes their 1 and 0 as true and false.</summary>
    public virtual bool IsBoolean => false;

    /// <summary>
    /// Computes the value for every selected row of the input, each at the row's own position in
    /// <paramref name="result"/>, which is reset to <see cref="Type"/> first. Other positions stay undefined.
    /// </summary>
    public abstract void Evaluate(EvaluationContext context, RowBatch input, ColumnVector result);

    /// <summary>The expression as MySQL shows it in error texts.</summary>
    public virtual string Describe(EvaluationContext context) => Type.Kind.ToString();
}
