using System.Text.Json;
using System.Text.Json.Serialization;

namespace P2PDB.Isolation.History;

/// <summary>What all sessions of a run did and saw, and what was left when all had ended.</summary>
internal sealed record TransactionHistory
{
    private static readonly JsonSerializerOptions Format = new()
    {
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The transactions, in no order.</summary>
    public List<RecordedTransaction> Transactions { get; init; } = [];

    /// <summary>The lists at the end: the order of all versions.</summary>
    public Dictionary<int, int[]> Lists { get; init; } = [];

    /// <summary>The members of the groups at the end.</summary>
    public Dictionary<int, int[]> Members { get; init; } = [];

    /// <summary>Reads a history that <see cref="Save"/> wrote.</summary>
    public static TransactionHistory Load(string path)
    {
        using FileStream file = File.OpenRead(path);
        return JsonSerializer.Deserialize<TransactionHistory>(file, Format) ?? throw new InvalidDataException($"{path} is empty.");
    }

    /// <summary>Writes it to a file, for a look at leisure.</summary>
    public void Save(string path)
    {
        using FileStream file = File.Create(path);
        JsonSerializer.Serialize(file, this, Format);
    }
}
