using System.Globalization;

namespace P2PDB.Peers;

/// <summary>What the driver starts a peer with.</summary>
/// <param name="Directory">The node's data directory; made where it is absent.</param>
/// <param name="ValueLength">Bytes of each value.</param>
internal sealed record BenchPeerOptions(string Directory, int ValueLength)
{
    public const string Usage = "P2PDB.Peers --role writer|joiner --dir PATH --value-bytes N";

    public static BenchPeerOptions? Parse(string[] arguments)
    {
        string? directory = null;
        int length = 0;
        for (int i = 0; i + 1 < arguments.Length; i += 2)
        {
            switch (arguments[i])
            {
                case "--role":
                    break; // Both roles start alike; the commands differ.
                case "--dir":
                    directory = arguments[i + 1];
                    break;
                case "--value-bytes" when int.TryParse(arguments[i + 1], CultureInfo.InvariantCulture, out int given):
                    length = given;
                    break;
                default:
                    return null;
            }
        }

        return directory is not null && length >= ValueMaker.StampLength ? new BenchPeerOptions(directory, length) : null;
    }
}
