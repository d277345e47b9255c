using System.Security.Cryptography;
using P2PDB.Engine;

namespace P2PDB.Server.Authentication;

/// <summary>
/// The account that a client is led along which names none that there is: it goes through the steps of a wrong password, in the same time,
/// and is denied at their end.
/// </summary>
internal static class Nobody
{
    private static readonly byte[] Form = Make();

    /// <summary>The form of a password that nobody knows.</summary>
    public static ReadOnlySpan<byte> Stored => Form;

    /// <summary>An account of a name that has no other.</summary>
    public static Account Named(string user) => new(user, "", Account.CachingSha2Plugin, [.. Form]);

    private static byte[] Make()
    {
        Span<byte> random = stackalloc byte[2 * PasswordHash.SaltLength];
        RandomNumberGenerator.Fill(random);
        return PasswordHash.CachingSha2(random[PasswordHash.SaltLength..], random[..PasswordHash.SaltLength]);
    }
}
