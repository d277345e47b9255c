using P2PDB.Engine.Expressions.Operators;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Functions;

/// <summary>Brings arguments to the form a kernel wants, and names result types.</summary>
internal static class Argument
{
    /// <summary>No upper bound on the number of arguments.</summary>
    public const int Any = int.MaxValue;

    /// <summary>A VARCHAR longer than this is a LONGTEXT.</summary>
    private const int VarCharLengthMax = 16_383;

    /// <summary>All arguments as text.</summary>
    public static Expression[] Texts(Expression[] arguments)
    {
        Expression[] texts = new Expression[arguments.Length];
        for (int i = 0; i < texts.Length; i++)
            texts[i] = ComparisonTyping.AsText(arguments[i]);
        return texts;
    }

    /// <summary>An argument as text.</summary>
    public static Expression Text(Expression argument) => ComparisonTyping.AsText(argument);

    /// <summary>An argument as a 64-bit integer.</summary>
    public static Expression Integer(Expression argument) => NumericTyping.Convert(argument, PhysicalKind.Int64);

    /// <summary>An argument as a double.</summary>
    public static Expression Real(Expression argument) => NumericTyping.Convert(argument, PhysicalKind.Double);

    /// <summary>All arguments as doubles.</summary>
    public static Expression[] Reals(Expression[] arguments) => Array.ConvertAll(arguments, Real);

    /// <summary>The type of a string made of some arguments.</summary>
    public static SqlType TextType(ReadOnlySpan<Expression> sources, long length)
    {
        foreach (Expression source in sources)
        {
            if (source.Type.IsBinaryString)
                return length > VarCharLengthMax ? SqlType.LongBlob : SqlType.VarBinary(length);
        }

        Collation collation = NumericTyping.CollationOf(sources);
        return length > VarCharLengthMax ? SqlType.LongText(collation) : SqlType.VarChar(length, collation);
    }

    /// <summary>A plain text of the connection's collation.</summary>
    public static SqlType PlainText(long length) =>
        length > VarCharLengthMax ? SqlType.LongText() : SqlType.VarChar(length);

    /// <summary>Characters that arguments take together as text.</summary>
    public static long LengthOf(ReadOnlySpan<Expression> arguments)
    {
        long length = 0;
        foreach (Expression argument in arguments)
            length += NumericTyping.TextLengthOf(argument.Type);
        return length;
    }

    /// <summary>A function of a fixed number of arguments.</summary>
    public static FunctionDefinition Define(int count, Func<Expression[], Expression> bind) => new(count, count, bind);
}
