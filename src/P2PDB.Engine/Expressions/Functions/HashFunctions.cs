using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Expressions.Functions;

/// <summary>Digests, encodings, compression, UUIDs.</summary>
internal static class HashFunctions
{
    private delegate bool BytesTransform(ReadOnlySpan<byte> source, ByteWriter target);

    public static void Register(Action<string, FunctionDefinition> add)
    {
        add("HEX", Argument.Define(1, Hex));
        AddBytes(add, "UNHEX", SqlType.LongBlob, TryUnhex);
        AddBytes(add, "TO_BASE64", SqlType.LongText(), ToBase64);
        AddBytes(add, "FROM_BASE64", SqlType.LongBlob, TryFromBase64);
#pragma warning disable CA5350, CA5351 // MD5 and SHA1 are functions of SQL, not a protection of ours.
        AddDigest(add, "MD5", 32, source => MD5.HashData(source));
        AddDigest(add, "SHA", 40, source => SHA1.HashData(source));
        AddDigest(add, "SHA1", 40, source => SHA1.HashData(source));
#pragma warning restore CA5350, CA5351
        add("SHA2", Argument.Define(2, Sha2));
        add("RANDOM_BYTES", Argument.Define(1, RandomBytes));
        AddBytes(add, "COMPRESS", SqlType.LongBlob, Compress);
        AddBytes(add, "UNCOMPRESS", SqlType.LongBlob, TryUncompress);
        add("UNCOMPRESSED_LENGTH", Argument.Define(1, arguments => new FunctionExpression("uncompressed_length", SqlType.BigInt.WithLength(10),
            Argument.Texts(arguments), (_, vectors, row, result) => result.SetInt64(row,
                vectors[0].GetBytes(row) is { Length: > 4 } bytes ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) & 0x3FFFFFFF : 0))));
        add("UUID", Argument.Define(0, _ => new FunctionExpression("uuid", SqlType.VarChar(36, Collation.Utf8Mb4GeneralCi), [],
            (context, _, row, result) => WriteUuid(NewUuid(context), result.AllocateBytes(row, 36)), isDeterministic: false, isNullable: false)));
        add("UUID_SHORT", Argument.Define(0, _ => new FunctionExpression("uuid_short", SqlType.UnsignedBigInt, [],
            (context, _, row, result) => result.SetInt64(row, ((context.StatementTimeMicroseconds / 1_000_000) << 24) | context.NextShortUuid()),
            isDeterministic: false, isNullable: false)));
        add("IS_UUID", Argument.Define(1, arguments => new FunctionExpression("is_uuid", SqlType.Boolean, Argument.Texts(arguments),
            (_, vectors, row, result) => result.SetBoolean(row, TryReadUuid(vectors[0].GetBytes(row), stackalloc byte[16])))));
        add("UUID_TO_BIN", new(1, 2, UuidToBinary));
        add("BIN_TO_UUID", new(1, 2, BinaryToUuid));
    }

    private static void AddBytes(Action<string, FunctionDefinition> add, string name, SqlType type, BytesTransform transform) =>
        add(name, Argument.Define(1, arguments => new FunctionExpression(name, type, Argument.Texts(arguments), (_, vectors, row, result) =>
        {
            ByteWriter target = TextKernels.Scratch;
            if (transform(vectors[0].GetBytes(row), target))
                result.SetBytes(row, target.Written);
            else
                result.SetNull(row);
        })));

    private static void AddDigest(Action<string, FunctionDefinition> add, string name, int length, Func<byte[], byte[]> digest) =>
        add(name, Argument.Define(1, arguments => new FunctionExpression(name, Argument.PlainText(length), Argument.Texts(arguments),
            (_, vectors, row, result) => WriteHex(digest(vectors[0].GetBytes(row).ToArray()), result, row))));

    private static void WriteHex(ReadOnlySpan<byte> bytes, ColumnVector result, int row, bool isUpper = false)
    {
        ReadOnlySpan<byte> digits = isUpper ? "0123456789ABCDEF"u8 : "0123456789abcdef"u8;
        Span<byte> text = result.AllocateBytes(row, bytes.Length * 2);
        for (int i = 0; i < bytes.Length; i++)
        {
            text[2 * i] = digits[bytes[i] >> 4];
            text[(2 * i) + 1] = digits[bytes[i] & 15];
        }
    }

    private static FunctionExpression Hex(Expression[] arguments)
    {
        if (!arguments[0].Type.IsNumeric)
        {
            return new FunctionExpression("hex", Argument.PlainText(Argument.LengthOf(arguments) * 8), Argument.Texts(arguments),
                (_, vectors, row, result) => WriteHex(vectors[0].GetBytes(row), result, row, isUpper: true));
        }

        return new FunctionExpression("hex", Argument.PlainText(16), [Argument.Integer(arguments[0])], (_, vectors, row, result) =>
        {
            Span<byte> text = stackalloc byte[16];
            vectors[0].GetInt64(row).TryFormat(text, out int length, "X");
            result.SetBytes(row, text[..length]);
        });
    }

    private static bool TryUnhex(ReadOnlySpan<byte> source, ByteWriter target)
    {
        int pending = (source.Length & 1) != 0 ? 0 : -1;
        foreach (byte c in source)
        {
            if (!char.IsAsciiHexDigit((char)c))
                return false;
            int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
            if (pending < 0)
            {
                pending = digit;
            }
            else
            {
                target.WriteByte((byte)((pending << 4) | digit));
                pending = -1;
            }
        }

        return true;
    }

    private static bool ToBase64(ReadOnlySpan<byte> source, ByteWriter target)
    {
        string encoded = Convert.ToBase64String(source);
        for (int i = 0; i < encoded.Length; i++)
        {
            if (i > 0 && i % 76 == 0)
                target.WriteByte((byte)'\n');
            target.WriteByte((byte)encoded[i]);
        }

        return true;
    }

    private static bool TryFromBase64(ReadOnlySpan<byte> source, ByteWriter target)
    {
        Span<byte> room = target.GetSpan(source.Length + 4);
        bool ok = System.Buffers.Text.Base64.DecodeFromUtf8(source, room, out _, out int written) == System.Buffers.OperationStatus.Done;
        target.Advance(ok ? written : 0);
        return ok;
    }

    private static FunctionExpression Sha2(Expression[] arguments) => new("sha2", Argument.PlainText(128),
        [Argument.Text(arguments[0]), Argument.Integer(arguments[1])], (_, vectors, row, result) =>
        {
            ReadOnlySpan<byte> source = vectors[0].GetBytes(row);
            switch (vectors[1].GetInt64(row))
            {
                case 0 or 256: WriteHex(SHA256.HashData(source), result, row); break;
                case 384: WriteHex(SHA384.HashData(source), result, row); break;
                case 512: WriteHex(SHA512.HashData(source), result, row); break;
                case 224: WriteHex(Sha224.Hash(source), result, row); break;
                default: result.SetNull(row); break;
            }
        });

    private static FunctionExpression RandomBytes(Expression[] arguments) => new("random_bytes", SqlType.VarBinary(1024),
        [Argument.Integer(arguments[0])], (context, vectors, row, result) =>
        {
            long length = vectors[0].GetInt64(row);
            if (length is < 1 or > 1024)
                throw SqlErrors.ValueOutOfRange("length", "random_bytes").ToException();
            context.Dice.NextBytes(result.AllocateBytes(row, (int)length));
        }, isDeterministic: false);

    private static bool Compress(ReadOnlySpan<byte> source, ByteWriter target)
    {
        if (source.IsEmpty)
            return true;
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            stream.Write(source);
        target.WriteUInt32((uint)source.Length);
        target.Write(packed.GetBuffer().AsSpan(0, (int)packed.Length));
        if (target.Written[^1] == ' ')
            target.WriteByte((byte)'.');
        return true;
    }

    private static bool TryUncompress(ReadOnlySpan<byte> source, ByteWriter target)
    {
        if (source.Length <= 4)
            return source.IsEmpty;
        int length = (int)(BinaryPrimitives.ReadUInt32LittleEndian(source) & 0x3FFFFFFF);
        if (length > 64 << 20)
            return false;
        try
        {
            using var packed = new MemoryStream(source[4..].ToArray());
            using var stream = new ZLibStream(packed, CompressionMode.Decompress);
            int read = stream.ReadAtLeast(target.GetSpan(length)[..length], length, throwOnEndOfStream: false);
            target.Advance(read);
            return read == length;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    // Version 1: time since 1582 in 100 ns, a counter in the time's low digits, a node id from the session's dice.
    private static byte[] NewUuid(EvaluationContext context)
    {
        byte[] uuid = new byte[16];
        long ticks = context.Clock.GetUtcNow().Ticks - new DateTime(1582, 10, 15, 0, 0, 0, DateTimeKind.Utc).Ticks + context.NextShortUuid();
        BinaryPrimitives.WriteUInt32BigEndian(uuid, (uint)ticks);
        BinaryPrimitives.WriteUInt16BigEndian(uuid.AsSpan(4), (ushort)(ticks >> 32));
        BinaryPrimitives.WriteUInt16BigEndian(uuid.AsSpan(6), (ushort)(((ticks >> 48) & 0x0FFF) | 0x1000));
        context.UuidNode.CopyTo(uuid.AsSpan(8));
        return uuid;
    }

    private static void WriteUuid(ReadOnlySpan<byte> uuid, Span<byte> text)
    {
        int at = 0;
        for (int i = 0; i < 16; i++)
        {
            if (i is 4 or 6 or 8 or 10)
                text[at++] = (byte)'-';
            text[at++] = "0123456789abcdef"u8[uuid[i] >> 4];
            text[at++] = "0123456789abcdef"u8[uuid[i] & 15];
        }
    }

    private static bool TryReadUuid(ReadOnlySpan<byte> text, Span<byte> uuid)
    {
        if (text.Length == 38 && text[0] == '{' && text[^1] == '}')
            text = text[1..^1];
        if (text.Length is not (32 or 36))
            return false;
        bool hasDashes = text.Length == 36;
        int digits = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (hasDashes && i is 8 or 13 or 18 or 23)
            {
                if (text[i] != '-')
                    return false;
                continue;
            }

            if (!char.IsAsciiHexDigit((char)text[i]) || digits == 32)
                return false;
            int digit = text[i] <= '9' ? text[i] - '0' : (text[i] | 0x20) - 'a' + 10;
            uuid[digits / 2] = (byte)((uuid[digits / 2] << 4) | digit);
            digits++;
        }

        return digits == 32;
    }

    private static void Swap(Span<byte> uuid, bool forward)
    {
        Span<byte> copy = stackalloc byte[8];
        uuid[..8].CopyTo(copy);
        if (forward)
        {
            copy[6..8].CopyTo(uuid);
            copy[4..6].CopyTo(uuid[2..]);
            copy[..4].CopyTo(uuid[4..]);
        }
        else
        {
            copy[4..8].CopyTo(uuid);
            copy[2..4].CopyTo(uuid[4..]);
            copy[..2].CopyTo(uuid[6..]);
        }
    }

    private static FunctionExpression UuidToBinary(Expression[] arguments) => new("uuid_to_bin", SqlType.VarBinary(16),
        arguments.Length > 1 ? [Argument.Text(arguments[0]), Argument.Integer(arguments[1])] : Argument.Texts(arguments),
        (_, vectors, row, result) =>
        {
            Span<byte> uuid = stackalloc byte[16];
            if (!TryReadUuid(vectors[0].GetBytes(row), uuid))
                throw SqlErrors.UuidInvalid(Encoding.UTF8.GetString(vectors[0].GetBytes(row)), "uuid_to_bin").ToException();
            if (vectors.Length > 1 && vectors[1].GetInt64(row) != 0)
                Swap(uuid, forward: true);
            result.SetBytes(row, uuid);
        });

    private static FunctionExpression BinaryToUuid(Expression[] arguments) => new("bin_to_uuid", Argument.PlainText(36),
        arguments.Length > 1 ? [Argument.Text(arguments[0]), Argument.Integer(arguments[1])] : Argument.Texts(arguments),
        (_, vectors, row, result) =>
        {
            ReadOnlySpan<byte> given = vectors[0].GetBytes(row);
            if (given.Length != 16)
                throw SqlErrors.UuidInvalid(Encoding.UTF8.GetString(given), "bin_to_uuid").ToException();
            Span<byte> uuid = stackalloc byte[16];
            given.CopyTo(uuid);
            if (vectors.Length > 1 && vectors[1].GetInt64(row) != 0)
                Swap(uuid, forward: false);
            WriteUuid(uuid, result.AllocateBytes(row, 36));
        });
}
