using System.Globalization;
using P2PDB.Host.Options;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>What one <c>--publish TOPIC:TEXT[:COUNT[:EVERYMS]]</c> asks for.</summary>
internal sealed record ScheduledPublication(string Topic, string Text, int Count, TimeSpan Pause)
{
    private const int PauseUsualMs = 200;

    /// <summary>How long after the start it is published; set by the contract.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(2.5);

    /// <summary>Reads the flag's value.</summary>
    /// <exception cref="SettingsException">It is not of that form.</exception>
    public static ScheduledPublication Parse(string value)
    {
        string[] parts = value.Split(':');
        int count = 1;
        int pauseMs = PauseUsualMs;
        bool isWellFormed = parts.Length is >= 2 and <= 4 && parts[0].Length > 0
            && (parts.Length < 3 || int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out count))
            && (parts.Length < 4 || int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out pauseMs));
        return isWellFormed
            ? new ScheduledPublication(parts[0], parts[1], count, TimeSpan.FromMilliseconds(pauseMs))
            : throw new SettingsException($"--publish is '{value}'; write TOPIC:TEXT[:COUNT[:EVERYMS]]");
    }
}
