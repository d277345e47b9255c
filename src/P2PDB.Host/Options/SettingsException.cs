namespace P2PDB.Host.Options;

/// <summary>A setting that cannot be used. The message names the setting, where it came from, and what to write instead.</summary>
internal sealed class SettingsException(string message) : Exception(message);
