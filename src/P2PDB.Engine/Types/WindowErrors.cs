namespace P2PDB.Engine.Types;

/// <summary>MySQL's errors about window functions, as <see cref="SqlErrors"/> has the others. A window without a name is <c>&lt;unnamed window&gt;</c>.</summary>
internal static class WindowErrors
{
    /// <summary>Error 3579: OVER names a window that there is not.</summary>
    public static SqlError NoSuchWindow(string name) => new(3579, "HY000", $"Window name '{name}' is not defined.");

    /// <summary>Error 3580: windows that are made of each other.</summary>
    public static SqlError Circular() => new(3580, "HY000", "There is a circularity in the window dependency graph.");

    /// <summary>Error 3581: PARTITION BY in a window that is made of another.</summary>
    public static SqlError ChildPartitions() => new(3581, "HY000", "A window which depends on another cannot define partitioning.");

    /// <summary>Error 3582: a window with a frame cannot be made into others.</summary>
    public static SqlError InheritsFrame(string name) =>
        new(3582, "HY000", $"Window '{name}' has a frame definition, so cannot be referenced by another window.");

    /// <summary>Error 3583: ORDER BY in a window and in the one it is made of.</summary>
    public static SqlError RedefinesOrder(string name, string parent) =>
        new(3583, "HY000", $"Window '{name}' cannot inherit '{parent}' since both contain an ORDER BY clause.");

    /// <summary>Error 3584: a frame that starts after all rows.</summary>
    public static SqlError FrameStart(string name) => new(3584, "HY000", $"Window '{name}': frame start cannot be UNBOUNDED FOLLOWING.");

    /// <summary>Error 3585: a frame that ends before all rows.</summary>
    public static SqlError FrameEnd(string name) => new(3585, "HY000", $"Window '{name}': frame end cannot be UNBOUNDED PRECEDING.");

    /// <summary>Error 3586: a distance that is none, or a frame that ends before it starts.</summary>
    public static SqlError FrameBounds(string name) =>
        new(3586, "HY000", $"Window '{name}': frame start or end is negative, NULL or of not integral type");

    /// <summary>Error 3587: RANGE with distances needs one key that has distances.</summary>
    public static SqlError RangeOrder(string name) => new(3587, "HY000",
        $"Window '{name}' with RANGE N PRECEDING/FOLLOWING frame requires exactly one ORDER BY expression, of numeric or temporal type");

    /// <summary>Error 3588: a temporal key and a distance that is no INTERVAL.</summary>
    public static SqlError RangeOfTemporal(string name) => new(3588, "HY000",
        $"Window '{name}' with RANGE frame has ORDER BY expression of datetime type. Only INTERVAL bound value allowed.");

    /// <summary>Error 3589: a number as the key and an INTERVAL as the distance.</summary>
    public static SqlError RangeOfNumber(string name) => new(3589, "HY000",
        $"Window '{name}' with RANGE frame has ORDER BY expression of numeric type, INTERVAL bound value not allowed.");

    /// <summary>Error 3590: a distance that rows differ in.</summary>
    public static SqlError BoundNotConstant(string name) => new(3590, "HY000", $"Window '{name}' has a non-constant frame bound.");

    /// <summary>Error 3591: two windows of one name.</summary>
    public static SqlError DuplicateName(string name) => new(3591, "HY000", $"Window '{name}' is defined twice.");

    /// <summary>Error 3592: a column's number as a key.</summary>
    public static SqlError OrderByPosition(string name) => new(3592, "HY000",
        $"Window '{name}': ORDER BY or PARTITION BY uses legacy position indication which is not supported, use expression.");

    /// <summary>Error 3593: a window function where there are no windows.</summary>
    public static SqlError InvalidUse(string function) => new(3593, "HY000", $"You cannot use the window function '{function}' in this context.'");

    /// <summary>Error 3596: an INTERVAL as a count of rows.</summary>
    public static SqlError IntervalOfRows(string name) => new(3596, "HY000", $"Window '{name}': INTERVAL can only be used with RANGE frames.");

    /// <summary>Error 3602: GROUPING of what is no key.</summary>
    public static SqlError GroupingOfNoKey(int argument) =>
        new(3602, "HY000", $"Argument #{argument} of GROUPING function is not in GROUP BY");
}
