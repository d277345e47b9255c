using System.Buffers;
using System.Text;

namespace P2PDB.Network.Protobuf;

/// <summary>Writes protobuf fields in the order of the calls; the messages here write them in ascending order.</summary>
internal sealed class ProtobufWriter
{
    private readonly ArrayBufferWriter<byte> _output = new(256);

    /// <summary>What was written so far; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _output.WrittenSpan;

    /// <summary>Writes a varint field.</summary>
    public void WriteVarint(int field, ulong value)
    {
        WriteRaw(((ulong)field << 3) | (ulong)WireType.Varint);
        WriteRaw(value);
    }

    /// <summary>Writes a length-delimited field.</summary>
    public void WriteBytes(int field, ReadOnlySpan<byte> value)
    {
        WriteRaw(((ulong)field << 3) | (ulong)WireType.Bytes);
        WriteRaw((ulong)value.Length);
        _output.Write(value);
    }

    /// <summary>Writes a text field as UTF-8.</summary>
    public void WriteText(int field, string value) => WriteBytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Forgets what was written; the next message goes into the same memory.</summary>
    public void Clear() => _output.ResetWrittenCount();

    /// <summary>The message as its own array.</summary>
    public byte[] ToOwned() => _output.WrittenSpan.ToArray();

    private void WriteRaw(ulong value) => _output.Advance(UnsignedVarint.Write(value, _output.GetSpan(10)));
}
