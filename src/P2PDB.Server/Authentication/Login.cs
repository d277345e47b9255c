// One login is a little state machine over packets, so that it runs on sockets, in tests and under a fuzzer alike:
//
//   response of the client ── plugin is the account's ──────────────┐
//            └─ another plugin ─ "switch" + new nonce ─ answer ─────┤
//   mysql_native_password:  proof fits the stored hash ─────────────┼─► accepted or denied
//   caching_sha2_password:  proof fits the cache ─ "fast" ──────────┤
//            └─ "full" ─ answer: 0x02 = send the key ─ PEM ─ answer ┤
//                        RSA message ─ slow hash fits the stored ───┤
//                  ─ over TLS: the password itself, with a zero ────┘
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using P2PDB.Engine;
using P2PDB.Server.Packets;

namespace P2PDB.Server.Authentication;

/// <summary>Proves one client's identity. Writes its questions to a <see cref="PacketWriter"/>, takes answers.</summary>
internal sealed class Login(PasswordCache cache, KeyExchange keys, FillRandom random)
{
    private const byte PublicKeyWanted = 0x02;
    private const byte FastPathOk = 0x03;
    private const byte FullPathNeeded = 0x04;

    private readonly byte[] _nonce = new byte[HandshakePacket.NonceLength];
    private Account? _account;
    private Stage _stage;
    private bool _isEncrypted;

    private enum Stage : byte
    {
        Proof,
        FullPath,
    }

    /// <summary>The nonce that the next proof must be over.</summary>
    public ReadOnlySpan<byte> Nonce => _nonce;

    /// <summary>True where nobody else can read what the client sends, so that it sends its password as it is.</summary>
    public bool IsConfidential { get; set; }

    /// <summary>True when the client sent a password of any kind; error 1045 says so.</summary>
    public bool UsedPassword { get; private set; }

    /// <summary>Draws a new nonce; its bytes are printable, since clients treat it as text.</summary>
    public void RenewNonce()
    {
        random(_nonce);
        for (int i = 0; i < _nonce.Length; i++)
            _nonce[i] = (byte)('0' + _nonce[i] % ('z' - '0' + 1));
    }

    /// <summary>Starts with what the client sent along with its name.</summary>
    /// <param name="account">The account that the name belongs to.</param>
    /// <param name="plugin">Plugin that the client used; empty for the native one.</param>
    /// <param name="proof">What it sent for that plugin.</param>
    /// <param name="canSwitch">True when the client understands another plugin's name.</param>
    /// <param name="writer">Takes the next question.</param>
    public AuthenticationStep Start(
        Account account, ReadOnlySpan<byte> plugin, ReadOnlySpan<byte> proof, bool canSwitch, PacketWriter writer)
    {
        _account = account;
        _stage = Stage.Proof;
        _isEncrypted = false;
        UsedPassword = !proof.IsEmpty;
        string used = plugin.IsEmpty ? Account.NativePlugin : Encoding.UTF8.GetString(plugin);
        if (used == account.Plugin || (proof.IsEmpty && account.HasNoPassword && IsKnown(used)))
            return CheckProof(proof, writer);
        if (!canSwitch)
            return AuthenticationStep.Denied;

        // Without a password any plugin will do; every client has the native one, and not every one can load the other.
        string wanted = account.HasNoPassword ? Account.NativePlugin : account.Plugin;
        RenewNonce();
        AuthenticationPackets.WriteSwitch(writer, Encoding.UTF8.GetBytes(wanted), _nonce);
        return AuthenticationStep.NeedsAnswer;
    }

    /// <summary>Goes on with the client's answer.</summary>
    public AuthenticationStep Answer(ReadOnlySpan<byte> payload, PacketWriter writer) =>
        _account is null ? AuthenticationStep.Denied
        : _stage == Stage.FullPath ? CheckPassword(_account, payload, writer)
        : CheckProof(payload, writer);

    /// <summary>
    /// True for a plugin whose empty proof ends the client's part. One that named another (libmariadb names
    /// dummy_fallback_auth when it could not load what the greeting asked for) waits for the switch and answers it, so
    /// accepting it at once would leave a packet over.
    /// </summary>
    private static bool IsKnown(string plugin) => plugin is Account.NativePlugin or Account.CachingSha2Plugin;

    private AuthenticationStep CheckProof(ReadOnlySpan<byte> proof, PacketWriter writer)
    {
        Account account = _account!;
        if (proof is [0])
            proof = default;   // some clients end even an empty proof with a zero
        UsedPassword = !proof.IsEmpty;
        if (proof.IsEmpty)
            return account.HasNoPassword ? AuthenticationStep.Accepted : AuthenticationStep.Denied;
        // A password for an account that has none is wrong, and is found so by the same steps as for one that has.
        return account.Plugin switch
        {
            Account.NativePlugin => CheckNative(account, proof),
            Account.CachingSha2Plugin => CheckSha2(account, proof, writer),
            _ => AuthenticationStep.Denied,
        };
    }

    private AuthenticationStep CheckNative(Account account, ReadOnlySpan<byte> proof)
    {
        Span<byte> stored = stackalloc byte[PasswordProof.NativeLength];
        return PasswordHash.TryReadNative(account.Authentication.AsSpan(), stored)
            && PasswordProof.VerifyNative(proof, _nonce, stored)
            || PasswordHash.TryReadNative(account.SecondAuthentication.AsSpan(), stored)
            && PasswordProof.VerifyNative(proof, _nonce, stored)
            ? AuthenticationStep.Accepted
            : AuthenticationStep.Denied;
    }

    private AuthenticationStep CheckSha2(Account account, ReadOnlySpan<byte> proof, PacketWriter writer)
    {
        if (proof.Length != PasswordProof.Sha2Length)
            return AuthenticationStep.Denied;
        if (cache.Verify(account, proof, _nonce))
        {
            AuthenticationPackets.WriteMoreData(writer, [FastPathOk]);
            return AuthenticationStep.Accepted;
        }

        _stage = Stage.FullPath;
        AuthenticationPackets.WriteMoreData(writer, [FullPathNeeded]);
        return AuthenticationStep.NeedsAnswer;
    }

    private AuthenticationStep CheckPassword(Account account, ReadOnlySpan<byte> answer, PacketWriter writer)
    {
        if (answer is [PublicKeyWanted])
        {
            _isEncrypted = true;
            AuthenticationPackets.WriteMoreData(writer, keys.PublicKeyPem);
            return AuthenticationStep.NeedsAnswer;
        }

        if (IsConfidential && !_isEncrypted)
            return answer is [.. var clear, 0] ? CheckPassword(account, clear) : AuthenticationStep.Denied;

        Span<byte> password = stackalloc byte[KeyExchange.MessageLength];
        int length = keys.Decrypt(answer, _nonce, password);
        AuthenticationStep step = length < 0 ? AuthenticationStep.Denied : CheckPassword(account, password[..length]);
        CryptographicOperations.ZeroMemory(password);
        return step;
    }

    private AuthenticationStep CheckPassword(Account account, ReadOnlySpan<byte> password)
    {
        ImmutableArray<byte> stored = FormOf(account, password);
        if (stored.IsEmpty)
            return AuthenticationStep.Denied;

        cache.Add(account, stored, password);
        return AuthenticationStep.Accepted;
    }

    /// <summary>
    /// The stored form that a password is of, empty where it is wrong. Costs one slow hash at least, also for an account that has no password
    /// or is nobody's: the time tells nothing.
    /// </summary>
    private static ImmutableArray<byte> FormOf(Account account, ReadOnlySpan<byte> password)
    {
        if (account.HasNoPassword)
        {
            PasswordHash.VerifyCachingSha2(Nobody.Stored, password);
            return [];
        }

        if (PasswordHash.VerifyCachingSha2(account.Authentication.AsSpan(), password))
            return account.Authentication;
        return !account.SecondAuthentication.IsEmpty && PasswordHash.VerifyCachingSha2(account.SecondAuthentication.AsSpan(), password)
            ? account.SecondAuthentication
            : [];
    }
}
