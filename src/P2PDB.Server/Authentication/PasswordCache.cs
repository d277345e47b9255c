using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using P2PDB.Engine;

namespace P2PDB.Server.Authentication;

/// <summary>
/// SHA256(SHA256(password)) of accounts that proved their password once, so that the next login of
/// caching_sha2_password costs microseconds, not the milliseconds of the stored hash. A changed password misses.
/// </summary>
internal sealed class PasswordCache
{
    /// <summary>Accounts remembered; past it the cache starts anew, which costs each one slow login.</summary>
    private const int CountMax = 10_000;

    private readonly ConcurrentDictionary<(string User, string Host), Entry> _entries = new();

    /// <summary>Remembers a password that was just verified against one of the account's stored forms.</summary>
    public void Add(Account account, ImmutableArray<byte> stored, ReadOnlySpan<byte> password)
    {
        if (_entries.Count >= CountMax)
            _entries.Clear();
        _entries[(account.User, account.Host)] =
            new Entry(stored, SHA256.HashData(SHA256.HashData(password)));
    }

    /// <summary>True when the proof shows the password that the account was last verified with and still has.</summary>
    public bool Verify(Account account, ReadOnlySpan<byte> proof, ReadOnlySpan<byte> nonce) =>
        _entries.TryGetValue((account.User, account.Host), out Entry? entry)
        && (entry.Stored.AsSpan().SequenceEqual(account.Authentication.AsSpan())
            || entry.Stored.AsSpan().SequenceEqual(account.SecondAuthentication.AsSpan()))
        && PasswordProof.VerifySha2(proof, nonce, entry.Digest);

    private sealed record Entry(ImmutableArray<byte> Stored, byte[] Digest);
}
