using System.Globalization;

namespace P2PDB.Engine.Execution.Variables;

/// <summary>
/// One session's values of the system variables. A session starts with the global values of that moment; only what it
/// asked for or changed is stored.
/// </summary>
internal sealed class SessionVariables(GlobalVariables globals)
{
    private readonly Dictionary<string, string?> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Raised by every change: what is derived from the variables is computed anew when this moved.</summary>
    public int Version { get; private set; }

    /// <summary>The global values.</summary>
    public GlobalVariables Globals { get; } = globals;

    /// <summary>The value this session works with.</summary>
    public string? Get(SystemVariable variable) =>
        _values.TryGetValue(variable.Name, out string? value) ? value : Globals.Get(variable);

    /// <summary>The value of a variable that is surely in the table.</summary>
    public string? Get(string name) => Get(SystemVariables.Find(name)!);

    /// <summary>The value of an integer variable.</summary>
    public long GetInt64(string name) =>
        long.TryParse(Get(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out long value) ? value
        : ulong.TryParse(Get(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? long.MaxValue : 0;

    /// <summary>The value of a boolean variable.</summary>
    public bool GetBoolean(string name) => Get(name) is "ON" or "1";

    /// <summary>Changes this session's value.</summary>
    public void Set(SystemVariable variable, string? value)
    {
        _values[variable.Name] = value;
        Version++;
    }

    /// <summary>Changes the value of a variable that is surely in the table.</summary>
    public void Set(string name, string? value) => Set(SystemVariables.Find(name)!, value);

    /// <summary>Goes back to the global values, as a reset connection does.</summary>
    public void Reset()
    {
        _values.Clear();
        Version++;
    }
}
