using System.Buffers.Binary;
using System.Security.Cryptography;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Log;

// Who this node is: one node key, and for each database an author key that belongs to one life of the data directory. A copy
// or a restored backup must not write with a key that the original goes on writing with: two entries of one seq would look like
// a lie. The marker file "life" therefore names itself: the device, number and birth of its own file. In a copy they differ; then
// the marker is written anew, and every author key of the old life is succeeded by a fresh one, which the node key certifies.
//
// LIFE FILE v1: 0 "P2PDBLIF" · 8 token 16 · 24 u64 device · 32 u64 number · 40 u64 birth · 48 u32 CRC32C of bytes 0..48

/// <summary>Keys of a node and of the life of its data directory.</summary>
internal sealed class NodeIdentity : IDisposable
{
    private const string NodeKeyPath = "node.key";
    private const string LifePath = "life";
    private const string NewLifePath = "life.new";
    private const int LifeLength = 52;
    private readonly StorageVolume _volume;
    private readonly RandomSource _random;
    private readonly Dictionary<DatabaseId, AuthorIdentity> _authors = [];
    private readonly UInt128 _life;

    private NodeIdentity(StorageVolume volume, RandomSource random, SigningKey nodeKey, UInt128 life, bool isNewLife)
    {
        _volume = volume;
        _random = random;
        NodeKey = nodeKey;
        _life = life;
        IsNewLife = isNewLife;
    }

    /// <summary>The node's key pair; its peer id derives from it.</summary>
    public SigningKey NodeKey { get; }

    /// <summary>True when the directory is a copy, or new.</summary>
    public bool IsNewLife { get; }

    private static ReadOnlySpan<byte> LifeMagic => "P2PDBLIF"u8;

    /// <summary>Reads the identity of a data directory, or makes one.</summary>
    public static NodeIdentity Open(StorageVolume volume, RandomSource random)
    {
        Span<byte> seed = stackalloc byte[Ed25519.SeedLength];
        if (!KeyFile.TryRead(volume, NodeKeyPath, seed, out _, out _))
        {
            random(seed);
            KeyFile.Write(volume, NodeKeyPath, seed, default, 0);
        }

        SigningKey nodeKey = SigningKey.FromSeed(seed);
        CryptographicOperations.ZeroMemory(seed);
        bool isNewLife = !TryReadLife(volume, out UInt128 life);
        if (isNewLife)
            life = BeginLife(volume, random);
        return new NodeIdentity(volume, random, nodeKey, life, isNewLife);
    }

    /// <summary>The author this node writes a database with; made, or succeeded by a fresh one in a new life, when asked first.</summary>
    public AuthorIdentity AuthorOf(in DatabaseId database)
    {
        if (_authors.TryGetValue(database, out AuthorIdentity? known))
            return known;

        Span<byte> seed = stackalloc byte[Ed25519.SeedLength];
        if (!KeyFile.TryRead(_volume, PathOf(database), seed, out AuthorKey previous, out UInt128 life))
            return Create(database, default);
        SigningKey key = SigningKey.FromSeed(seed);
        CryptographicOperations.ZeroMemory(seed);
        if (life != _life)
        {
            var old = new AuthorKey(key.PublicKey);
            key.Dispose();
            return Create(database, old);
        }

        return _authors[database] = new AuthorIdentity(key, previous);
    }

    /// <summary>An author for a database that has no id yet; <see cref="Adopt"/> keeps it.</summary>
    public (AuthorIdentity Author, byte[] Seed) Prepare()
    {
        byte[] seed = new byte[Ed25519.SeedLength];
        _random(seed);
        return (new AuthorIdentity(SigningKey.FromSeed(seed), default), seed);
    }

    /// <summary>Keeps a prepared author for the database that its genesis entry made.</summary>
    public void Adopt(in DatabaseId database, AuthorIdentity author, byte[] seed)
    {
        _volume.CreateDirectory(DirectoryOf(database));
        KeyFile.Write(_volume, PathOf(database), seed, author.Previous, _life);
        CryptographicOperations.ZeroMemory(seed);
        _authors[database] = author;
    }

    /// <summary>
    /// Succeeds the author by a fresh key: peers hold entries of it that this node has lost, so its chain is not ours to continue.
    /// </summary>
    public AuthorIdentity Renew(in DatabaseId database)
    {
        AuthorIdentity old = AuthorOf(database);
        AuthorIdentity fresh = Create(database, old.Author);
        old.Key.Dispose();
        return fresh;
    }

    /// <summary>Forgets the author of a database that is dropped.</summary>
    public void Forget(in DatabaseId database)
    {
        if (_authors.Remove(database, out AuthorIdentity? author))
            author.Key.Dispose();
    }

    /// <summary>Bytes that nobody can guess.</summary>
    public void FillRandom(Span<byte> target) => _random(target);

    /// <summary>Wipes the keys from memory.</summary>
    public void Dispose()
    {
        NodeKey.Dispose();
        foreach (AuthorIdentity author in _authors.Values)
            author.Key.Dispose();
    }

    private static string DirectoryOf(in DatabaseId database) => $"databases/{database}";

    private static string PathOf(in DatabaseId database) => $"{DirectoryOf(database)}/author.key";

    private static bool TryReadLife(StorageVolume volume, out UInt128 life)
    {
        life = default;
        byte[]? bytes = volume.TryReadAll(LifePath);
        // A damaged marker proves nothing: a new life is always right, only costs a key.
        if (bytes is null || bytes.Length != LifeLength || !bytes.AsSpan().StartsWith(LifeMagic)
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(48)) != Crc32C.Compute(bytes.AsSpan(0, 48)))
        {
            return false;
        }

        life = BinaryPrimitives.ReadUInt128LittleEndian(bytes.AsSpan(8));
        var written = new FileIdentity(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(24)),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(32)),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(40)));
        return written == volume.IdentityOf(LifePath);
    }

    private static UInt128 BeginLife(StorageVolume volume, RandomSource random)
    {
        Span<byte> bytes = stackalloc byte[LifeLength];
        LifeMagic.CopyTo(bytes);
        random(bytes.Slice(8, 16));
        using (StorageFile file = volume.Open(NewLifePath, StorageOpening.CreateEmpty))
        {
            // A rename keeps the identity of the file, so it can be written before.
            FileIdentity identity = volume.IdentityOf(NewLifePath);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], identity.Device);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[32..], identity.Number);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[40..], identity.Birth);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[48..], Crc32C.Compute(bytes[..48]));
            file.Write(0, bytes);
            file.Sync();
        }

        volume.Rename(NewLifePath, LifePath);
        volume.SyncDirectory(string.Empty);
        return BinaryPrimitives.ReadUInt128LittleEndian(bytes[8..]);
    }

    private AuthorIdentity Create(in DatabaseId database, in AuthorKey previous)
    {
        Span<byte> seed = stackalloc byte[Ed25519.SeedLength];
        _random(seed);
        _volume.CreateDirectory(DirectoryOf(database));
        KeyFile.Write(_volume, PathOf(database), seed, previous, _life);
        var author = new AuthorIdentity(SigningKey.FromSeed(seed), previous);
        CryptographicOperations.ZeroMemory(seed);
        return _authors[database] = author;
    }
}
