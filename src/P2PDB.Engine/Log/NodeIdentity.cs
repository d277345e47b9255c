using System.Buffers.Binary;
using System.Security.Cryptography;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Log;

// Who this node is: one node key, and for each database an author key that belongs to one life of the data directory. A life goes
// on from start to start only while each end was clean (see CleanEnd). After any other end, and in a copy or a restored backup,
// something that this node wrote may be with its peers and not here; two entries of one seq would look like a lie. So a new life
// begins: every author key of the old one is succeeded by a fresh one, which the node key certifies. A fresh key is made when
// asked for and kept in a file before its first entry, and so is the life's token: lives that write nothing leave no trace.

/// <summary>Keys of a node and of the life of its data directory. Any thread may ask; the commit loop alone changes it.</summary>
internal sealed class NodeIdentity : IDisposable
{
    /// <summary>Where the node's key lies.</summary>
    public const string NodeKeyPath = "node.key";

    private readonly Lock _gate = new();
    private readonly StorageVolume _volume;
    private readonly RandomSource _random;
    private readonly Dictionary<DatabaseId, OwnAuthor> _authors = [];
    private bool _lifeIsKept;

    private NodeIdentity(StorageVolume volume, RandomSource random, SigningKey nodeKey, UInt128 life)
    {
        _volume = volume;
        _random = random;
        NodeKey = nodeKey;
        Life = life;
    }

    /// <summary>The node's key pair; its peer id derives from it.</summary>
    public SigningKey NodeKey { get; }

    /// <summary>The token of this life; zero in a directory that has none, or one of another directory.</summary>
    public UInt128 Life { get; private set; }

    /// <summary>Where the key of this node's author in a database lies.</summary>
    public static string PathOf(in DatabaseId database) => $"{DirectoryOf(database)}/author.key";

    /// <summary>Reads the identity of a data directory, or makes one. Its last life goes on until <see cref="BeginLife"/>.</summary>
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
        bool hasLife = LifeFile.TryRead(volume, out UInt128 life);
        return new NodeIdentity(volume, random, nodeKey, life) { _lifeIsKept = hasLife };
    }

    /// <summary>Begins a life: the authors of the one before write no more.</summary>
    public void BeginLife()
    {
        Span<byte> token = stackalloc byte[16];
        _random(token);
        lock (_gate)
        {
            foreach (OwnAuthor author in _authors.Values)
                author.Identity.Key.Dispose();
            _authors.Clear();
            Life = BinaryPrimitives.ReadUInt128LittleEndian(token);
            _lifeIsKept = false;
        }
    }

    /// <summary>The author this node writes a database with.</summary>
    public AuthorIdentity AuthorOf(in DatabaseId database)
    {
        lock (_gate)
            return Find(database).Identity;
    }

    /// <summary>The author of this life that is kept in the database's file, zero where there is none.</summary>
    public AuthorKey KeptAuthorOf(in DatabaseId database)
    {
        lock (_gate)
        {
            OwnAuthor author = Find(database);
            return author.Seed is null ? author.Identity.Author : default;
        }
    }

    /// <summary>Makes the author's key durable, before anything is written with it.</summary>
    public void Keep(in DatabaseId database)
    {
        lock (_gate)
        {
            OwnAuthor author = Find(database);
            if (author.Seed is null)
                return;
            KeepLife();
            _volume.CreateDirectory(DirectoryOf(database));
            KeyFile.Write(_volume, PathOf(database), author.Seed, author.Identity.Previous, Life);
            CryptographicOperations.ZeroMemory(author.Seed);
            author.Seed = null;
        }
    }

    /// <summary>Makes the life's token durable.</summary>
    public void KeepLife()
    {
        lock (_gate)
        {
            if (!_lifeIsKept)
                LifeFile.Write(_volume, Life);
            _lifeIsKept = true;
        }
    }

    /// <summary>An author for a database that has no id yet; <see cref="Adopt"/> keeps it.</summary>
    public (AuthorIdentity Author, byte[] Seed) Prepare()
    {
        OwnAuthor author = Create(default);
        return (author.Identity, author.Seed!);
    }

    /// <summary>Keeps a prepared author for the database that its genesis entry made.</summary>
    public void Adopt(in DatabaseId database, AuthorIdentity author, byte[] seed)
    {
        lock (_gate)
            _authors[database] = new OwnAuthor(author, seed);
        Keep(database);
    }

    /// <summary>
    /// Succeeds the author by a fresh key: peers hold entries of it that this node has lost, so its chain is not ours to continue.
    /// </summary>
    public AuthorIdentity Renew(in DatabaseId database)
    {
        lock (_gate)
        {
            AuthorIdentity old = Find(database).Identity;
            OwnAuthor fresh = _authors[database] = Create(old.Author);
            old.Key.Dispose();
            return fresh.Identity;
        }
    }

    /// <summary>Forgets the author of a database that is dropped.</summary>
    public void Forget(in DatabaseId database)
    {
        lock (_gate)
        {
            if (_authors.Remove(database, out OwnAuthor? author))
                author.Identity.Key.Dispose();
        }
    }

    /// <summary>Bytes that nobody can guess.</summary>
    public void FillRandom(Span<byte> target) => _random(target);

    /// <summary>Wipes the keys from memory.</summary>
    public void Dispose()
    {
        NodeKey.Dispose();
        lock (_gate)
        {
            foreach (OwnAuthor author in _authors.Values)
                author.Identity.Key.Dispose();
        }
    }

    private static string DirectoryOf(in DatabaseId database) => $"databases/{database}";

    private OwnAuthor Find(in DatabaseId database)
    {
        if (!_authors.TryGetValue(database, out OwnAuthor? known))
            _authors[database] = known = Read(database);
        return known;
    }

    /// <summary>The author in the database's file if it is of this life, else one that succeeds it.</summary>
    private OwnAuthor Read(in DatabaseId database)
    {
        Span<byte> seed = stackalloc byte[Ed25519.SeedLength];
        if (!KeyFile.TryRead(_volume, PathOf(database), seed, out AuthorKey previous, out UInt128 life))
            return Create(default);
        SigningKey key = SigningKey.FromSeed(seed);
        CryptographicOperations.ZeroMemory(seed);
        if (life == Life)
            return new OwnAuthor(new AuthorIdentity(key, previous), null);
        var old = new AuthorKey(key.PublicKey);
        key.Dispose();
        return Create(old);
    }

    private OwnAuthor Create(in AuthorKey previous)
    {
        byte[] seed = new byte[Ed25519.SeedLength];
        _random(seed);
        return new OwnAuthor(new AuthorIdentity(SigningKey.FromSeed(seed), previous), seed);
    }

    /// <summary>An author of this node; its seed is here until it is kept.</summary>
    private sealed class OwnAuthor(AuthorIdentity identity, byte[]? seed)
    {
        public AuthorIdentity Identity { get; } = identity;

        public byte[]? Seed { get; set; } = seed;
    }
}
