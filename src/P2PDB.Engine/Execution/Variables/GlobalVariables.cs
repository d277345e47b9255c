namespace P2PDB.Engine.Execution.Variables;

/// <summary>The node's global values: what SET GLOBAL changed, over the defaults. Safe to use from any thread.</summary>
internal sealed class GlobalVariables
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string?> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The value in force.</summary>
    public string? Get(SystemVariable variable)
    {
        lock (_gate)
            return _values.TryGetValue(variable.Name, out string? value) ? value : variable.Default;
    }

    /// <summary>The value in force, by name; a name that is not in the table is a mistake of the caller.</summary>
    public string? Get(string name) => Get(SystemVariables.Find(name)!);

    /// <summary>Changes the value; null stands for NULL.</summary>
    public void Set(SystemVariable variable, string? value)
    {
        lock (_gate)
            _values[variable.Name] = value;
    }

    /// <summary>Changes the value by name; a name that is not in the table is a mistake of the caller.</summary>
    public void Set(string name, string? value) => Set(SystemVariables.Find(name)!, value);
}
