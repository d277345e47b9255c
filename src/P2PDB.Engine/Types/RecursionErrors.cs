namespace P2PDB.Engine.Types;

/// <summary>MySQL's errors about recursive common table expressions, as <see cref="SqlErrors"/> has the others.</summary>
internal static class RecursionErrors
{
    /// <summary>Error 3573: nothing to start from, or a start behind what goes on from it.</summary>
    public static SqlError StartIsMissing(string name) => new(3573, "HY000", $"Recursive Common Table Expression '{name}' should have one or "
        + "more non-recursive query blocks followed by one or more recursive ones");

    /// <summary>Error 3574: other set operations than UNION.</summary>
    public static SqlError NoUnion(string name) => new(3574, "HY000", $"Recursive Common Table Expression '{name}' should contain a UNION");

    /// <summary>Error 3575: grouping where single rows are wanted.</summary>
    public static SqlError Aggregates(string name) => new(3575, "HY000",
        $"Recursive Common Table Expression '{name}' can contain neither aggregation nor window functions in recursive query block");

    /// <summary>Error 3576: the table itself as the side of an outer join that may be missing.</summary>
    public static SqlError IsOuterJoined(string name) => new(3576, "HY000", $"In recursive query block of Recursive Common Table Expression '{name}', "
        + "the recursive table must neither be in the right argument of a LEFT JOIN, nor be forced to be non-first with join order hints");

    /// <summary>Error 3577: the table itself more than once, or in a query inside.</summary>
    public static SqlError IsReadTwice(string name) => new(3577, "HY000", $"In recursive query block of Recursive Common Table Expression '{name}', "
        + "the recursive table must be referenced only once, and not in any subquery");

    /// <summary>Error 3636: it goes on past cte_max_recursion_depth.</summary>
    public static SqlError TooDeep(long iterations) => new(3636, "HY000", $"Recursive query aborted after {iterations} iterations. "
        + "Try increasing @@cte_max_recursion_depth to a larger value.");
}
