// RESPONSE PACKETS, server to client. Golden bytes: tests/P2PDB.Server.Tests/Packets. Spec: docs/protocols/mysql.md
//    OK    u8 0x00 · lenenc affected rows · lenenc last insert id · u16 status · u16 warnings · lenenc text, left out where it is empty and
//          nothing follows · with SessionTrack, if the status says so: lenenc session changes
//    end of rows   with DeprecateEof an OK that starts with 0xFE, else EOF: u8 0xFE · u16 warnings · u16 status
//    ERR   u8 0xFF · u16 code · '#' · 5 bytes SQLSTATE · text to the end
using System.Text;
using P2PDB.Engine;
using P2PDB.Engine.Types;

namespace P2PDB.Server.Packets;

/// <summary>How a command or a result set ends.</summary>
internal static class ResponsePackets
{
    /// <summary>Bit of the status that announces session changes.</summary>
    public const ushort SessionStateChanged = 1 << 14;

    private const byte OkHeader = 0x00;
    private const byte EofHeader = 0xFE;
    private const byte ErrorHeader = 0xFF;
    private const byte TrackSchema = 0x01;
    private const int SqlStateLength = 5;

    /// <summary>Writes OK.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="capabilities">What client and server share.</param>
    /// <param name="ok">The figures.</param>
    public static void WriteOk(PacketWriter writer, Capabilities capabilities, in OkFigures ok) =>
        WriteOk(writer, capabilities, ok, OkHeader);

    /// <summary>Ends the rows of a result set in the form that the client knows.</summary>
    public static void WriteEndOfRows(PacketWriter writer, Capabilities capabilities, in OkFigures ok)
    {
        if ((capabilities & Capabilities.DeprecateEof) != 0)
            WriteOk(writer, capabilities, ok, EofHeader);
        else
            WriteEof(writer, ok.Warnings, ok.Status);
    }

    /// <summary>Writes the EOF that older clients expect after column definitions.</summary>
    public static void WriteEof(PacketWriter writer, ushort warnings, ushort status)
    {
        writer.Begin();
        writer.WriteByte(EofHeader);
        writer.WriteUInt16(warnings);
        writer.WriteUInt16(status);
        writer.End();
    }

    /// <summary>Writes ERR.</summary>
    public static void WriteError(PacketWriter writer, SqlError error)
    {
        writer.Begin();
        writer.WriteByte(ErrorHeader);
        writer.WriteUInt16((ushort)error.Code);
        writer.WriteByte((byte)'#');
        Span<byte> state = writer.GetSpan(SqlStateLength)[..SqlStateLength];
        state.Fill((byte)'0');
        Encoding.ASCII.TryGetBytes(error.SqlState, state, out _);
        writer.Advance(SqlStateLength);
        writer.WriteText(error.Message);
        writer.End();
    }

    private static void WriteOk(PacketWriter writer, Capabilities capabilities, in OkFigures ok, byte header)
    {
        bool tracks = (capabilities & Capabilities.SessionTrack) != 0;
        ushort status = ok.Status;
        if (tracks && ok.ChangedSchema is not null)
            status |= SessionStateChanged;

        writer.Begin();
        writer.WriteByte(header);
        writer.WriteLengthEncoded(ok.AffectedRows);
        writer.WriteLengthEncoded(ok.LastInsertId);
        writer.WriteUInt16(status);
        writer.WriteUInt16(ok.Warnings);
        Span<byte> message = stackalloc byte[StatementMessage.LengthMax];
        message = message[..ok.Message.WriteTo(message)];
        bool changes = tracks && ok.ChangedSchema is not null;
        if (!message.IsEmpty || changes)
            writer.WriteLengthEncodedBytes(message);
        if (changes)
            WriteChangedSchema(writer, ok.ChangedSchema!);

        writer.End();
    }

    private static void WriteChangedSchema(PacketWriter writer, string schema)
    {
        int nameLength = Encoding.UTF8.GetByteCount(schema);
        int dataLength = nameLength + LengthOfLength(nameLength);
        writer.WriteLengthEncoded((ulong)(1 + LengthOfLength(dataLength) + dataLength));
        writer.WriteByte(TrackSchema);
        writer.WriteLengthEncoded((ulong)dataLength);
        writer.WriteLengthEncodedText(schema);
    }

    private static int LengthOfLength(int length) => length < 0xFB ? 1 : length <= ushort.MaxValue ? 3 : 4;
}
