using System.Collections.Frozen;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions;

/// <summary>
/// All functions by name. A family registers its functions from one file; the binder asks here and nowhere else.
/// </summary>
internal static class FunctionRegistry
{
    private static readonly FrozenDictionary<string, FunctionDefinition> Scalars = CollectScalars();

    /// <summary>True when a scalar function of this name exists.</summary>
    public static bool IsFunction(string name) => Scalars.ContainsKey(name);

    /// <summary>The names of all scalar functions.</summary>
    public static IEnumerable<string> Names => Scalars.Keys;

    /// <summary>
    /// Makes the call of a function; false when no function has the name. A wrong number of arguments is error 1582.
    /// </summary>
    public static bool TryBind(string name, ReadOnlySpan<Expression> arguments, out Expression expression)
    {
        if (!Scalars.TryGetValue(name, out FunctionDefinition? definition))
        {
            expression = null!;
            return false;
        }

        if (arguments.Length < definition.ArgumentCountMin || arguments.Length > definition.ArgumentCountMax)
            throw SqlErrors.WrongParameterCountToFunction(name).ToException();
        expression = definition.Bind(arguments.ToArray());
        return true;
    }

    /// <summary>True when an aggregate function of this name exists.</summary>
    public static bool IsAggregate(string name) => Aggregates.AggregateRegistry.IsAggregate(name);

    private static FrozenDictionary<string, FunctionDefinition> CollectScalars()
    {
        Dictionary<string, FunctionDefinition> all = new(StringComparer.OrdinalIgnoreCase);
        FunctionFamilies.RegisterAll((name, definition) => all.Add(name, definition));
        return all.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
