using System.Buffers.Binary;
using P2PDB.Host.Peering;

namespace P2PDB.Host.Commands.Log;

/// <summary>A log file, docs/formats/log-file.md: a magic, then frames of the sync protocol, each behind its length.</summary>
internal static class LogFile
{
    /// <summary>First byte of a frame of entries (docs/protocols/sync.md).</summary>
    public const byte EntriesKind = 6;

    /// <summary>First byte of a frame that says what its reader holds at the end of the file.</summary>
    public const byte VectorKind = 4;

    private const int ReadLength = 64 * 1024;

    /// <summary>The first bytes, which name the version too.</summary>
    public static ReadOnlySpan<byte> Magic => "P2PDBLG1"u8;

    /// <summary>Reads a file's frames, each without its length.</summary>
    /// <exception cref="InvalidDataException">It is no log file, is damaged, or was cut off.</exception>
    public static async IAsyncEnumerable<byte[]> ReadAsync(string path)
    {
        FileStream file = File.OpenRead(path);
        await using (file.ConfigureAwait(false))
        {
            byte[] magic = new byte[Magic.Length];
            if (await file.ReadAtLeastAsync(magic, magic.Length, throwOnEndOfStream: false).ConfigureAwait(false) < magic.Length
                || !Magic.SequenceEqual(magic))
            {
                throw new InvalidDataException($"{path} is no file of 'p2pdb log export', or of a newer version");
            }

            var framing = new SyncFraming(ReadLength);
            bool hasVector = false;
            while (true)
            {
                while (TryTake(framing, out byte[] frame))
                {
                    hasVector |= frame[0] == VectorKind;
                    yield return frame;
                }

                if (framing.IsBroken)
                    throw new InvalidDataException($"{path} is damaged before byte {file.Position}");
                int read = await file.ReadAsync(framing.Room()).ConfigureAwait(false);
                if (read == 0)
                    break;
                framing.Advance(read);
            }

            if (!hasVector)
                throw new InvalidDataException($"{path} was cut off: its end is missing");
        }
    }

    /// <summary>Puts its length before a frame, as it lies in the file.</summary>
    public static byte[] WithLength(ReadOnlySpan<byte> frame)
    {
        byte[] bytes = new byte[sizeof(uint) + frame.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)frame.Length);
        frame.CopyTo(bytes.AsSpan(sizeof(uint)));
        return bytes;
    }

    private static bool TryTake(SyncFraming framing, out byte[] frame)
    {
        bool taken = framing.TryTake(out ReadOnlySpan<byte> bytes);
        frame = bytes.ToArray();
        return taken;
    }
}
