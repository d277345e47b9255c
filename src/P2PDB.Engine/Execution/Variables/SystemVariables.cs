namespace P2PDB.Engine.Execution.Variables;

/// <summary>All known system variables, by name without regard to case, and in name order.</summary>
internal static class SystemVariables
{
    private static readonly Dictionary<string, SystemVariable> ByName = Read();

    /// <summary>Old names that MySQL still takes, with the present one.</summary>
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["tx_isolation"] = "transaction_isolation",
        ["tx_read_only"] = "transaction_read_only",
        ["storage_engine"] = "default_storage_engine",
        ["sql_low_priority_updates"] = "low_priority_updates",
        ["init_slave"] = "init_replica",
        ["slave_net_timeout"] = "replica_net_timeout",
    };

    /// <summary>All variables in name order.</summary>
    public static IReadOnlyCollection<SystemVariable> All => ByName.Values;

    /// <summary>The variable of that name, or null.</summary>
    public static SystemVariable? Find(string name) =>
        ByName.GetValueOrDefault(Aliases.TryGetValue(name, out string? present) ? present : name);

    private static Dictionary<string, SystemVariable> Read()
    {
        Dictionary<string, SystemVariable> variables = new(StringComparer.OrdinalIgnoreCase);
        string text = SystemVariableTable.Text.Replace("\\\n", "", StringComparison.Ordinal);
        foreach (string line in text.Split('\n'))
        {
            string[] parts = line.Split(' ', 3);
            string flags = parts[1];
            VariableKind kind = flags[0] switch
            {
                'b' => VariableKind.Boolean,
                'i' => VariableKind.Integer,
                'd' => VariableKind.Double,
                'e' => VariableKind.Word,
                _ => VariableKind.Text,
            };
            string? value = parts.Length > 2 ? parts[2] : "";
            variables.Add(parts[0], new SystemVariable(
                parts[0], kind, flags[1] is 'g' or 'b', flags[1] is 's' or 'b', flags.EndsWith('r'),
                value == "NULL" ? null : value));
        }

        return variables;
    }
}
